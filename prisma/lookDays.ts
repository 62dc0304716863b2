// Days of looks: an hour and region a point, so that thirteen months of a monitor are a few hundred small rows.
import type { Database } from './client.ts';
import { levelOf, msOf, type PackedLook, spanOf, unpackLooks } from './lookPack.ts';

export interface HourOfLooks {
  /** Epoch seconds of its start. */
  at: number;
  region: string;
  /** Good looks, and those that failed. Looks that say nothing about the target are neither. */
  good: number;
  failed: number;
  /** Milliseconds of the good looks; null when there was none. */
  average: number | null;
  most: number | null;
}

const daySeconds = 86_400;
/** Monitors that are folded in one go. */
const batch = 500;
/** Hours: count of good and failed looks (16 bits each), average and most (12 bits each on the scale of lookPack). */
const hourBytes = 8;

/** Hours of the looks of one region, in order of time. */
export function hoursOf(region: string, looks: Iterable<PackedLook>): HourOfLooks[] {
  const hours = new Map<number, HourOfLooks & { sum: number }>();
  for (const { at, ok, blind, ms } of looks) {
    if (blind) continue;
    const start = Math.floor(at / 3600) * 3600;
    let hour = hours.get(start);
    if (!hour) {
      hours.set(start, (hour = { at: start, region, good: 0, failed: 0, average: null, most: null, sum: 0 }));
    }
    if (!ok) hour.failed++;
    else {
      hour.good++;
      hour.sum += ms;
      hour.average = hour.sum / hour.good;
      hour.most = Math.max(hour.most ?? 0, ms);
    }
  }
  return [...hours.values()].sort((a, b) => a.at - b.at).map(({ sum: _, ...hour }) => hour);
}

/** Packs the hours of one day, of any number of regions. */
export function packDay(hours: readonly HourOfLooks[], day: number): Buffer {
  const parts: Buffer[] = [];
  for (const [region, own] of Map.groupBy(hours, (hour) => hour.region)) {
    const name = Buffer.from(region);
    const block = Buffer.alloc(1 + name.length + 24 * hourBytes);
    block[0] = name.length;
    name.copy(block, 1);
    for (const { at, good, failed, average, most } of own) {
      const offset = 1 + name.length + ((at - day) / 3600) * hourBytes;
      block.writeUInt16BE(Math.min(good, 65_535), offset);
      block.writeUInt16BE(Math.min(failed, 65_535), offset + 2);
      block.writeUInt16BE(levelOf(average ?? 0), offset + 4);
      block.writeUInt16BE(levelOf(most ?? 0), offset + 6);
    }
    parts.push(block);
  }
  return Buffer.concat(parts);
}

/** `day` is the epoch second of its start, in UTC. What is cut off is left out. */
export function unpackDay(data: Uint8Array, day: number): HourOfLooks[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const hours: HourOfLooks[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const length = bytes[offset]!;
    const start = offset + 1 + length;
    offset = start + 24 * hourBytes;
    if (offset > bytes.length) break;
    const region = bytes.toString('utf8', start - length, start);
    for (let hour = 0; hour < 24; hour++) {
      const at = start + hour * hourBytes;
      const [good, failed] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
      if (!good && !failed) continue;
      const [average, most] = good
        ? [msOf(bytes.readUInt16BE(at + 4)), msOf(bytes.readUInt16BE(at + 6))]
        : [null, null];
      hours.push({ at: day + hour * 3600, region, good, failed, average, most });
    }
  }
  return hours;
}

/**
 * Folds the looks of the days that are over, of some hundred monitors in one go; call it until it returns 0. A day is folded ten
 * minutes after its end, and again never: looks are not late by more than a lease.
 */
export async function foldDays(db: Database, now = new Date()): Promise<number> {
  const today = Math.floor((now.getTime() / 1000 - 600) / daySeconds) * daySeconds;
  let folded = 0;
  for (let day = today - 3 * daySeconds; day < today; day += daySeconds) {
    const rows = await db.$queryRawUnsafe<{ id: string; region: string; from: number; points: Uint8Array }[]>(
      `WITH looks AS (
         SELECT "monitorId", region, "from", points FROM probe_pack WHERE "from" >= to_timestamp($1) AND "from" < to_timestamp($2)
         UNION ALL SELECT "monitorId", region, "from", points FROM probe_tail WHERE "from" >= to_timestamp($1) AND "from" < to_timestamp($2)
       ), waiting AS (
         SELECT DISTINCT "monitorId" AS id FROM looks l
         WHERE NOT EXISTS (SELECT 1 FROM probe_day d WHERE d."monitorId" = l."monitorId" AND d.day = to_timestamp($1))
         ORDER BY 1 LIMIT $3
       )
       SELECT id, region, extract(epoch FROM "from")::float8 AS "from", points FROM waiting JOIN looks ON "monitorId" = id
       ORDER BY id, region, "from"`,
      day,
      day + daySeconds,
      batch,
    );
    const days = [...Map.groupBy(rows, ({ id }) => id)].map(([id, ofMonitor]) => {
      const hours = [...Map.groupBy(ofMonitor, ({ region }) => region)].flatMap(([region, packs]) =>
        hoursOf(
          region,
          packs.flatMap(({ points, from }) => unpackLooks(points, spanOf(from))),
        ),
      );
      return { monitorId: id, day: new Date(day * 1000), data: new Uint8Array(packDay(hours, day)) };
    });
    if (days.length) await db.probeDay.createMany({ data: days, skipDuplicates: true });
    folded += days.length;
  }
  return folded;
}

/** Hours of one monitor from the days that were folded, in order of time. */
export async function readDays(
  db: Database,
  monitorId: string,
  from: number,
  to: number,
): Promise<HourOfLooks[]> {
  const rows = await db.probeDay.findMany({
    where: {
      monitorId,
      day: { gte: new Date(Math.floor(from / daySeconds) * daySeconds * 1000), lt: new Date(to * 1000) },
    },
    orderBy: { day: 'asc' },
  });
  return rows
    .flatMap(({ day, data }) => unpackDay(data, day.getTime() / 1000))
    .filter(({ at }) => at >= from - 3599 && at < to);
}
