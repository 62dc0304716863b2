// Databases: not answering, replication stopped, locks, memory settings that do not fit.
import type { Finding } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatPercent, formatValue } from '#core/format.ts';
import { evidence, makeFinding, ramBytes } from './finding.ts';
import { monitorEvidence, portOf, sentence } from './monitors.ts';
import type { Rule } from './rule.ts';
import { processVanished, unitOf } from './services.ts';
import { serviceMemory } from './serviceMemory.ts';
import { isOn, numberOf, settingOf } from './settings.ts';
import { gauge } from './gauge.ts';
import { baseline } from './series.ts';

const GiB = 1024 ** 3;
const mysqlName = /^(mysqld|mariadbd)/;

/** Its port does not answer (APA 1 min), its unit failed, or its process is gone. */
export const mysqlDown: Rule = {
  id: 'db.mysql_down',
  find(picture, state): Finding[] {
    const subject = { kind: 'database', name: 'mysql' } as const;
    const monitor = picture.monitors.find(
      (m) =>
        m.state === 'down' &&
        m.code !== 'unexpected-open' &&
        (mysqlName.test(m.about.process ?? '') || (m.kind === 'port' && portOf(m) === 3306)),
    );
    const unit = ['mysqld', 'mariadbd'].map((p) => unitOf(picture, p)).find((u) => u?.active === 'failed');
    const gone = processVanished.find(picture, state).find((f) => mysqlName.test(f.subject.name));
    if (!monitor && !unit && !gone) return [];
    const moments = [monitor?.since, unit?.changedAt, gone?.since].filter((s) => s !== undefined);
    return [
      makeFinding(picture, 'db.mysql_down', {
        subject,
        since: moments.length ? Math.min(...moments) : undefined,
        confidence: 0.95,
        summary: monitor
          ? `The database does not answer: ${sentence(monitor)}`
          : unit
            ? `The database is down: ${unit.name} has failed.`
            : `The database is down: ${gone!.subject.name} does not run.`,
        evidence: [
          ...(monitor ? monitorEvidence(monitor) : []),
          ...(unit
            ? [
                evidence(
                  `state of ${unit.name}`,
                  `${unit.active} (${unit.sub})`,
                  '',
                  'facts.units.active',
                  'active (running)',
                ),
              ]
            : []),
          ...(gone ? [evidence('processes', 0, 'count', 'facts.processGroups', 'at least 1')] : []),
        ],
      }),
    ];
  },
};

/** What the errors say that stop a replica most often. https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const replicationErrors: Record<number, string> = {
  1032: 'a row that it should change is missing here',
  1045: 'the primary refuses its password',
  1062: 'a row that it should insert is there already',
  1146: 'a table is missing here',
  1236: 'the primary no longer has the log that it asks for',
  1593: 'both servers have the same server id',
  1594: 'its relay log cannot be read',
  2003: 'the primary cannot be reached',
  2005: 'the name of the primary is unknown',
  2013: 'the connection to the primary was lost',
};

/** A thread of replication does not run, or has been trying to reach its source in vain (APA 1 min; ND). */
export const mysqlReplication: Rule = {
  id: 'db.mysql_repl_broken',
  find(picture): Finding[] {
    const s = picture.facts.mysql;
    const io = settingOf(s, 'replica_io_running', 'slave_io_running');
    const sql = settingOf(s, 'replica_sql_running', 'slave_sql_running');
    const code = numberOf(s, 'last_sql_errno') || numberOf(s, 'last_io_errno') || 0;
    const stopped = (state: typeof io) =>
      state !== undefined &&
      isOn(state) === false &&
      (code > 0 || !/connecting|preparing/i.test(String(state)));
    const broken = [stopped(io) && 'receives', stopped(sql) && 'applies'].filter(Boolean);
    if (broken.length === 0) return [];
    const error = code > 0 && `error ${code}${replicationErrors[code] ? `, ${replicationErrors[code]}` : ''}`;
    return [
      makeFinding(picture, 'db.mysql_repl_broken', {
        subject: { kind: 'database', name: 'mysql' },
        summary: `Replication has stopped: the thread that ${broken.join(' and the one that ')} changes does not run${error ? ` (${error})` : ''}.`,
        evidence: [
          ...(io === undefined
            ? []
            : [evidence('receiver', String(io), '', 'facts.mysql.replica_io_running', 'Yes')]),
          ...(sql === undefined
            ? []
            : [evidence('applier', String(sql), '', 'facts.mysql.replica_sql_running', 'Yes')]),
          ...(code > 0
            ? [evidence('error number', String(code), '', 'facts.mysql.last_sql_errno', '0')]
            : []),
        ],
      }),
    ];
  },
};

/**
 * Row lock waits over five times the usual and over 1 a second, or somebody waits for a row at three looks in a row (OWN): a lock that is
 * held for long makes few waits, each of them as long as innodb_lock_wait_timeout.
 */
