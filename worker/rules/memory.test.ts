import { describe, expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { type Handmade, handmade, startOfTests } from '#worker/picture/handmade.ts';
import { type Case, group, later, memory, root, testCases } from './sickAndHealthy.fixture.ts';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

const memoryError = (word: string) => ({
  kind: 'kernel.edac',
  at: startOfTests + 200,
  subject: 'MC1',
  text: `MC1: 3 ${word} memory errors, on DIMM_A1`,
});

/** A service that may hold 60 MiB and wants more, from report 4 on. */
function squeezed({ swap, swapIn }: { swap: number; swapIn: number }): Handmade {
  return {
    series: { ...memory, 'mem.swap_in': (i) => (i < 4 ? 0 : swapIn), 'mem.swap_out': 0 },
    facts: {
      cgroups: [
        {
          path: 'system.slice/cruncher.service',
          unit: 'cruncher.service',
          memory: 59.5 * MiB,
          anon: 48 * MiB,
          swap,
          memoryLimit: 60 * MiB,
        },
      ],
    },
  };
}

describe('rules of memory', () => {
  testCases([
    [
      'mem.cgroup_near_limit',
      'cruncher.service',
      squeezed({ swap: 120 * MiB, swapIn: 4000 }),
      // What rests in swap and is not asked for hurts nobody.
      squeezed({ swap: 120 * MiB, swapIn: 0 }),
    ],
    [
      'mem.cgroup_oom',
      'indexer.service',
      {
        series: { 'mem.available_percent': 90, 'cgroup.oom_kills{indexer.service}': (i) => (i < 5 ? 0 : 2) },
        facts: {
          cgroups: [{ path: 'system.slice/indexer.service', unit: 'indexer.service', memoryLimit: 80 * MiB }],
        },
        // The log kept only its graver lines: no group is named there.
        events: [
          {
            kind: 'kernel.oom_kill',
            at: startOfTests + 300,
            subject: 'indexer',
            text: 'killed',
            data: { process: 'indexer', constraint: 'CONSTRAINT_MEMCG' },
          },
        ],
      },
      { series: { 'mem.available_percent': 90, 'cgroup.oom_kills{indexer.service}': 2 } },
    ],
    [
      'mem.critical',
      'web1',
      { series: { ...memory, 'mem.available_percent': 2 } },
      { series: { ...memory, 'mem.available_percent': 5 } },
    ],
    [
      'mem.swap_thrash',
      'web1',
      { series: { 'mem.swap_in': 900, 'mem.swap_out': 700 } },
      { series: { 'mem.swap_in': 0, 'mem.swap_out': 700 } },
    ],
    [
      'mem.no_swap',
      'web1',
      { series: { 'mem.total': 2 * GiB, 'mem.swap_total': 0, 'mem.available_percent': 9 } },
      { series: { 'mem.total': 2 * GiB, 'mem.swap_total': 0, 'mem.available_percent': 60 } },
    ],
    [
      'mem.time_to_exhaust',
      'web1',
      {
        reports: 60,
        series: {
          'mem.total': 8 * GiB,
          'mem.available': (i) => (3 - i * 0.02) * GiB,
          'mem.available_percent': (i) => ((3 - i * 0.02) / 8) * 100,
        },
      },
      {
        reports: 60,
        series: { 'mem.total': 8 * GiB, 'mem.available': 2 * GiB, 'mem.available_percent': 25 },
      },
    ],
    [
      'mem.overcommit',
      'web1',
      { series: { 'mem.total': 4 * GiB, 'mem.swap_total': 0, 'mem.committed': 9 * GiB } },
      { series: { 'mem.total': 4 * GiB, 'mem.swap_total': 2 * GiB, 'mem.committed': 5 * GiB } },
    ],
    [
      'mem.slab_leak',
      'web1',
      { series: { 'mem.total': 4 * GiB, 'mem.slab_unreclaimable': 1.5 * GiB } },
      { series: { 'mem.total': 4 * GiB, 'mem.slab_unreclaimable': 0.3 * GiB } },
    ],
    [
      'mem.hugepages_waste',
      'web1',
      { series: { 'mem.total': 4 * GiB, 'mem.hugepages_free': 2 * GiB } },
      { series: { 'mem.total': 4 * GiB, 'mem.hugepages_free': 0 } },
    ],
    [
      'mem.thp_latency',
      'redis-server',
      {
        facts: {
          memory: { total: GiB, swapTotal: 0, thp: 'always' },
          processGroups: [group('redis-server')],
        },
      },
      {
        facts: {
          memory: { total: GiB, swapTotal: 0, thp: 'madvise' },
          processGroups: [group('redis-server')],
        },
      },
    ],
    [
      'mem.tmpfs_full',
      '/run',
      {
        facts: {
          filesystems: [
            {
              ...root,
              source: 'tmpfs',
              type: 'tmpfs',
              mount: '/run',
              size: GiB,
              used: 0.95 * GiB,
              available: 0.05 * GiB,
            },
          ],
        },
      },
      {
        facts: {
          filesystems: [
            {
              ...root,
              source: 'tmpfs',
              type: 'tmpfs',
              mount: '/run',
              size: GiB,
              used: 0.2 * GiB,
              available: 0.8 * GiB,
            },
          ],
        },
      },
    ],
    [
      'mem.ecc_corrected',
      'mc0',
      { series: { 'edac.corrected{mc0}': later(0, 12) } },
      { series: { 'edac.corrected{mc0}': 12 } },
    ],
    ...(['corrected', 'uncorrected'] as const).map((word): Case => [
      `mem.ecc_${word}`,
      'mc1',
      { events: [memoryError(word)] },
      { events: [memoryError(word)], series: { [`edac.${word}{mc1}`]: 0 } },
    ]),
    [
      'virt.balloon',
      'web1',
      { series: { 'mem.total': later(8 * GiB, 6 * GiB) } },
      { series: { 'mem.total': 8 * GiB } },
    ],
  ]);
});

it('a virtual machine that was booted with less memory was not robbed of it', () => {
  const found = (uptime: number) =>
    replay(handmade({ uptime, series: { 'mem.total': later(8 * GiB, 6 * GiB) } })).findings.map(
      ({ id }) => id,
    );
  expect(found(86_400)).toContain('virt.balloon');
  // It came up 200 s after the first report.
  expect(found(-200)).not.toContain('virt.balloon');
});

describe('a container that was killed for lack of memory', () => {
  const killed = {
    kind: 'kernel.oom_kill',
    at: startOfTests - 7200,
    subject: 'java',
    text: 'java was killed',
    data: { process: 'java', cgroup: '/docker/0123456789abcdef' },
  };
  const of = (cgroups: object[], cgroup = killed.data.cgroup) =>
    replay(
      handmade({
        facts: (i) => ({
          processGroups: [group('nginx'), ...(i < 5 ? [group('java')] : [])],
          cgroups: [{ path: 'system.slice/nginx.service', unit: 'nginx.service' }, ...cgroups] as never,
        }),
        events: [{ ...killed, at: startOfTests + 20, data: { ...killed.data, cgroup } }],
        reports: 80,
      }),
    ).findings.filter((f) => f.id === 'mem.cgroup_oom');

  it('is told for half an hour when it was removed, and longer while it is still there', () => {
    expect(of([])).toEqual([]);
    expect(of([{ path: 'docker/0123456789abcdef', container: '0123456789abcdef' }])).toHaveLength(1);
  });

  it('is no container when it is the unit that makes them', () => {
    expect(of([], '/system.slice/docker.service')).toMatchObject([{ severity: 'critical' }]);
  });
});

describe('a kill at a limit', () => {
  const risen = (i: number) => (i < 5 ? 0 : 1);
  const of = (groups: { path: string; unit?: string; memoryLimit?: number }[], limit?: string) =>
    replay(
      handmade({
        series: {
          'mem.available_percent': 80,
          ...Object.fromEntries(groups.map((g) => [`cgroup.oom_kills{${g.unit ?? g.path}}`, risen])),
        },
        facts: { cgroups: groups },
        events: limit
          ? [
              {
                kind: 'kernel.oom_kill',
                at: startOfTests + 290,
                subject: 'java',
                text: 'killed',
                data: { process: 'java', cgroup: limit },
              },
            ]
          : [],
      }),
    ).findings.flatMap((f) => (f.id === 'mem.cgroup_oom' ? [f.subject.name] : []));
  const slice = { path: 'user.slice/user-1000.slice' };
  const inside = { path: 'user.slice/user-1000.slice/session-3.scope' };
  const limited = { memoryLimit: 80 * MiB };

  it('is told once, of the group that the log names, though all above and below count it', () => {
    expect(of([slice, inside], `/${slice.path}`)).toEqual(['user-1000.slice']);
    expect(of([slice, inside], `/${inside.path}`)).toEqual(['session-3.scope']);
  });

  it('is told of the lowest group with a limit where the log says nothing', () => {
    expect(of([{ ...slice, ...limited }, inside])).toEqual(['user-1000.slice']);
    expect(
      of([
        { ...slice, ...limited },
        { ...inside, ...limited },
      ]),
    ).toEqual(['session-3.scope']);
  });

  it('is told of each of two groups that stand side by side', () => {
    const [a, b] = ['a', 'b'].map((n) => ({
      path: `system.slice/${n}.service`,
      unit: `${n}.service`,
      ...limited,
    }));
    expect(of([a!, b!]).toSorted()).toEqual(['a.service', 'b.service']);
  });
});
