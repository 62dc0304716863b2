// Edges of services, databases, the network, changes, clocks and access.
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import type { Facts } from '#core/facts.ts';
import type { MonitorState } from '#worker/rules/rule.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import {
  day,
  edge,
  eventNear,
  hour,
  implied,
  lately,
  minute,
  notCollected,
  pathOnMount,
  sameServiceOf,
  sameSubject,
  stepOf,
  whileGauge,
} from './edgeTests.ts';
import { processesOf, sameService } from './entities.ts';
import { ioShares } from './shares.ts';

const mysqlData = (f: Facts) => [String(f.mysql?.['datadir'] ?? '/var/lib/mysql'), '/tmp'];
const redisData = (f: Facts) => [String(f.redis?.['dir'] ?? '/var/lib/redis')];
const systemPaths = () => ['/var/lib', '/var/log', '/var', '/tmp', '/'];
const webPaths = (f: Facts) => [
  '/var/lib/php/sessions',
  '/tmp',
  ...(f.virtualHosts ?? []).flatMap((h) => (h.root ? [h.root] : [])),
  '/var/www',
  '/var/log',
];

/** A filesystem that is nearly full still takes writes: what it breaks needs it to be full. */
const outOfSpace =
  (test: EdgeTest): EdgeTest =>
  (context) => {
    const mount = context.cause.subject.name;
    const fs = context.picture.facts.filesystems?.find((f) => f.mount === mount);
    if (!fs) return test(context);
    const inodes = context.cause.id === 'disk.inodes_full';
    const left = inodes ? (fs.inodesFree ?? 0) : fs.available;
    const low = inodes ? left < 0.01 * (fs.inodes ?? 0) : left < Math.max(128 * 1024 ** 2, 0.015 * fs.size);
    return low
      ? test(context)
      : `${mount} still has ${inodes ? `${formatCount(left)} inodes` : formatBytes(left)} free`;
  };

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

