// A service that may hold less memory than it wants: its pages go out and come back while the server has enough.
import { limitsOf } from '#core/conditions/index.ts';
import type { Evidence, Finding } from '#core/diagnosis.ts';
import type { Cgroup } from '#core/facts.ts';
import { formatBytes, formatDuration } from '#core/format.ts';
import { normalOf } from './boundOf.ts';
import { cgroupSubject, evidence, makeFinding, ramBytes } from './finding.ts';
import { type BoundedRun, gauge } from './gauge.ts';
import type { Picture, Rule, RuleState } from './rule.ts';

/** The name of a group's series. */
export function seriesOf(group: Cgroup): string {
  return group.unit ?? (group.container ? `container ${group.container}` : group.path);
}

/**
 * The group holds nearly all of its limit (page cache included) and a part of it lies in swap, while its tasks wait for memory or, where
 * the kernel does not tell, the server reads pages back from swap. Anonymous memory alone looks harmless then: what does not fit has
 * left. Swap that rests is no finding.
 */
export const memCgroupSqueezed: Rule = {
  id: 'mem.cgroup_near_limit',
  find(picture, state): Finding[] {
    const ram = ramBytes(picture) ?? Infinity;
    const limits = limitsOf('mem.cgroup_near_limit');
    return (picture.facts.cgroups ?? []).flatMap((group) => {
      const { memory, memoryLimit, anon = 0 } = group;
      const swap = swapOf(picture, group);
      if (!memory || !memoryLimit || memoryLimit >= ram || memory < (limits.held / 100) * memoryLimit)
        return [];
      if (swap < (limits.swapped / 100) * memoryLimit) return [];
      const subject = cgroupSubject(picture, seriesOf(group));
      const moving = movement(picture, state, subject, seriesOf(group));
      if (!moving) return [];
      const [run, source] = moving;
      return [
        makeFinding(picture, 'mem.cgroup_near_limit', {
          subject,
          since: run.since,
          bound: run.bound,
          confidence: 0.9,
          summary: `${subject.name} may hold ${formatBytes(memoryLimit)} and wants ${formatBytes(anon + swap)}: ${formatBytes(swap)} of it lie in swap and are needed.`,
          evidence: [
            evidence(`memory of ${subject.name}`, memory, 'bytes', 'facts.cgroups.memory'),
            evidence('memory limit', memoryLimit, 'bytes', 'facts.cgroups.memoryLimit'),
            evidence(`${subject.name} in swap`, swap, 'bytes', 'facts.cgroups.swap', 'near 0'),
            source === ''
              ? evidence('pages read back from swap', run.value, 'pages/s', 'mem.swap_in', 'near 0')
              : evidence(
                  'its memory pressure (some, 1 min)',
                  run.value,
                  'percent',
                  source,
                  normalOf(run.bound),
                ),
          ],
        }),
      ];
    });
  },
};

/** What a group near its limit may hold, how fast it grows, and the program in it that holds most. */
export function limitEvidence(picture: Picture, series: string): Evidence[] {
  const group = picture.facts.cgroups?.find((c) => seriesOf(c) === series);
  if (!group) return [];
  const limit = group.memoryLimit;
  const points = picture.series('cgroup.anon', series).slice(-30);
  const [first, last] = [points[0], points.at(-1)];
  const grown = first && last ? last[1] - first[1] : 0;
  const path = `/${group.path.replace(/^\//, '')}`;
  const [most] = (picture.facts.processGroups ?? [])
    .filter((g) => g.cgroup !== undefined && g.cgroup !== '/' && g.cgroup.endsWith(path))
    .sort((a, b) => b.rss - a.rss);
  return [
    ...(limit === undefined ? [] : [evidence('memory limit', limit, 'bytes', 'facts.cgroups.memoryLimit')]),
    ...(limit !== undefined && grown > 0.05 * limit
      ? [
          evidence(
            `growth in ${formatDuration(last![0] - first![0])}`,
            grown,
            'bytes',
            `cgroup.anon{${series}}`,
            'about 0',
          ),
        ]
      : []),
    ...(most
      ? [evidence(`largest in it: ${most.name}`, most.rss, 'bytes', `proc.group.rss{${most.name}}`)]
      : []),
  ];
}

function movement(
  picture: Picture,
  state: RuleState,
  entity: Finding['subject'],
  series: string,
): readonly [run: BoundedRun, source: string] | undefined {
  const common = { id: 'mem.cgroup_near_limit', entity } as const;
  if (picture.latest('cgroup.memory_pressure', series) !== undefined) {
    const run = gauge(picture, state, {
      ...common,
      metric: 'cgroup.memory_pressure',
      of: series,
    });
    return run && [run, `cgroup.memory_pressure{${series}}`];
  }
  const run = gauge(picture, state, { ...common, metric: 'mem.swap_in' });
  return run && [run, ''];
}

/** What the group itself says, or the sum of its processes. */
function swapOf(picture: Picture, group: Cgroup): number {
  if (group.swap !== undefined) return group.swap;
  return (picture.facts.processGroups ?? [])
    .filter((g) => g.cgroup !== undefined && g.cgroup !== '/' && g.cgroup.endsWith(group.path))
    .reduce((sum, g) => sum + (g.swap ?? 0), 0);
}
