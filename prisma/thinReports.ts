// Raw reports take most of the room, and few of them are ever read again. Of a day that is over by a day those stay that somebody may want:
// one an hour, those around incidents, and those that were not read or not taken. Its partition is written anew with them, and what it was
// is dropped: no row is deleted one by one.
import { type Connection, type Database, inTransaction, poolOf } from './client.ts';

/** Every report is kept for this long; as partitions hold a day, between one and two days of them are there. */
const wholeSeconds = 86_400;
/** Around each line of an incident: what led to it, and what came of it. */
const around = { before: 1800, after: 900 };
/** The comment of a partition that was thinned. */
const mark = 'thinned';

/** Thins the days that are over for long enough; returns the names of their partitions. A day with reports that wait to be read is left for later. */
export async function thinReports(db: Database, now = new Date()): Promise<string[]> {
  const limit = new Date(now.getTime() - wholeSeconds * 1000).toISOString().slice(0, 10);
  const { rows } = await poolOf(db).query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
     WHERE p.relname = 'report' AND p.relnamespace = current_schema()::regnamespace
       AND coalesce(obj_description(c.oid, 'pg_class'), '') <> '${mark}' ORDER BY 1`,
  );
  const thinned: string[] = [];
  for (const { name } of rows) {
    const match = /^report_(\d{4})(\d{2})(\d{2})$/.exec(name);
    const day = match && `${match[1]}-${match[2]}-${match[3]}`;
    if (!day || day >= limit) continue;
    if (await inTransaction(db, (connection) => thin(connection, name, day), { seconds: 1800 }))
      thinned.push(name);
  }
  return thinned;
}

async function thin(connection: Connection, name: string, day: string): Promise<boolean> {
  // Two workers do it one after the other, and nobody writes to the day meanwhile; reading goes on until the end.
  await connection.query(`SELECT pg_advisory_xact_lock(hashtext('rootnote.partitions'))`);
  await connection.query(`LOCK TABLE "${name}" IN EXCLUSIVE MODE`);
  const { rows } = await connection.query<{ waits: boolean; done: boolean }>(
    `SELECT EXISTS (SELECT FROM "${name}" WHERE state = 'stored') AS waits,
       coalesce(obj_description('"${name}"'::regclass, 'pg_class'), '') = '${mark}' AS done`,
  );
  if (rows[0]!.waits || rows[0]!.done) return false;
  const fresh = `${name}_thin`;
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  await connection.query(`CREATE TABLE "${fresh}" (LIKE report INCLUDING ALL)`);
  // The fullest report of an hour has what is only looked at hourly or daily.
  await connection.query(
    `INSERT INTO "${fresh}"
     WITH told AS MATERIALIZED (
       SELECT i."serverId", e.at AT TIME ZONE 'UTC' AS at FROM "IncidentEntry" e JOIN "Incident" i ON i.id = e."incidentId"
       WHERE e.at BETWEEN $1::timestamp - make_interval(secs => $3) AND $2::timestamp + make_interval(secs => $4)
     ), chosen AS (
       SELECT "serverId", "receivedAt", id FROM (
         SELECT "serverId", "receivedAt", id, state, row_number() OVER (
           PARTITION BY "serverId", date_trunc('hour', "receivedAt", 'UTC'), state ORDER BY bytes DESC, "receivedAt") AS place
         FROM "${name}") AS placed
       WHERE place = 1 OR state <> 'parsed'
       UNION SELECT r."serverId", r."receivedAt", r.id FROM "${name}" AS r JOIN told USING ("serverId")
       WHERE told.at BETWEEN r."receivedAt" - make_interval(secs => $3) AND r."receivedAt" + make_interval(secs => $4)
     )
     SELECT r.* FROM "${name}" AS r JOIN chosen USING ("serverId", "receivedAt", id)`,
    [`${day} 00:00:00`, `${next} 00:00:00`, around.after, around.before],
  );
  await connection.query(`ALTER TABLE report DETACH PARTITION "${name}"`);
  await connection.query(`DROP TABLE "${name}"`);
  await connection.query(`ALTER TABLE "${fresh}" RENAME TO "${name}"`);
  await connection.query(
    `ALTER TABLE report ATTACH PARTITION "${name}" FOR VALUES FROM ('${day} 00:00:00+00') TO ('${next} 00:00:00+00')`,
  );
  await connection.query(`COMMENT ON TABLE "${name}" IS '${mark}'`);
  return true;
}