/** A backend of web pages: only when the server itself answers with an error. */
const backend = (words: string, share = 0.8): EdgeTest => implied(words, share);

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
  edge('sys.rebooted', 'svc.unit_failed', 'strong', 5 * minute, ({ picture, cause, effect }) => {
    const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
    const at = unit?.changedAt ?? effect.since;
    return at >= cause.since - 60 && at <= cause.since + 600
      ? held(
          `${effect.subject.name} failed ${formatValue(Math.max(0, at - cause.since), 's')} after the start of the server.`,
        )
      : 'it failed at another time';
  }),
  // Disks and services
  edge(
    'disk.readonly',
    'svc.unit_failed',
    'strong',
    10 * minute,
    pathOnMount(systemPaths, (_p, mount) => `It cannot write to ${mount}.`, 0.8),
  ),
  edge(
    'disk.readonly',
    'db.mysql_down',
    'strong',
    2 * minute,
    pathOnMount(mysqlData, (path, mount) => `Its data (${path}) lies on ${mount}, which cannot be written.`),
  ),
  edge(
    'disk.readonly',
    'svc.http_5xx',
    'strong',
    5 * minute,
    pathOnMount(webPaths, (path, mount) => `Pages write to ${path} on ${mount}.`, 0.8),
  ),
  edge(
    'disk.full',
    'db.mysql_down',
    'strong',
    2 * minute,
    outOfSpace(
      pathOnMount(mysqlData, (path, mount) => `Its data (${path}) lies on ${mount}, which has no space.`),
    ),
  ),
  edge(
    'disk.full',
    'svc.unit_failed',
    'strong',
    10 * minute,
    outOfSpace(
      pathOnMount(systemPaths, (_p, mount) => `Services write to ${mount}, which has no space.`, 0.8),
    ),
  ),
  edge(
    'disk.full',
    'svc.restart_loop',
    'strong',
    10 * minute,
    outOfSpace(
      pathOnMount(systemPaths, (_p, mount) => `Services write to ${mount}, which has no space.`, 0.8),
    ),
  ),
  edge(
    'disk.full',
    'backup.stale',
    'strong',
    2 * day,
    outOfSpace(
      pathOnMount(
        (f) => (f.backups ?? []).flatMap((b) => (b.path ? [b.path] : [])).concat('/var/backups'),
        (path, mount) => `Backups go to ${path} on ${mount}.`,
      ),
    ),
  ),
  edge(
    'disk.full',
    'db.redis_bgsave',
    'strong',
    10 * minute,
    outOfSpace(pathOnMount(redisData, (path, mount) => `Redis writes to ${path} on ${mount}.`)),
  ),
  edge(
    'disk.full',
    'sys.update_broken',
    'strong',
    day,
    outOfSpace(
      pathOnMount(
        () => ['/var/lib/dpkg', '/var/cache', '/boot', '/usr'],
        (path, mount) => `Packages are written to ${path} on ${mount}.`,
      ),
    ),
  ),
  edge(
    'disk.full',
    'svc.http_5xx',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(webPaths, (path, mount) => `Pages write to ${path} on ${mount}, which has no space.`, 0.8),
    ),
  ),
  edge(
    'disk.inodes_full',
    'svc.http_5xx',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(
        webPaths,
        (path, mount) => `Pages make files in ${path} on ${mount}, which has no inodes left.`,
        0.8,
      ),
    ),
  ),
  edge(
    'disk.inodes_full',
    'svc.unit_failed',
    'strong',
    10 * minute,
    outOfSpace(
      pathOnMount(
        systemPaths,
        (_p, mount) => `Services make files on ${mount}, which has no inodes left.`,
        0.8,
      ),
    ),
  ),
  edge(
    'disk.inodes_full',
    'db.mysql_down',
    'strong',
    5 * minute,
    outOfSpace(
      pathOnMount(
        mysqlData,
        (path, mount) => `Its data (${path}) lies on ${mount}, which has no inodes left.`,
      ),
    ),
  ),
  // Web and databases
  edge(
    'svc.traffic_surge',
    'web.phpfpm_children',
    'strong',
    3 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge('svc.traffic_surge', 'net.saturated', 'strong', 3 * minute, ({ picture, effect }) => {
    const step = stepOf(picture, 'net.tx_bytes', effect.subject.name, effect.since);
    return !step || step.now > 1.5 * step.before
      ? held('What is sent rose with the requests.')
      : 'what is sent did not rise';
  }),
  edge(
    'svc.traffic_surge',
    'db.mysql_connections',
    'strong',
    3 * minute,
    implied('Each request opens a connection.'),
  ),
  edge('svc.traffic_surge', 'net.conntrack', 'strong', 5 * minute, implied('Each connection is an entry.')),
  edge(
    'svc.traffic_surge',
    'net.listen_overflow',
    'strong',
    2 * minute,
    implied('More connections arrive than are accepted.'),
  ),
  edge(
    'svc.traffic_surge',
    'web.nginx_conns',
    'strong',
    3 * minute,
    implied('Each request is a connection.'),
  ),
  edge(
    'svc.traffic_surge',
    'svc.http_slow',
    'medium',
    3 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge('db.mysql_down', 'svc.http_5xx', 'strong', minute, backend('Pages that need the database fail.')),
  edge(
    'db.mysql_connections',
    'svc.http_5xx',
    'strong',
    minute,
    backend('New connections to the database are refused.'),
  ),
  edge('db.mysql_slow', 'db.mysql_connections', 'strong', 5 * minute, ({ picture, effect }) => {
    const running = stepOf(picture, 'db.mysql.running', '', effect.since);
    return !running || running.now > 1.5 * running.before
      ? held('Queries that take long keep their connection.', running ? 1 : 0.7)
      : 'not more statements run than before';
  }),
  edge(
    'db.mysql_locks',
    'db.mysql_slow',
    'strong',
    2 * minute,
    implied(({ cause }) => cause.summary),
  ),
  edge('db.mysql_slow', 'web.phpfpm_children', 'strong', 3 * minute, ({ picture, effect }) => {
    const busy = lately(picture, 'cpu.busy', '', effect.since) ?? 0;
    return busy < 90
      ? held(`Children wait for the database while the CPU is ${formatPercent(busy)} busy.`)
      : 'the CPU is full, they may compute';
  }),
  edge('db.mysql_slow', 'svc.http_slow', 'strong', 3 * minute, implied('Pages wait for the database.', 0.7)),
  edge('db.mysql_low_hit', 'disk.saturated', 'medium', 10 * minute, ({ picture, effect }) => {
    const share = ioShares(picture, effect.since, new Set([effect.subject.name]))
      .filter((s) => /^(mysqld|mariadbd)/.test(s.name))
      .reduce((a, s) => a + s.share, 0);
    return share >= 0.5
      ? held(
          `The database moves ${formatPercent(100 * share)} of what ${effect.subject.name} carries.`,
          share,
        )
      : 'the database reads little';
  }),
  edge(
    'db.pg_idle_tx',
    'db.pg_bloat',
    'strong',
    day,
    implied('While it is open, vacuum cannot remove what it might still see.'),
  ),
  edge('db.pg_bloat', 'db.pg_wraparound', 'medium', 30 * day, implied('Vacuum does not get through.')),
  edge(
    'db.pg_idle_tx',
    'db.pg_wraparound',
    'medium',
    30 * day,
    implied('While it is open, old transaction ids cannot be freed.'),
  ),
  edge('db.pg_idle_tx', 'db.pg_connections', 'strong', hour, ({ picture }) => {
    const s = picture.facts.postgresql ?? {};
    const idle = Object.entries(s)
      .filter(([k]) => k.startsWith('sessions idle in transaction'))
      .reduce((a, [, v]) => a + Number(v), 0);
    const all = Object.entries(s)
      .filter(([k]) => k.startsWith('sessions '))
      .reduce((a, [, v]) => a + Number(v), 0);
    return all > 0 && idle >= 0.3 * all
      ? held(
          `${formatCount(idle)} of ${formatCount(all)} sessions are idle in a transaction.`,
          idle / all / 0.6,
        )
      : `only ${formatCount(idle)} of ${formatCount(all)} sessions are idle in a transaction`;
  }),
  edge(
    'db.pg_connections',
    'svc.http_5xx',
    'strong',
    minute,
    backend('New connections to the database are refused.'),
  ),
  edge('db.redis_maxmemory', 'svc.http_5xx', 'strong', 2 * minute, ({ picture }) =>
    /noeviction/.test(
      String(picture.facts.redis?.['maxmemory_policy'] ?? picture.facts.redis?.['maxmemory-policy'] ?? ''),
    )
      ? held('With "noeviction" Redis refuses to write.')
      : 'Redis makes room by evicting',
  ),
  edge(
    'db.redis_bgsave',
    'svc.http_5xx',
    'medium',
    5 * minute,
    backend('After a failed save Redis refuses to write (stop-writes-on-bgsave-error).', 0.7),
  ),
  edge(
    'web.phpfpm_children',
    'svc.upstream_timeout',
    'strong',
    2 * minute,
    implied('Requests wait for a free child longer than the proxy does.'),
  ),
  edge(
    'web.phpfpm_children',
    'svc.http_slow',
    'strong',
    2 * minute,
    implied('Requests wait for a free child.'),
  ),
  edge(
    'web.phpfpm_children',
    'svc.http_5xx',
    'strong',
    2 * minute,
    implied('Requests wait for a free child until they fail.', 0.8),
  ),
  edge(
    'web.nginx_conns',
    'svc.http_5xx',
    'strong',
    minute,
    backend('nginx has no connection left for its backend.'),
  ),
  edge('web.nginx_conns', 'svc.http_down', 'medium', minute, implied('nginx accepts no more connections.')),
  edge('web.apache_workers', 'svc.http_slow', 'strong', minute, implied('Requests wait for a free worker.')),
  edge(
    'proc.fd_process',
    'net.listen_overflow',
    'strong',
    minute,
    implied(({ cause }) => `${cause.subject.name} cannot accept: each connection is an open file.`, 0.8),
  ),
  edge('proc.fd_process', 'svc.http_5xx', 'strong', minute, ({ cause }) =>
    /^(nginx|apache2|httpd|php|node|java|python|gunicorn|mysqld|mariadbd|postgres|redis)/.test(
      cause.subject.name,
    )
      ? held(`${cause.subject.name} cannot open more files or connections.`)
      : `${cause.subject.name} stands behind no page`,
  ),
  edge(
    'proc.fd_process',
    'svc.http_down',
    'strong',
    minute,
    sameServiceOf('It cannot accept: each connection is an open file.'),
  ),
  edge(
    'proc.fd_system',
    'svc.unit_failed',
    'strong',
    2 * minute,
    eventNear(/^kernel\.file_limit$/, 900, (t) => `${t}.`, 'a full table of file handles'),
  ),
  // Network
  edge(
    'cpu.softirq_high',
    'net.softnet',
    'strong',
    minute,
    whileGauge(
      'net.softnet_dropped',
      (v) => v > 0,
      (v) => `The core that is full leaves ${formatValue(v, '/s')} packets lying.`,
      'the drops of the kernel backlog',
    ),
  ),
  edge(
    'cpu.softirq_high',
    'net.drops',
    'medium',
    minute,
    implied('The core that takes the packets is full.'),
  ),
  edge(
    'cpu.saturated',
    'net.listen_overflow',
    'medium',
    2 * minute,
    whileGauge(
      'cpu.pressure.some',
      (v) => v > 30,
      (v) =>
        `The program that should accept waits for a core (${formatPercent(v)} of the time somebody does).`,
      'CPU pressure',
    ),
  ),
  edge(
    'net.errors',
    'net.retrans',
    'strong',
    2 * minute,
    implied(({ cause }) => `Damaged frames on ${cause.subject.name} must be sent again.`, 0.8),
  ),
  edge(
    'net.drops',
    'net.retrans',
    'strong',
    2 * minute,
    implied(({ cause }) => `What ${cause.subject.name} drops must be sent again.`, 0.8),
  ),
  edge(
    'net.link_slow',
    'net.saturated',
    'strong',
    2 * minute,
    sameSubject('The link is slower than it was, so it is full sooner.'),
  ),
  edge('net.link_slow', 'net.errors', 'strong', 5 * minute, ({ picture, cause, effect }) =>
    cause.subject.name !== effect.subject.name
      ? 'it is another interface'
      : picture.facts.interfaces?.find((i) => i.name === cause.subject.name)?.duplex === 'half'
        ? held('With half duplex on one end, frames collide.')
        : 'the link has full duplex',
  ),
  edge(
    'net.flap',
    'net.retrans',
    'strong',
    minute,
    implied('What was on its way when the link went down is lost.', 0.8),
  ),
  edge('net.flap', 'net.link_down', 'strong', minute, sameSubject('The link has come and gone before.')),
  edge('net.link_down', 'net.gateway_down', 'deterministic', minute, ({ picture, cause }) =>
    (picture.facts.routes ?? []).some((r) => r.device === cause.subject.name && r.gateway)
      ? held(`The default route leaves over ${cause.subject.name}.`)
      : `no default route leaves over ${cause.subject.name}`,
  ),
  edge('net.link_down', 'net.bond_degraded', 'deterministic', 0, ({ picture, cause, effect }) =>
    picture.facts.bonds
      ?.find((b) => b.name === effect.subject.name)
      ?.slaves.some((s) => s.name === cause.subject.name)
      ? held(`${cause.subject.name} is a link of ${effect.subject.name}.`)
      : `${cause.subject.name} is no link of ${effect.subject.name}`,
  ),
  edge(
    'net.saturated',
    'net.retrans',
    'strong',
    minute,
    implied(({ cause }) => `${cause.subject.name} is full, and what does not fit is dropped.`),
  ),
  edge(
    'net.saturated',
    'svc.http_slow',
    'medium',
    2 * minute,
    implied(({ cause }) => `Answers queue on ${cause.subject.name}.`),
  ),
  edge(
    'net.saturated',
    'net.latency',
    'medium',
    2 * minute,
    implied(({ cause }) => `Packets queue on ${cause.subject.name}.`),
  ),
  edge(
    'net.softnet',
    'net.retrans',
    'medium',
    minute,
    implied('Packets that the kernel drops must be sent again.'),
  ),
  edge('net.retrans', 'svc.http_slow', 'medium', 2 * minute, implied('Lost packets are waited for.', 0.7)),
  edge('net.conntrack', 'svc.http_down', 'strong', minute, ({ picture }) => {
    const full = picture.latest('net.conntrack_percent') ?? 0;
    const log = picture.events.some((e) => e.kind === 'kernel.conntrack_full' && e.at > picture.at - 1800);
    return log || full > 95
      ? held(
          log
            ? 'The kernel logged that it drops packets because the table is full.'
            : `The table is ${formatPercent(full)} full.`,
        )
      : `the table is ${formatPercent(full)} full, there is room`;
  }),
  edge('net.link_down', 'net.dns_fail', 'strong', 2 * minute, ({ picture, cause }) =>
    (picture.facts.routes ?? []).some((r) => r.device === cause.subject.name) ||
    picture.facts.interfaces?.find((n) => n.name === cause.subject.name)?.addresses.length
      ? held(`The name server is reached over ${cause.subject.name}.`)
      : `no route leaves over ${cause.subject.name}`,
  ),
  edge(
    'net.gateway_down',
    'net.dns_fail',
    'strong',
    2 * minute,
    implied('The name server lies behind the gateway, or is it.', 0.9),
  ),
  edge('net.syn_flood', 'net.retrans', 'strong', 2 * minute, ({ picture }) => {
    const cookies = picture.latest('net.tcp.syn_cookies') ?? 0;
    const again = picture.latest('net.tcp.retransmits');
    return again === undefined || cookies > 0.5 * again
      ? held('Answers to handshakes that nobody finishes are sent again and again.')
      : `${formatCount(again)} segments a second are sent again, and only ${formatCount(cookies)} handshakes stay unfinished`;
  }),
  edge('net.syn_flood', 'net.conntrack', 'strong', 2 * minute, ({ picture }) => {
    const half = picture.latest('net.tcp.syn_recv') ?? 0;
    const all = picture.latest('net.conntrack') ?? Infinity;
    return half > 0.2 * all || half > 200
      ? held(`${formatCount(half)} unfinished handshakes are tracked.`)
      : `only ${formatCount(half)} handshakes are unfinished`;
  }),
  edge(
    'net.syn_flood',
    'cpu.softirq_high',
    'strong',
    minute,
    implied('Every one of these packets is interrupt work.', 0.8),
  ),
  edge(
    'net.syn_flood',
    'net.listen_overflow',
    'strong',
    minute,
    implied('The queues for new connections are full.', 0.8),
  ),
  edge(
    'net.syn_flood',
    'svc.http_down',
    'strong',
    minute,
    withCode(/^connect-|timeout/, implied('New connections find the queue full.')),
  ),
  edge('net.listen_overflow', 'svc.http_down', 'medium', minute, (context) => {
    const { picture, cause, effect } = context;
    const other =
      cause.subject.kind === 'process' &&
      processesOf(picture, effect.subject).size > 0 &&
      !sameService(picture, cause.subject, effect.subject);
    return other && context.matchEntities
      ? `${cause.subject.name} does not serve ${effect.subject.name}`
      : withCode(/timeout|reset/, implied('Connections are lost before anybody accepts them.'))(context);
  }),
  edge(
    'net.listen_overflow',
    'svc.http_slow',
    'medium',
    minute,
    implied('Connections wait to be accepted.', 0.7),
  ),
  edge('net.dns_fail', 'svc.http_slow', 'strong', minute, notCollected('whether pages resolve names')),
  edge(
    'net.dns_fail',
    'mail.queue',
    'strong',
    hour,
    implied('Without names, mail cannot be delivered.', 0.8),
  ),
  edge('net.dns_fail', 'time.unsync', 'medium', day, implied('Time servers are found by name.', 0.7)),
  edge('net.dns_fail', 'tls.renew_failed', 'strong', day, implied('The issuer is found by name.', 0.7)),
  edge('net.gateway_down', 'agent.silent', 'strong', 3 * minute, ({ picture }) =>
    picture.monitors.some((m) => m.kind === 'ping' && m.state === 'down')
      ? held('Without its gateway the server reaches nobody, and nobody reaches it.')
      : 'the server answers from outside',
  ),
  edge(
    'net.timewait',
    'svc.http_5xx',
    'strong',
    minute,
    backend('No port is left for a connection to the backend.'),
  ),
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
