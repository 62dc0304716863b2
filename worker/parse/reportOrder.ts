// Puts reports in the order in which they were made, also where the clock of their server was set back in between, or not set at all at
// first: of one boot the uptime decides.
import { interned } from '#core/interned.ts';

/** What a report says of its moment: epoch seconds; the boot and the seconds since then, where it tells them. */
export interface Moment {
  at: number;
  boot?: string;
  uptime?: number;
}

export function momentOf(text: string): Omit<Moment, 'at'> {
  const boot = /^=== cat \/proc\/sys\/kernel\/random\/boot_id\n([0-9a-f-]{36})$/m.exec(text)?.[1];
  const uptime = Number(/^=== cat \/proc\/uptime\n(\d{1,10}(?:\.\d+)?) /m.exec(text)?.[1] ?? Number.NaN);
  return { ...(boot ? { boot: interned(boot) } : {}), ...(Number.isFinite(uptime) ? { uptime } : {}) };
}

/** 2020: a clock that shows less was never set; a board without a battery begins in 1970, or when its system was built. */
const leastLikely = 1_577_836_800;

/**
 * The reports in order. One that was made before the clock was set back, or set at all, gets the time that the clock would have shown if
 * it had been right all along; every other one keeps its own.
 */
export function inOrder<T extends Moment>(reports: readonly T[]): T[] {
  const boots = new Map<string, T[]>();
  const settled: T[] = [];
  for (const report of reports) {
    if (report.boot === undefined || report.uptime === undefined) {
      settled.push(report);
      continue;
    }
    const own = boots.get(report.boot);
    if (own) own.push(report);
    else boots.set(report.boot, [report]);
  }
  for (const boot of boots.values()) {
    let shift = 0;
    let next: T | undefined;
    for (const report of boot.toSorted((a, b) => b.uptime! - a.uptime! || b.at - a.at)) {
      const own = report.at + shift;
      if (next && (own > next.at || (own < leastLikely && next.at >= leastLikely)))
        shift = Math.floor(next.at - (next.uptime! - report.uptime!)) - report.at;
      next = shift === 0 ? report : { ...report, at: report.at + shift };
      settled.push(next);
    }
  }
  return settled.sort((a, b) => a.at - b.at || (a.uptime ?? 0) - (b.uptime ?? 0));
}

/** The report as if it had been made at that moment. */
export const atMoment = (text: string, at: number): string =>
  text.replace(/^(rootnote 1\b.{0,400}? epoch=)\d{1,12}\b/, `$1${at}`);
