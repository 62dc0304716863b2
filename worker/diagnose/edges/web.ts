// Edges of web servers, their backends and databases.
import { formatCount, formatPercent } from '#core/format.ts';
import { cpuShares, ioShares } from '#worker/diagnose/shares.ts';
import { cores } from '#worker/rules/finding.ts';
import { held, type Edge, type EdgeTest } from './edge.ts';
import { day, edge, eventNear, hour, implied, lately, minute, sameServiceOf, stepOf } from './evidence.ts';

/** A backend of web pages: only when the server itself answers with an error. */
const backend = (words: string, share = 0.8): EdgeTest => implied(words, share);

export const webEdges: Edge[] = [
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
  edge('db.mysql_locks', 'db.mysql_connections', 'strong', 5 * minute, ({ picture, effect }) => {
    const waiting = lately(picture, 'db.mysql.row_lock_current', '', effect.since) ?? 0;
    const running = stepOf(picture, 'db.mysql.running', '', effect.since);
    if (waiting >= 5)
      return held(`${formatCount(waiting)} statements wait for a lock and keep their connection.`);
    return running && running.now > 2 * running.before
      ? held('Statements that wait for a lock keep their connection.', 0.8)
      : 'hardly a statement waits for a lock now';
  }),
  edge(
    'db.mysql_locks',
    'db.mysql_slow',
    'strong',
    2 * minute,
    implied('A statement that waits for a lock takes as long as the wait.'),
  ),
  // Before the database has counted a statement as slow, they wait for the row already.
  ...(['web.phpfpm_children', 'web.apache_workers'] as const).map((effect) =>
    edge('db.mysql_locks', effect, 'strong', 3 * minute, ({ cause }) => {
      const waiting = cause.evidence.find((e) => e.source === 'db.mysql.row_lock_current')?.value;
      return typeof waiting === 'number' && waiting >= 3
        ? held(`${formatCount(waiting)} of its clients wait for a row that stays locked.`)
        : 'hardly anybody waits for a lock';
    }),
  ),
  edge('db.mysql_slow', 'web.phpfpm_children', 'strong', 3 * minute, ({ picture, effect }) => {
    const busy = lately(picture, 'cpu.busy', '', effect.since) ?? 0;
    if (busy < 90)
      return held(`Children wait for the database while the CPU is ${formatPercent(busy)} busy.`);
    // A full CPU may be the database's own: then they wait for it all the same.
    const [first] = cpuShares(picture, effect.since);
    return first && /^(mysqld|mariadbd)$/.test(first.name) && first.share >= 0.5
      ? held(
          `Children wait for ${first.name}, which takes ${formatPercent(100 * first.share)} of the CPU time in question.`,
        )
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
  edge('db.pg_idle_tx', 'db.pg_connections', 'strong', hour, ({ picture, effect }) => {
    const s = picture.facts.postgresql ?? {};
    const idle = Object.entries(s)
      .filter(([k]) => k.startsWith('sessions idle in transaction'))
      .reduce((a, [, v]) => a + Number(v), 0);
    const all = Object.entries(s)
      .filter(([k]) => k.startsWith('sessions '))
      .reduce((a, [, v]) => a + Number(v), 0);
    if (all > 0 && idle >= 0.3 * all)
      return held(
        `${formatCount(idle)} of ${formatCount(all)} sessions are idle in a transaction.`,
        idle / all / 0.6,
      );
    // One that holds a lock is enough: the others are "active" and do nothing but wait for it.
    const active = Number(s['sessions active'] ?? 0);
    const busy = lately(picture, 'cpu.busy', '', effect.since) ?? 100;
    const waits = lately(picture, 'io.pressure.some', '', effect.since) ?? 0;
    return active >= 0.4 * all && active > 2 * cores(picture) && busy < 60 && waits < 20
      ? held(
          `${formatCount(active)} sessions are active on ${formatCount(cores(picture))} cores that are ${formatPercent(busy)} busy: they wait, as for a lock that the open transaction holds.`,
          0.8,
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
];
