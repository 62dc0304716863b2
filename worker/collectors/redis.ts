// Redis (and Valkey): `redis-cli info`. https://redis.io/docs/latest/commands/info/
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { pairs } from './lines.ts';

const kept =
  /^(redis_version|valkey_version|redis_mode|os|tcp_port|uptime_in_seconds|connected_clients|maxclients|blocked_clients|used_memory|used_memory_rss|used_memory_peak|maxmemory|maxmemory_policy|rdb_last_bgsave_status|rdb_last_save_time|aof_enabled|aof_last_write_status|aof_last_bgrewrite_status|evicted_keys|role|master_link_status|connected_slaves)$/;

export const redis: Collector = {
  section: /^(redis|valkey)-cli( .*)?$/,
  parse({ body }) {
    const values = pairs(body, ':');
    // redis-cli says it and ends well. The agent itself was turned away: once in this minute, at least.
    if (/^(\(error\) )?ERR max number of clients reached/m.test(body))
      return { samples: [{ metric: 'db.redis.rejected', subject: '', value: 1 / 60 }] };
    if (!values.has('used_memory'))
      throw new ParseError(
        body.includes('NOAUTH') ? 'Redis asks for a password.' : 'There is no used_memory.',
      );
    const number = (name: string) => {
      const text = values.get(name);
      return text !== undefined && /^\d{1,18}$/.test(text) ? Number(text) : undefined;
    };
    const facts = Object.fromEntries(
      [...values].filter(([name]) => kept.test(name)).map(([name, text]) => [name, number(name) ?? text]),
    );
    const samples: Sample[] = [];
    const [used, most] = [number('used_memory'), number('maxmemory')];
    if (used !== undefined && most)
      samples.push({ metric: 'db.redis.memory_percent', subject: '', value: (100 * used) / most });
    const rejected = number('rejected_connections');
    const counters: Counter[] =
      rejected === undefined ? [] : [{ metric: 'db.redis.rejected', subject: '', value: rejected }];
    // Microseconds that each command took, of the one thread that runs them all: percent of a core.
    for (const [, command, microseconds] of body.matchAll(
      /^cmdstat_([\w|-]{1,60}):calls=\d+,usec=(\d{1,18})\b/gm,
    ))
      counters.push({
        metric: 'db.redis.command',
        subject: command!.toUpperCase(),
        value: Number(microseconds) / 10_000,
      });
    return { facts: { redis: facts }, samples, counters };
  },
};
