// Who is behind a symptom that has no cause of its own in the graph: the process group with the largest part of the change.
import type { Finding, Subject } from '#core/diagnosis.ts';
import { isSlower, isSluggish } from '#worker/rules/diskSpeed.ts';
import type { Picture } from '#worker/rules/rule.ts';
import {
  cpuShares,
  ioShares,
  memoryShares,
  plentyPercent,
  type Share,
  shortestSince,
  spaceShares,
  startShares,
  swapShares,
} from './shares.ts';
import { disksOf } from './entities.ts';

export interface Attribution {
  subject: Subject;
  share: number;
  /** How the next one compares, so that nobody is named who is one of many. */
  second?: Share;
  first: Share;
  of: 'memory' | 'swap' | 'cpu' | 'disk' | 'space' | 'processes' | 'starts';
}

const memoryIds = /^mem\.(low|critical|pressure|swap_thrash|time_to_exhaust|oom_kill|overcommit)$/;
const cpuIds = /^cpu\.(saturated|system_high|one_core_pinned|ctx_switch_storm)$/;
const spaceIds = /^disk\.(full|fill_forecast)$/;
const diskIds = /^(cpu\.iowait|disk\.(saturated|latency|fsync_stall))$/;

/** The process group that accounts for most of a finding; undefined when the finding is not of that kind or nothing is known. */
export function attribute(picture: Picture, finding: Finding): Attribution | undefined {
  const at =
    finding.id === 'mem.oom_kill'
      ? finding.since - 1
      : finding.id === 'mem.low'
        ? shortestSince(picture, finding.since)
        : picture.at;
  // Who holds most of the memory is nobody's fault while there is plenty of it: then a limit inside is what makes tasks wait.
  const plenty = (picture.latest('mem.available_percent') ?? 0) > plentyPercent;
  if (plenty && /^mem\.(pressure|critical)$/.test(finding.id)) return undefined;
  if (
    finding.subject.kind === 'device' &&
    diskIds.test(finding.id) &&
    (isSluggish(picture, finding.subject.name) || isSlower(picture, finding.subject.name, finding.since))
  )
    return undefined;
  const starts = finding.id === 'proc.fork_storm' ? startShares(picture, finding.since) : undefined;
  const swapped = finding.id === 'mem.swap_thrash' ? swapShares(picture, finding.since) : [];
  if (plenty && finding.id === 'mem.swap_thrash' && !swapped.length) return undefined;
  const [of, shares]: [Attribution['of'], Share[]] = swapped.length
    ? ['swap', swapped]
    : memoryIds.test(finding.id)
      ? ['memory', memoryShares(picture, finding.since, at)]
      : cpuIds.test(finding.id)
        ? ['cpu', cpuShares(picture, finding.since)]
        : diskIds.test(finding.id)
          ? [
              'disk',
              ioShares(
                picture,
                finding.since,
                finding.subject.kind === 'device' ? disksOf(picture, finding.subject) : undefined,
              ),
            ]
          : spaceIds.test(finding.id)
            ? ['space', spaceShares(picture, finding)]
            : starts
              ? [starts.of, starts.shares]
              : ['cpu', []];
  const [first, second] = shares;
  if (!first) return undefined;
  return { subject: { kind: 'process', name: first.name }, share: first.share, first, second, of };
}
