// MySQL and MariaDB: global status, global variables and the state of replication, from `mysql -B`, vertical where `\G` asks for it.
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { lines } from './lines.ts';
import { runningStatement, statementSamples } from './statementClass.ts';

/** Settings and states that rules and the portal use; everything else is counters of which a server has hundreds. */
const kept =
  /^(version|version_comment|innodb_buffer_pool_size|max_connections|max_used_connections|key_buffer_size|sort_buffer_size|join_buffer_size|read_buffer_size|read_rnd_buffer_size|thread_stack|tmp_table_size|max_heap_table_size|query_cache_size|innodb_log_buffer_size|innodb_flush_log_at_trx_commit|bind_address|port|datadir|read_only|long_query_time|threads_connected|threads_running|uptime|slave_io_running|slave_sql_running|replica_io_running|replica_sql_running|seconds_behind_master|seconds_behind_source|last_io_errno|last_sql_errno|sql_delay|table_open_cache|open_files_limit)$/;

/** The counters of the server by the kind of statement. */
const kinds: Record<string, readonly string[]> = {
  SELECT: ['com_select'],
  INSERT: ['com_insert', 'com_insert_select', 'com_load'],
  UPDATE: ['com_update', 'com_update_multi'],
  DELETE: ['com_delete', 'com_delete_multi'],
  REPLACE: ['com_replace', 'com_replace_select'],
  CALL: ['com_call_procedure'],
  COMMIT: ['com_commit'],
  ROLLBACK: ['com_rollback'],
};

export const mysql: Collector = {
  section: /^mysql( -.*)?$/,
  // Words that a version does not know are errors; -f goes on.
  anyExit: true,
  parse({ body }) {
    const values = new Map<string, string>();
    const statements = [];
    for (const line of lines(body)) {
      const statement = runningStatement(line.split('\t'));
      if (statement) {
        statements.push(statement);
        continue;
      }
      const row = /^ {0,40}([\w]{1,64})(?:\t|: ?)(.{0,2000})$/.exec(line);
      if (!row) continue;
      const [name, value] = [row[1]!.toLowerCase(), row[2]!.trim()];
      values.set(name, worseOf(name, values.get(name), value));
    }
    if (!values.has('uptime') && !values.has('max_connections'))
      throw new ParseError('Neither status nor variables are there.');
    const number = (name: string) => {
      const text = values.get(name);
      return text !== undefined && /^-?\d{1,20}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
    };
    const facts = Object.fromEntries(
      [...values]
        .filter(([name]) => kept.test(name))
        .map(([name, text]) => [name, number(name) ?? text.slice(0, 300)]),
    );

    const samples: Sample[] = [];
    const [connected, limit] = [number('threads_connected'), number('max_connections')];
    if (connected !== undefined && limit)
      samples.push({ metric: 'db.mysql.connections_percent', subject: '', value: (100 * connected) / limit });
    const running = number('threads_running');
    if (running !== undefined) samples.push({ metric: 'db.mysql.running', subject: '', value: running });
    const waiting = number('innodb_row_lock_current_waits');
    if (waiting !== undefined)
      samples.push({ metric: 'db.mysql.row_lock_current', subject: '', value: waiting });
    const lag = number('seconds_behind_master') ?? number('seconds_behind_source');
    // A replica that is kept behind on purpose is late only by what exceeds its delay.
    if (lag !== undefined) {
      const value = Math.max(0, lag - (number('sql_delay') ?? 0));
      samples.push({ metric: 'db.mysql.replica_lag', subject: '', value });
    }

    samples.push(...statementSamples('mysql', statements));

    const counters: Counter[] = [];
    const add = (metric: Counter['metric'], value: number | undefined, subject = '') => {
      if (value !== undefined) counters.push({ metric, subject, value });
    };
    for (const [kind, names] of Object.entries(kinds)) {
      const counts = names.map(number).filter((n) => n !== undefined);
      if (counts.length)
        add(
          'db.mysql.statements',
          counts.reduce((a, b) => a + b),
          kind,
        );
    }
    add('db.mysql.rows_scanned', number('handler_read_rnd_next'));
    add('db.mysql.rows_sent', number('rows_sent'));
    const [scans, joins] = [number('select_scan'), number('select_full_join')];
    if (scans !== undefined) add('db.mysql.full_scans', scans + (joins ?? 0));
    add('db.mysql.sort_merges', number('sort_merge_passes'));
    add('db.mysql.disk_temp_tables', number('created_tmp_disk_tables'));
    add('db.mysql.queries', number('questions') ?? number('queries'));
    add('db.mysql.slow_queries', number('slow_queries'));
    add('db.mysql.row_lock_waits', number('innodb_row_lock_waits'));
    const [reads, requests] = [
      number('innodb_buffer_pool_reads'),
      number('innodb_buffer_pool_read_requests'),
    ];
    if (reads !== undefined && requests !== undefined) {
      counters.push({
        metric: 'db.mysql.buffer_miss_percent',
        subject: '',
        value: 100 * reads,
        per: requests,
      });
    }
    return { facts: { mysql: facts }, samples, counters };
  },
};

/**
 * A replica may have several sources, and old and new words ask for the same one twice: of their states the worst counts. Of
 * everything else there is one value, the first.
 */
function worseOf(name: string, before: string | undefined, now: string): string {
  if (before === undefined) return now;
  if (/^(slave|replica)_(io|sql)_running$/.test(name)) {
    const rank = (state: string) => ['no', 'connecting', 'preparing', 'yes'].indexOf(state.toLowerCase());
    return rank(now) < rank(before) ? now : before;
  }
  if (/^(seconds_behind_\w+|last_(io|sql)_errno)$/.test(name))
    return Number(now) > (Number(before) || -1) ? now : before;
  return before;
}