export const mysqlLocks: Rule = {
  id: 'db.mysql_locks',
  find(picture, state): Finding[] {
    const subject = { kind: 'database', name: 'mysql' } as const;
    const run = gauge(picture, state, {
      id: 'db.mysql_locks',
      entity: subject,
      metric: 'db.mysql.row_lock_waits',
      raise: 1,
      clear: 0.3,
      samples: 3,
      single: 5,
    });
    const held = gauge(picture, state, {
      id: 'db.mysql_locks',
      entity: subject,
      metric: 'db.mysql.row_lock_current',
      raise: 0.5,
      clear: 0.5,
      samples: 3,
      single: 4,
    });
    if (held) {
      return [
        makeFinding(picture, 'db.mysql_locks', {
          subject,
          since: held.since,
          bound: held.bound,
          summary: `${formatValue(held.value, 'count')} ${held.value === 1 ? 'statement waits' : 'statements wait'} for a row that another transaction keeps locked.`,
          evidence: [
            evidence('statements that wait for a row', held.value, 'count', 'db.mysql.row_lock_current', '0'),
            ...(run
              ? [evidence('row lock waits', run.value, '/s', 'db.mysql.row_lock_waits', 'below 1/s')]
              : []),
          ],
        }),
      ];
    }
    if (!run) return [];
    const usual = baseline(picture.series('db.mysql.row_lock_waits'), run.since);
    if (usual && run.value < 5 * usual.median) return [];
    return [
      makeFinding(picture, 'db.mysql_locks', {
        subject,
        since: run.since,
        bound: run.bound,
        summary: `${formatCount(run.value)} statements a second must wait for a row that another transaction has locked.`,
        evidence: [
          evidence(
            'row lock waits',
            run.value,
            '/s',
            'db.mysql.row_lock_waits',
            usual ? `about ${formatValue(usual.median, '/s')}` : 'below 1/s',
          ),
        ],
      }),
    ];
  },
};

/** shared_buffers > 40 % of RAM (PG docs: start at 25 %), or shared_buffers + work_mem × max_connections > RAM (OWN). */
export const postgresMemory: Rule = {
  id: 'db.pg_memory_config',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const buffers = numberOf(s, 'shared_buffers');
    const ram = ramBytes(picture);
    if (!buffers || !ram) return [];
    const work = numberOf(s, 'work_mem') ?? 4 * 1024 ** 2;
    const connections = numberOf(s, 'max_connections') ?? 100;
    const worst = buffers + work * connections;
    if (buffers <= 0.4 * ram && worst <= ram) return [];
    const group = picture.facts.processGroups?.find((g) => g.name === 'postgres');
    return [
      makeFinding(picture, 'db.pg_memory_config', {
        subject: { kind: 'process', name: group?.name ?? 'postgres' },
        since: group?.startedAt ?? picture.from,
        latent: true,
        severity: worst > ram || buffers > 0.6 * ram ? 'critical' : 'warning',
        confidence: 0.85,
        summary: `PostgreSQL may take ${formatBytes(worst)} (shared_buffers ${formatBytes(buffers)}, ${connections} connections with ${formatBytes(work)} each) of ${formatBytes(ram)}.`,
        evidence: [
          evidence(
            'shared_buffers',
            buffers,
            'bytes',
            'facts.postgresql.shared_buffers',
            'about 25 % of RAM',
          ),
          evidence(
            'work_mem × max_connections',
            work * connections,
            'bytes',
            'facts.postgresql.work_mem',
            `below ${formatBytes(Math.max(0, ram - buffers))}`,
          ),
          evidence('RAM', ram, 'bytes', 'mem.total'),
        ],
      }),
    ];
  },
};

/** Dead rows >= 10 % and > 10,000 (APA). */
export const postgresBloat: Rule = {
  id: 'db.pg_bloat',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const dead = numberOf(s, 'n_dead_tup');
    const live = numberOf(s, 'n_live_tup');
    if (dead === undefined || live === undefined || dead <= 10_000 || dead < 0.1 * (dead + live)) return [];
    const table = settingOf(s, 'worst_table');
    return [
      makeFinding(picture, 'db.pg_bloat', {
        subject: { kind: 'database', name: 'postgresql' },
        severity: 'info',
        summary: `${formatPercent((100 * dead) / (dead + live))} of the rows${table ? ` of ${table}` : ''} are dead and wait for vacuum.`,
        evidence: [
          evidence('dead rows', dead, 'count', 'facts.postgresql.n_dead_tup', 'below 10 %'),
          evidence('live rows', live, 'count', 'facts.postgresql.n_live_tup'),
        ],
      }),
    ];
  },
};

