// What is kept of a look that failed.
import type { ProbeResult } from '#core/probes.ts';
import { storableJson, storableText } from '#core/storable.ts';
import type { Prisma, Transaction } from '#prisma';
import { unpackLooks } from '#prisma/lookPack.ts';
import type { Look } from '#worker/schedule/prober.ts';
import type { MonitorRow } from './monitorRows.ts';

/** A failed look keeps its evidence up to this size. */
const evidenceBytes = 20_000;

/** Evidence of looks that failed. While the same failure lasts: of its first look, of the one that confirms it, and then of one an hour. */
export async function storeEvidence(
  db: Transaction,
  region: string,
  monitors: readonly MonitorRow[],
  looks: ReadonlyMap<string, Look>,
): Promise<void> {
  const data = monitors.flatMap(({ id, last, lastAt }) => {
    const { at, result } = looks.get(id)!;
    if (result.ok) return [];
    const row = last && lastAt !== null ? unpackLooks(last, lastAt) : [];
    const sameHour = Math.floor(at.getTime() / 3_600_000) === Math.floor((lastAt ?? 0) / 3600);
    if (sameHour && row.length === 2 && row.every(({ code }) => code === result.code)) return [];
    const { ok, code, ms } = result;
    return [{ monitorId: id, region, at, ok, code, ms, evidence: evidenceOf(result) }];
  });
  if (data.length) await db.probeRow.createMany({ data, skipDuplicates: true });
}

function evidenceOf(result: ProbeResult): Prisma.InputJsonObject {
  const { phases, details, transcript, summary } = result;
  return {
    summary: storableText(summary),
    phases: phases.map((phase) => ({ ...phase })),
    details: boundedDetails(details) as Prisma.InputJsonObject,
    transcript: transcript.slice(0, 200).map(storableText),
  };
}

/** JSON without what cannot be stored, and not larger than evidence may be. */
export function boundedDetails(details: Record<string, unknown>): Record<string, unknown> {
  const text = storableJson(details);
  return text.length <= evidenceBytes
    ? JSON.parse(text)
    : { note: `The details had ${text.length} bytes and were left out.` };
}
