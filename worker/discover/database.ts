// Databases: whatever port they listen on must be closed to the internet, also when they are bound to loopback today.
import { isPublicAddress } from '#worker/probes/policy.ts';
import type { Listener } from '#core/facts.ts';
import { hostPort } from '#core/probeTarget.ts';
import { aboutListener, listens } from './listening.ts';
import type { MonitorProposal, Recipe } from './recipe.ts';

/** The names of database processes, as the kernel cuts them to 15 characters. */
const databases =
  /^(mysqld|mariadbd|postgres|postmaster|redis-server|redis-sentinel|valkey|keydb|mongod|mongos|memcached|elasticsearch|opensearch|clickhouse|influxd|etcd|couchdb|cassandra|sqlservr|oracle|tnslsnr)/;
/** Where a database hides behind another name: java, beam.smp, docker-proxy, or a report without processes. */
const databasePorts = new Set([
  3306, 33060, 5432, 6379, 27017, 27018, 9200, 9300, 11211, 9042, 5984, 1433, 1521,
]);
const otherNames =
  /^(java|beam|docker-proxy|rootlessport|containerd|conmon|pgbouncer|proxysql|haproxy|systemd)/;

/** A TCP listener that is a database, by its process or, where the process says nothing, by its port. */
export function isDatabase({ process, port }: Pick<Listener, 'process' | 'port'>): boolean {
  if (process !== undefined && databases.test(process)) return true;
  return databasePorts.has(port) && (process === undefined || otherNames.test(process));
}

export const database: Recipe = {
  id: 'database',
  propose(facts, context) {
    // Over loopback every local listener is open, and 127.0.0.1 is where a database belongs: that would be a false alarm.
    if (context.loopback) return [];
    const found = (facts.listeners ?? []).filter((one) => one.protocol === 'tcp' && isDatabase(one));
    // Between private addresses a database is often meant to be reached.
    return context.addresses.filter(isPublicAddress).flatMap((address) =>
      found.map((listener): MonitorProposal => {
        const { port, process } = listener;
        return {
          key: `port tcp ${hostPort(address, port)}`,
          kind: 'port',
          settings: { host: address, port, expect: 'closed' },
          name: `Port ${port} of ${address} is closed${process ? ` (${process})` : ''}`,
          reason: `${listens(listener)}; a database must not be reached from the internet`,
          about: aboutListener(listener, facts, address),
        };
      }),
    );
  },
};
