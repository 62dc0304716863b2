// The words of a diagnosis. Every number comes from the evidence; the sentences are fixed, nothing is made up.
import type { Finding, QueryClass } from '#core/diagnosis.ts';
import { formatBytes, formatCount, formatDuration, formatPercent } from '#core/format.ts';
import type { Picture } from '#worker/rules/rule.ts';
import type { Attribution } from './attribution.ts';
import type { Link } from './graph.ts';

/** The story of one root: what was seen, who is behind it, and each hop with its reason. */
export function explanation(
  picture: Picture,
  root: Finding,
  attribution: Attribution | undefined,
  chain: readonly Finding[],
  links: readonly Link[],
  unexplained: boolean,
  side: readonly Link[],
  query?: QueryClass,
): string {
  const sentences = [root.summary];
  const since = onset(picture, root);
  if (since) sentences.push(since);
  const victim = root.id === 'mem.oom_kill' && attribution?.subject.name !== root.subject.name;
  if (attribution && (root.subject.kind !== 'process' || victim)) sentences.push(blame(attribution));
  if (query) sentences.push(query.because);
  links.forEach((link, i) => {
    const effect = chain[i + 1]!;
    sentences.push(link.because, effect.summary);
  });
  const contributing = side.filter((l) => l.edge.strength === 'contributing');
  for (const link of contributing.slice(0, 2)) sentences.push(`It adds to this: ${link.because}`);
  if (unexplained) sentences.push('No cause is proven by what the reports show.');
  return sentences.join(' ');
}

function onset(picture: Picture, root: Finding): string | undefined {
  if (root.latent) return undefined;
  if (root.since < picture.at - 60 && (root.since > picture.from || picture.reports === 1)) {
    return `It began ${formatDuration(picture.at - root.since)} before the newest report.`;
  }
  if (picture.reports >= 3 && root.since <= picture.from) return 'It is so since the first of these reports.';
  return undefined;
}

/** 'mysqld accounts for 82 % of the memory that went (9.4 of 11.5 GiB).' */
export function blame({ first, second, share, of }: Attribution): string {
  if (of === 'processes')
    return `${first.name} has ${formatCount(first.amount)} processes more than before, ${formatPercent(100 * share)} of all that came.`;
  if (of === 'starts')
    return `Among the programs that stay, ${first.name} takes ${formatPercent(100 * share)} of the CPU time that came (${formatPercent(first.amount)} of a core), as does what starts others; those end before they are seen.`;
  const amount = (value: number) =>
    of === 'memory' || of === 'swap'
      ? formatBytes(value)
      : of === 'cpu'
        ? `${formatCount(value / 100)} cores`
        : `${formatBytes(value)}/s`;
  const what = {
    memory:
      first.mode === 'change'
        ? 'the memory that went'
        : `the memory${first.withSwap ? ' and swap' : ''} in use`,
    swap: first.mode === 'change' ? 'what went to swap' : 'what lies in swap',
    cpu: first.mode === 'change' ? 'the CPU time that was added' : 'the CPU time in use',
    disk: 'what the disks carry',
    space: 'the space that goes',
  }[of];
  const part = `${formatPercent(100 * share)} of ${what} (${amount(Math.min(first.amount, first.whole))} of ${amount(first.whole)})`;
  if (share < 0.4) {
    return `No single process group stands out: the largest, ${first.name}, accounts for ${part}${
      second ? `, the next, ${second.name}, for ${formatPercent(100 * second.share)}` : ''
    }.`;
  }
  return `${first.name} accounts for ${part}.`;
}
