// Edges of services, changes, clocks, certificates, jobs and access.
import { formatValue } from '#core/format.ts';
import { notMounted } from '#worker/rules/mounts.ts';
import type { MonitorState } from '#worker/rules/rule.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import { day, edge, hour, implied, minute, notCollected, sameServiceOf, sameSubject } from './edgeTests.ts';
import { sameService } from './entities.ts';

/** The unit's name and the path or package of a change have a word in common. */
const belongsToUnit: EdgeTest = ({ cause, effect }) => {
  const unit = effect.subject.name.replace(/(@.*)?\.(service|timer)$/, '').replace(/d$/, '');
  const words = {
    mariadb: /mysql|mariadb/,
    mysql: /mysql|mariadb/,
    apache2: /apache|httpd|php/,
    httpd: /apache|httpd|php/,
    ssh: /ssh/,
    postgresql: /postgres/,
    nginx: /nginx/,
  };
  const known = Object.entries(words).find(([name]) => unit.startsWith(name))?.[1];
  const matches = known
    ? known.test(cause.subject.name)
    : unit.length > 2 && cause.subject.name.toLowerCase().includes(unit.toLowerCase());
  return matches
    ? held(`${cause.subject.name} belongs to ${effect.subject.name} and was changed shortly before.`)
    : `${cause.subject.name} does not belong to ${effect.subject.name}`;
};

/** The monitor shows what the certificate, name or answer is about: the same monitor, host or certificate, or a name of the same domain. */
const sameMonitor =
  (words: string): EdgeTest =>
  ({ picture, cause, effect, matchEntities }) => {
    const about = (name: string) =>
      picture.monitors.filter((m) => m.name === name || m.about.certificate === name || m.target === name);
    const hostOf = (m: MonitorState) =>
      m.about.host ?? /^(?:[a-z]+:\/\/)?(\[[^\]]+\]|[^/:\s]+)/i.exec(m.target)?.[1];
    const causes = about(cause.subject.name);
    const [shown] = about(effect.subject.name);
    const names = causes.length ? causes.map(hostOf) : [cause.subject.name];
    const host = shown ? hostOf(shown) : effect.subject.name;
    const below =
      cause.id === 'dns.domain_expiry' &&
      names.some((name) => name !== undefined && host?.endsWith(`.${name}`));
    const same = names.includes(host) || below || (shown && shown.about.certificate === cause.subject.name);
    return same || !matchEntities ? held(words) : `it is about ${cause.subject.name}`;
  };

/** The monitor below failed with a code of this family. */
const withCode =
  (code: RegExp, test: EdgeTest): EdgeTest =>
  (context) => {
    const monitor = context.picture.monitors.find((m) => m.name === context.effect.subject.name);
    return monitor && code.test(monitor.code)
      ? test(context)
      : `the monitor fails with ${monitor?.code ?? 'something else'}`;
  };

/** The kernel names the process that held the failed page, or the unit ended by SIGBUS (7), which it sends then. */
const killedForBadMemory: EdgeTest = ({ picture, effect, matchEntities }) => {
  const killed = picture.events.flatMap((e) => {
    const name = /(?:SIGBUS to|Killing) ([^:\s]{1,15}):\d/.exec(
      e.kind === 'kernel.memory_failure' ? e.text : '',
    )?.[1];
    return name ?? [];
  });
  const program = killed.find(
    (name) => !matchEntities || sameService(picture, { kind: 'process', name }, effect.subject),
  );
  if (program) return held(`The kernel killed ${program}, because its memory had failed.`);
  const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
  return unit?.exitStatus === 7 && /^(killed|dumped)$/.test(unit.exitCode ?? '')
    ? held(`${unit.name} ended by SIGBUS, which the kernel sends to who holds memory that failed.`, 0.8)
    : `the kernel did not kill ${effect.subject.name} for its memory`;
};

