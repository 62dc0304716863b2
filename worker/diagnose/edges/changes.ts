// Edges of changes and configuration.
import { formatDuration, formatValue } from '#core/format.ts';
import { belongsTo } from '#worker/rules/belongsTo.ts';
import { notMounted } from '#worker/rules/mounts.ts';
import { type Edge, type EdgeTest, held } from './edge.ts';
import { day, edge, hour, minute, sameServiceOf, sameSubject } from './evidence.ts';

/** A change is seen by a report after it: the effect may have been seen before. */
const ago = (seconds: number) =>
  seconds < -5
    ? `about then; it was seen ${formatDuration(-seconds)} later`
    : seconds < 5
      ? 'at that moment'
      : `${formatDuration(seconds)} before`;

const belongsToUnit: EdgeTest = ({ cause, effect }) =>
  belongsTo(cause.subject.name, effect.subject.name)
    ? held(
        `${cause.subject.name} belongs to ${effect.subject.name} and was changed ${ago(effect.since - cause.since)}.`,
      )
    : `${cause.subject.name} does not belong to ${effect.subject.name}`;

export const changeEdges: Edge[] = [
  // Changes and configuration
  edge('change.config', 'svc.unit_failed', 'strong', 2 * hour, belongsToUnit),
  edge('change.config', 'svc.restart_loop', 'strong', 2 * hour, belongsToUnit),
  edge('change.config', 'web.config_invalid', 'strong', 2 * hour, ({ cause, effect }) =>
    /nginx|apache|httpd/.test(cause.subject.name)
      ? held(`${cause.subject.name} was changed, and ${effect.subject.name} does not accept it.`)
      : `${cause.subject.name} is no configuration of a web server`,
  ),
  edge('change.config', 'db.mysql_bufferpool_gt_ram', 'contributing', day, ({ cause }) =>
    /mysql|mariadb|my\.cnf/.test(cause.subject.name)
      ? held(`${cause.subject.name} was changed shortly before.`)
      : 'another file',
  ),
  edge('change.package', 'svc.unit_failed', 'medium', 2 * hour, belongsToUnit),
  edge('change.package', 'svc.restart_loop', 'medium', 2 * hour, belongsToUnit),
  edge('change.package', 'sys.reboot_required', 'deterministic', 0, ({ cause }) =>
    /linux-image|kernel|libc|systemd|openssl|dbus|updates|packages/.test(cause.subject.name)
      ? held(`${cause.subject.name} was upgraded.`)
      : `${cause.subject.name} asks for no restart`,
  ),
  edge('web.config_invalid', 'svc.unit_failed', 'strong', 10 * minute, ({ cause, effect }) =>
    effect.subject.name.startsWith(cause.subject.name.replace('apache2', 'apache')) ||
    effect.subject.name.startsWith('httpd')
      ? held('It cannot start with this configuration.')
      : 'it is another service',
  ),
  edge(
    'web.config_invalid',
    'proc.vanished',
    'strong',
    10 * minute,
    sameSubject('It cannot start with this configuration.'),
  ),
  edge(
    'svc.port_conflict',
    'svc.restart_loop',
    'deterministic',
    0,
    sameSubject('Each start ends because the port is taken.'),
  ),
  edge(
    'svc.port_conflict',
    'svc.unit_failed',
    'deterministic',
    0,
    sameSubject('It could not have its port.'),
  ),
  edge(
    'svc.port_conflict',
    'proc.vanished',
    'strong',
    10 * minute,
    sameServiceOf('It could not have its port.'),
  ),
  edge('sys.rebooted', 'svc.unit_failed', 'strong', 5 * minute, ({ picture, cause, effect }) => {
    const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
    const at = unit?.changedAt ?? effect.since;
    // Where something did not come back with the server, that is the nearer reason.
    const absent = notMounted(picture).some(({ source }) => /^(UUID=|LABEL=|PARTUUID=|\/dev\/)/.test(source));
    return at >= cause.since - 60 && at <= cause.since + 600
      ? held(
          `${effect.subject.name} failed ${formatValue(Math.max(0, at - cause.since), 's')} after the start of the server.`,
          absent ? 0.7 : 1,
        )
      : 'it failed at another time';
  }),
];
