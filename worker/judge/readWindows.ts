// The last hours of servers' series, from what is remembered of them and from the database.
import type { Connection } from '#prisma';
import { foldLimit } from '#prisma/foldSamples.ts';
import { readReals, readSmallints } from '#prisma/rows.ts';
import { readFolded, readNewer } from '#prisma/samplePoints.ts';
import { joinPacks, packOf } from '#prisma/sampleRollUp.ts';
import { historySeconds, SeriesWindow } from '#worker/picture/seriesWindow.ts';
import type { JudgedServer } from './judgeCases.ts';

const hour = 3600;

/** The last hours of the series, brought up to date. One that is not remembered, or has missed a report, is read from the database. */
export async function readWindows(
  connection: Connection,
  servers: readonly JudgedServer[],
  kept: ReadonlyMap<string, SeriesWindow>,
  now: Date,
): Promise<Map<string, SeriesWindow>> {
  const folded = foldLimit(now);
  const usable = servers.filter(({ id, lastReportAt }) => {
    const at = kept.get(id)?.at;
    // What came in between may be folded by now.
    return at !== undefined && !(at < folded && folded <= lastReportAt / 1000);
  });
  const found = new Map<string, SeriesWindow>();
  const asked = usable.map(({ id }) => {
    const at = kept.get(id)!.at!;
    return { serverId: id, after: at, since: Math.floor(at / hour) * hour };
  });
  const { rows, counts } = await readNewer(connection, asked);
  for (const { serverId, at, slots, values } of rows)
    kept.get(serverId)!.add(at, readSmallints(slots), readReals(values));
  for (const { serverId, since } of asked) {
    const window = kept.get(serverId)!;
    if (counts.get(serverId)! > window.reportsSince(since)) continue;
    window.roll();
    found.set(serverId, window);
  }
  for (const { id, lastReportAt } of servers)
    if (!found.has(id)) found.set(id, await readWindow(connection, id, lastReportAt / 1000));
  return found;
}

/** All series of a server's last hours, from the database. `at`: epoch seconds of its newest report. */
export async function readWindow(
  connection: Connection,
  serverId: string,
  at: number,
): Promise<SeriesWindow> {
  const from = at - historySeconds;
  const packs = await readFolded(connection, serverId, from, at);
  const { rows } = await readNewer(connection, [{ serverId, after: from, since: at }]);
  const reports = rows.map((row) => ({
    at: row.at,
    slots: readSmallints(row.slots),
    values: readReals(row.values),
  }));
  const folded = packs.at(-1)?.times.at(-1) ?? -Infinity;
  const late = reports.filter((report) => report.at <= folded);
  return SeriesWindow.of(
    // What came late and is not folded yet has its place between what is.
    late.length ? [joinPacks([...packs, ...late.map(packOf)])] : packs,
    reports.slice(late.length),
  );
}
