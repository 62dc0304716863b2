// What raw reports take: every one of a day, and what is left of it when it is thinned.
import { gzipSync } from 'node:zlib';
import { openDatabase } from '#prisma';
import { ensurePartitions, partitionedTables } from '#prisma/partitions.ts';
import { thinReports } from '#prisma/thinReports.ts';
import { type Bed, serverIdOf } from './parts.ts';
import { reportAt } from './reports.ts';

const minutesOfDay = 1440;
const dayMs = 86_400_000;

export interface RawReports {
  /** Bytes of a server and day, with indexes: whole, and thinned; and how many reports each of them is. */
  whole: number;
  thinned: number;
  reports: { whole: number; thinned: number };
  /** Bytes of a server when all days are there: two whole days and the thinned ones. */
  server: number;
  /** The same if every report was kept for as long. */
  before: number;
}

/** A day of minute reports, a full one each hour, in which each server has `incidents` incidents. */
export async function measureRawReports(
  bed: Bed,
  recorded: { full: string; minute: string },
  incidents: number,
): Promise<RawReports> {
  const db = openDatabase(bed.postgres.url, 1);
  try {
    await ensurePartitions(db);
    const start = Math.floor(Date.now() / dayMs - 3) * dayMs;
    for (const [server] of bed.tokens.entries()) {
      const serverId = serverIdOf(server + 1);
      for (let minute = 0; minute < minutesOfDay; minute += 60)
        await db.report.createMany({
          data: Array.from({ length: 60 }, (_, place) => {
            const at = new Date(start + (minute + place) * 60_000);
            const source = place ? recorded.minute : recorded.full;
            const text = reportAt(source, server, minute + place, at.getTime() / 1000);
            const common = { serverId, receivedAt: at, reportedAt: at, state: 'parsed' };
            return { ...common, body: gzipSync(text), bytes: Buffer.byteLength(text) };
          }),
        });
      for (let number = 0; number < incidents; number++) {
        const at = new Date(start + ((number + 0.5) / incidents) * dayMs);
        const rootKey = `disk.full mount:/${number}`;
        await db.incident.create({
          data: {
            organizationId: 'bench',
            serverId,
            rootKey,
            ruleId: 'disk.full',
            severity: 'warning',
            title: rootKey,
            openedAt: at,
            updatedAt: at,
            body: {},
            entries: { create: { at, kind: 'opened', text: rootKey } },
          },
        });
      }
    }
    const table = `report_${new Date(start).toISOString().slice(0, 10).replaceAll('-', '')}`;
    const measure = async () => {
      const { rows } = await bed.client.query<{ bytes: number; count: number }>(
        `SELECT pg_total_relation_size('"${table}"')::float8 AS bytes, (SELECT count(*)::int FROM "${table}") AS count`,
      );
      const { bytes, count } = rows[0]!;
      return { bytes: bytes / bed.tokens.length, count: count / bed.tokens.length };
    };
    const whole = await measure();
    await thinReports(db);
    const thinned = await measure();
    const { days } = partitionedTables.report;
    return {
      whole: whole.bytes,
      thinned: thinned.bytes,
      reports: { whole: whole.count, thinned: thinned.count },
      server: 2 * whole.bytes + (days - 2) * thinned.bytes,
      before: days * whole.bytes,
    };
  } finally {
    await db.$disconnect();
  }
}
