// Edges of jobs, upkeep and access.
import { sameService } from '#worker/diagnose/entities.ts';
import { type Edge, held } from './edge.ts';
import { day, edge, hour, implied, notCollected } from './evidence.ts';

export const upkeepEdges: Edge[] = [
  // Jobs and upkeep
  edge('svc.timer_missed', 'backup.stale', 'deterministic', day, ({ cause, effect }) =>
    /back|borg|restic|dump|snapshot/i.test(cause.subject.name) ||
    cause.subject.name.includes(effect.subject.name.split(' ')[0]!)
      ? held(`${cause.subject.name} makes this backup, and it did not run.`)
      : `${cause.subject.name} makes no backup`,
  ),
  edge('backup.slow', 'job.cron_overlap', 'strong', hour, implied('The run before has not ended.', 0.8)),
  edge('sys.eol', 'sys.updates', 'contributing', 0, implied('the distribution makes no updates any more.')),
  edge(
    'sys.reboot_required',
    'sys.kernel_old',
    'deterministic',
    14 * day,
    implied('The newer kernel waits for the restart.'),
  ),
  // Access
  edge('sec.redis_noauth', 'proc.suspicious', 'medium', day, ({ picture, cause, effect }) => {
    const groups = picture.facts.processGroups ?? [];
    const users = groups.find((g) => g.name === effect.subject.name)?.users ?? [];
    const own = groups.filter((g) => /^(redis|valkey)-server/.test(g.name)).flatMap((g) => g.users);
    return users.some((u) => /redis|valkey/.test(u) || (own.includes(u) && u !== 'root')) ||
      sameService(picture, cause.subject, effect.subject)
      ? held('It runs as the user of Redis.')
      : 'it runs as another user';
  }),
  edge('sec.db_exposed', 'sec.bruteforce', 'medium', day, notCollected('failed logins to databases')),
  edge('sec.login_after_fail', 'sec.new_admin', 'strong', hour, ({ cause, effect }) =>
    effect.since >= cause.since - 60 && effect.since <= cause.since + 6 * hour
      ? held(`It happened after ${cause.subject.name} had logged in from there.`)
      : 'it happened at another time',
  ),
  edge('sec.login_after_fail', 'proc.suspicious', 'strong', hour, ({ picture, cause, effect }) =>
    picture.facts.processGroups
      ?.find((g) => g.name === effect.subject.name)
      ?.users.includes(cause.subject.name) && effect.since >= cause.since - 60
      ? held(`It was started by ${cause.subject.name} after that login.`)
      : 'it belongs to another user, or is older',
  ),
  edge('sec.login_after_fail', 'sec.uid0', 'strong', hour, ({ cause, effect }) =>
    effect.since >= cause.since - 60 && effect.since <= cause.since + 6 * hour
      ? held(`It appeared after ${cause.subject.name} had logged in.`)
      : 'it is older',
  ),
  edge(
    'sec.webroot_leak',
    'sec.login_after_fail',
    'weak',
    day,
    implied('what was readable may have held a password.'),
  ),
  edge('sec.firewall_off', 'sec.port_exposed', 'contributing', 0, implied('no firewall stands before it.')),
  edge('sec.firewall_off', 'sec.db_exposed', 'contributing', 0, implied('no firewall stands before it.')),
];