/** An inactive replication slot that keeps more than 1 GiB of WAL (APA; size OWN). */
export const postgresSlot: Rule = {
  id: 'db.pg_slot',
  find(picture): Finding[] {
    const s = picture.facts.postgresql;
    const kept = numberOf(s, 'inactive_slot_bytes') ?? 0;
    const slots = numberOf(s, 'inactive_slots') ?? 0;
    if (kept <= GiB) return [];
    return [
      makeFinding(picture, 'db.pg_slot', {
        subject: { kind: 'database', name: 'postgresql' },
        summary: `${slots > 1 ? `${slots} replication slots are` : 'A replication slot is'} not in use${
          s?.['inactive_slot'] ? ` (${slots > 1 ? 'the largest: ' : ''}${s['inactive_slot']})` : ''
        } and ${slots > 1 ? 'keep' : 'keeps'} ${formatBytes(kept)} of WAL that nobody fetches.`,
        evidence: [
          evidence('inactive replication slots', slots, 'count', 'facts.postgresql.inactive_slots', '0'),
          evidence(
            'WAL that they keep',
            kept,
            'bytes',
            'facts.postgresql.inactive_slot_bytes',
            'below 1 GiB',
          ),
        ],
      }),
    ];
  },
};

/** No maxmemory, and more than 30 % of RAM (or of the limit of its service) in use (OWN). Latent. */
export const redisNoLimit: Rule = {
  id: 'db.redis_no_maxmemory',
  find(picture): Finding[] {
    const limit = numberOf(picture.facts.redis, 'maxmemory');
    const group = picture.facts.processGroups?.find((g) => /^(redis|valkey)-server/.test(g.name));
    const memory = serviceMemory(picture, group, /^(redis|valkey)(-server)?(@.*)?\.service$/);
    if (limit !== 0 || !memory) return [];
    const whole = memory.limited ? 'what its service may hold' : 'the RAM';
    const used = Math.max(numberOf(picture.facts.redis, 'used_memory') ?? 0, group?.rss ?? 0);
    if (used <= 0.3 * memory.bytes) return [];
    return [
      makeFinding(picture, 'db.redis_no_maxmemory', {
        subject: { kind: 'process', name: group?.name ?? 'redis-server' },
        since: group?.startedAt ?? picture.from,
        latent: true,
        summary: `Redis has no memory limit and uses ${formatBytes(used)}, ${formatPercent((100 * used) / memory.bytes)} of ${whole}.`,
        evidence: [
          evidence('maxmemory', 0, 'bytes', 'facts.redis.maxmemory', 'a limit'),
          evidence(
            'memory used by Redis',
            used,
            'bytes',
            'facts.redis.used_memory',
            `below 30 % of ${whole}`,
          ),
        ],
      }),
    ];
  },
};

/** The last background save failed (ND redis.conf). */
export const redisBgsave: Rule = {
  id: 'db.redis_bgsave',
  find(picture): Finding[] {
    const status = settingOf(picture.facts.redis, 'rdb_last_bgsave_status', 'aof_last_bgrewrite_status');
    if (status === undefined || /^ok$/i.test(String(status))) return [];
    return [
      makeFinding(picture, 'db.redis_bgsave', {
        subject: { kind: 'database', name: 'redis' },
        summary: `Redis could not write its data to disk (last background save: ${status}).`,
        evidence: [
          evidence('last background save', String(status), '', 'facts.redis.rdb_last_bgsave_status', 'ok'),
        ],
      }),
    ];
  },
};

/** No password and a bind beyond this machine (LYN DBS-1884, DBS-1888). */
export const redisNoAuth: Rule = {
  id: 'sec.redis_noauth',
  find(picture): Finding[] {
    const s = picture.facts.redis;
    if (!s) return [];
    const password = settingOf(s, 'requirepass', 'password', 'auth');
    const has = password !== undefined && !/^(|0|no|none|off|false|unset|empty)$/i.test(String(password));
    if (password === undefined || has || isOn(settingOf(s, 'protected-mode', 'protected_mode')) === true)
      return [];
    const open = (picture.facts.listeners ?? []).find(
      (l) =>
        l.port === (numberOf(s, 'port', 'tcp_port') ?? 6379) &&
        l.protocol === 'tcp' &&
        !/^(127\.|::1$|\[::1\])/.test(l.address),
    );
    const bind = String(settingOf(s, 'bind') ?? '');
    if (!open && !/(^|\s)(0\.0\.0\.0|\*|::)(\s|$)/.test(bind)) return [];
    return [
      makeFinding(picture, 'sec.redis_noauth', {
        subject: { kind: 'database', name: 'redis' },
        summary: `Redis listens on ${open?.address ?? bind} and asks for no password.`,
        evidence: [
          evidence('password', 'none', '', 'facts.redis.requirepass', 'set'),
          evidence(
            'listens on',
            open ? `${open.address}:${open.port}` : bind,
            '',
            'facts.listeners',
            '127.0.0.1',
          ),
        ],
      }),
    ];
  },
};