export const serviceEdges: Edge[] = [
  // A service and how it is seen
  edge(
    'svc.unit_failed',
    'proc.vanished',
    'deterministic',
    2 * minute,
    sameServiceOf(
      ({ cause, effect }) => `${effect.subject.name} belongs to ${cause.subject.name}, which has failed.`,
    ),
  ),
  edge(
    'svc.unit_failed',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause, effect }) => `${cause.subject.name} serves ${effect.subject.name}.`),
  ),
  edge(
    'svc.unit_failed',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause }) => `${cause.subject.name} is the database.`),
  ),
  edge(
    'proc.vanished',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf(
      ({ cause, effect }) =>
        `Nothing answers for ${effect.subject.name} since ${cause.subject.name} is gone.`,
    ),
  ),
  edge(
    'proc.vanished',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf(({ cause }) => `${cause.subject.name} is the database.`),
  ),
  edge('proc.vanished', 'svc.http_5xx', 'strong', 2 * minute, ({ cause }) =>
    /^(php-fpm|mysqld|mariadbd|postgres|redis|node|gunicorn|uwsgi|java|puma|memcached)/.test(
      cause.subject.name,
    )
      ? held(`Pages need ${cause.subject.name}, and it is gone.`, 0.9)
      : `${cause.subject.name} stands behind no page`,
  ),
  edge(
    'svc.restart_loop',
    'svc.http_down',
    'deterministic',
    2 * minute,
    sameServiceOf('While it starts again and again, nobody answers.'),
  ),
  edge(
    'svc.restart_loop',
    'db.mysql_down',
    'deterministic',
    2 * minute,
    sameServiceOf('While it starts again and again, nobody answers.'),
  ),
  edge(
    'svc.restart_loop',
    'proc.vanished',
    'deterministic',
    2 * minute,
    sameServiceOf('It does not stay up.'),
  ),
  edge(
    'svc.restart_loop',
    'svc.http_5xx',
    'strong',
    2 * minute,
    sameServiceOf('While it starts again and again, pages fail.'),
  ),
  edge(
    'svc.container_loop',
    'svc.container_unhealthy',
    'deterministic',
    2 * minute,
    sameSubject('It does not stay up.'),
  ),
  edge(
    'svc.container_unhealthy',
    'svc.http_down',
    'strong',
    2 * minute,
    sameServiceOf('The container that serves it is not well.'),
  ),
  edge(
    'svc.container_loop',
    'svc.http_down',
    'strong',
    2 * minute,
    sameServiceOf('The container that serves it does not stay up.'),
  ),
  edge(
    'svc.http_5xx',
    'svc.http_down',
    'deterministic',
    0,
    sameSubject('The answer that the monitor got is this error.'),
  ),
  edge('svc.upstream_timeout', 'svc.http_5xx', 'deterministic', 0, ({ picture, effect, cause }) => {
    const monitor = picture.monitors.find((m) => m.name === effect.subject.name);
    return cause.subject.name === effect.subject.name || Number(monitor?.details['status']) === 504
      ? held('The error is 504: the proxy waited for its backend in vain.')
      : 'the error is not 504';
  }),
  edge(
    'svc.upstream_timeout',
    'svc.http_slow',
    'strong',
    minute,
    implied('Requests wait until the proxy gives up.', 0.8),
  ),
  edge('agent.silent', 'svc.http_down', 'strong', 3 * minute, ({ picture, effect }) => {
    const ping = picture.monitors.find((m) => m.kind === 'ping');
    return ping?.state === 'down'
      ? held(
          `The whole server is silent: it sends no reports and answers no ping, so ${effect.subject.name} cannot answer either.`,
        )
      : 'the server still answers from outside';
  }),
  edge('net.link_down', 'agent.silent', 'strong', 3 * minute, implied('Reports leave over that link.', 0.7)),
  edge('sys.rebooted', 'proc.vanished', 'strong', 10 * minute, ({ cause, effect }) =>
    effect.since >= cause.since - 120 && effect.since <= cause.since + 900
      ? held(`${effect.subject.name} has not come back since the restart.`)
      : 'it was gone before the restart',
  ),
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
  // Clock
  edge('time.unsync', 'time.skew', 'strong', day, implied('A clock that nobody corrects drifts.')),
  edge('time.skew', 'tls.chain', 'medium', hour, ({ picture }) =>
    Math.abs(picture.latest('agent.clock_skew') ?? picture.latest('clock.offset') ?? 0) > 3600
      ? held('By this clock the certificate is not valid yet, or not any more.')
      : 'the clock is less than an hour off',
  ),
  edge('time.skew', 'svc.http_5xx', 'weak', 0, implied('tokens that depend on the time may be refused.')),
  edge(
    'virt.migrated',
    'time.skew',
    'strong',
    2 * minute,
    implied('The clock stood still while the machine did.'),
  ),
  edge('virt.migrated', 'agent.counter_reset', 'weak', 0, implied('there is a gap in the reports.')),
  // Crashes and power
  edge('sys.crash', 'sys.rebooted', 'strong', 10 * minute, ({ cause, effect }) =>
    cause.since <= effect.since + 120
      ? held('The kernel had reported an error of its own before.')
      : 'the error came after the restart',
  ),
  edge(
    'hw.mce',
    'sys.crash',
    'strong',
    10 * minute,
    implied(({ cause }) => cause.summary),
  ),
  ...(['hw.mce', 'mem.hw_corrupt', 'mem.ecc_uncorrected'] as const).map((cause) =>
    edge(cause, 'svc.unit_failed', 'strong', 10 * minute, killedForBadMemory),
  ),
  edge(
    'hw.mce',
    'mem.hw_corrupt',
    'strong',
    10 * minute,
    implied('The page that it hit was taken out of use.'),
  ),
  edge(
    'hw.psu',
    'sys.rebooted',
    'strong',
    10 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge('hw.ups', 'agent.silent', 'medium', 30 * minute, ({ picture }) =>
    (picture.facts.ups ?? []).some((u) => /OB/.test(u.status))
      ? held('It ran on battery when the last report came.')
      : 'it was on mains',
  ),
  // Certificates and names
  edge(
    'tls.renew_failed',
    'tls.expiring',
    'strong',
    60 * day,
    sameMonitor('It should have been renewed by itself.'),
  ),
  edge('tls.renew_failed', 'svc.unit_failed', 'deterministic', 60 * day, ({ cause, effect }) =>
    cause.evidence.some((e) => e.what === `state of ${effect.subject.name}`)
      ? held(`${effect.subject.name} is what renews it.`)
      : `${effect.subject.name} does not renew it`,
  ),
  edge(
    'tls.expiring',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-expired$/, sameMonitor('Browsers refuse a certificate that has expired.')),
  ),
  edge(
    'tls.name_mismatch',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Browsers refuse a certificate for another name.')),
  ),
  edge(
    'tls.chain',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Clients refuse a certificate that they cannot verify.')),
  ),
  edge(
    'tls.revoked',
    'svc.http_down',
    'deterministic',
    0,
    withCode(/^tls-/, sameMonitor('Clients refuse a revoked certificate.')),
  ),
  edge(
    'dns.domain_expiry',
    'dns.mismatch',
    'strong',
    day,
    sameMonitor('The registry no longer sends visitors here.'),
  ),
  edge(
    'dns.domain_expiry',
    'svc.http_down',
    'strong',
    day,
    withCode(/^dns-|^tls-name|http-body/, sameMonitor('The name no longer leads here.')),
  ),
  edge('dns.mismatch', 'svc.http_down', 'strong', hour, sameMonitor('The name leads elsewhere.')),
  edge(
    'dns.mismatch',
    'tls.renew_failed',
    'strong',
    day,
    implied('The issuer looks for the proof where the name leads.', 0.8),
  ),
  edge('dns.mismatch', 'svc.traffic_drop', 'strong', 6 * hour, implied('Visitors are led elsewhere.')),
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
  edge('sec.redis_noauth', 'proc.suspicious', 'medium', day, ({ picture, cause, effect }) =>
    picture.facts.processGroups
      ?.find((g) => g.name === effect.subject.name)
      ?.users.some((u) => /redis/.test(u)) || sameService(picture, cause.subject, effect.subject)
      ? held('It runs as the user of Redis.')
      : 'it runs as another user',
  ),
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
