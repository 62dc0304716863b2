// MySQL and MariaDB: not answering, replication stopped, sessions that wait for locks.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatValue } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { evidence, makeFinding, unitEvidence } from './finding.ts';
import { gauge } from './gauge.ts';
import { monitorEvidence, portOf, sentence } from './monitors.ts';
import type { Rule } from './rule.ts';
import { baseline } from './series.ts';
import { processVanished, unitOf } from './services.ts';
import { isOn, numberOf, settingOf } from './settings.ts';

const mysqlName = /^(mysqld|mariadbd)$/;

/** Its port does not answer, its unit failed, or its process is gone. */
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
          ...(unit ? [unitEvidence(unit)] : []),
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

/** A thread of replication does not run, or has been trying to reach its source in vain. */
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
 * Many row lock waits, beside the usual as well, or somebody waits for a row at several looks in a row: a lock that is held for long makes
 * few waits, each of them as long as innodb_lock_wait_timeout.
 */
export const mysqlLocks: Rule = {
  id: 'db.mysql_locks',
  find(picture, state): Finding[] {
    const subject = { kind: 'database', name: 'mysql' } as const;
    const run = gauge(picture, state, {
      id: 'db.mysql_locks',
      entity: subject,
      metric: 'db.mysql.row_lock_waits',
    });
    const held = gauge(picture, state, {
      id: 'db.mysql_locks',
      entity: subject,
      metric: 'db.mysql.row_lock_current',
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
              ? [evidence('row lock waits', run.value, '/s', 'db.mysql.row_lock_waits', normalOf(run.bound))]
              : []),
          ],
        }),
      ];
    }
    if (!run) return [];
    const usual = baseline(picture.series('db.mysql.row_lock_waits'), run.since);
    if (usual && run.value < limitsOf('db.mysql_locks').times * usual.median) return [];
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
            usual ? `about ${formatValue(usual.median, '/s')}` : normalOf(run.bound),
          ),
        ],
      }),
    ];
  },
};
