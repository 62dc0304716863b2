import { describe, expect, it } from 'vitest';
import { diagnosisSchema, type Finding, findingKey } from '#core/diagnosis.ts';
import type { ProcessGroup } from '#core/facts.ts';
import { replay } from '#worker/judge/explain.ts';
import {
  handmade,
  handmadeMonitor,
  handmadePicture,
  startOfTests,
  type Handmade,
} from '#worker/picture/handmade.ts';
import { findProblems } from '#worker/rules/findProblems.ts';
import { sayOnce } from '#worker/rules/failure.ts';
import { rules as allRules } from '#worker/rules/index.ts';
import type { Rule } from '#worker/rules/rule.ts';
import { diagnose } from './diagnose.ts';
import { edges as allEdges } from './edges/index.ts';

const GiB = 1024 ** 3;

function group(name: string, more: Partial<ProcessGroup> = {}): ProcessGroup {
  return { name, count: 1, rss: 0, threads: 1, cpuSeconds: 0, users: [], pids: [], states: {}, ...more };
}

function diagnosed(description: Handmade, monitors: Parameters<typeof replay>[1] = []) {
  const { picture, findings, recent } = replay(handmade(description), monitors);
  const answer = diagnose(picture, findings, { recent });
  expect(() => diagnosisSchema.parse(answer)).not.toThrow();
  for (const { key, symptoms, hops } of answer.rootCauses)
    for (const { cause, effect } of hops)
      expect([key, ...symptoms], 'a cause tells hops of its own').toEqual(
        expect.arrayContaining([cause, effect]),
      );
  return answer;
}

/** Memory falls, then the server swaps, then iowait and load rise: one report a minute. */
const flagship: Handmade = {
  reports: 40,
  series: {
    'mem.total': 8 * GiB,
    'mem.available_percent': (i) => (i < 10 ? 60 : Math.max(4, 60 - (i - 10) * 4)),
    'mem.available': (i) => ((i < 10 ? 60 : Math.max(4, 60 - (i - 10) * 4)) / 100) * 8 * GiB,
    'mem.swap_in': (i) => (i < 25 ? 0 : 4000),
    'mem.swap_out': (i) => (i < 25 ? 0 : 3500),
    'mem.swap_used': (i) => (i < 25 ? 0 : 2 * GiB),
    'mem.major_faults': (i) => (i < 25 ? 1 : 900),
    'mem.pressure.some': (i) => (i < 25 ? 0 : 45),
    'cpu.busy': 30,
    'cpu.iowait': (i) => (i < 27 ? 1 : 48),
    'io.pressure.full': (i) => (i < 27 ? 0 : 35),
    'io.pressure.some': (i) => (i < 27 ? 0 : 60),
    'cpu.blocked': (i) => (i < 27 ? 0 : 6),
    'cpu.runnable': 1,
    'cpu.load1': (i) => (i < 28 ? 0.4 : 7),
    'cpu.load15': (i) => (i < 30 ? 0.4 : 3.8),
    'disk.read_bytes{sda}': (i) => (i < 25 ? 10_000 : 17_000_000),
    'disk.write_bytes{sda}': (i) => (i < 25 ? 10_000 : 15_000_000),
    'proc.group.rss{mariadbd}': (i) => (i < 10 ? 1 * GiB : Math.min(6.6, 1 + (i - 10) * 0.4) * GiB),
    'proc.group.rss{nginx}': 0.1 * GiB,
  },
  facts: (i) => ({
    mysql: { innodb_buffer_pool_size: 12 * GiB },
    processGroups: [
      group('mariadbd', {
        rss: (i < 10 ? 1 : Math.min(6.6, 1 + (i - 10) * 0.4)) * GiB,
        swap: i < 25 ? 0 : 1.5 * GiB,
        startedAt: startOfTests - 3600,
      }),
      group('nginx', { rss: 0.1 * GiB }),
    ],
  }),
};

describe('the flagship chain', () => {
  it('is told hop by hop, from the buffer pool to the load, with the database named', () => {
    const answer = diagnosed(flagship);
    expect(answer.verdict).toBe('explained');
    expect(answer.rootCauses).toHaveLength(1);
    const [root] = answer.rootCauses;
    expect(root).toMatchObject({
      problem: 'db.mysql_bufferpool_gt_ram',
      subject: { kind: 'process', name: 'mariadbd' },
      chain: ['db.mysql_bufferpool_gt_ram', 'mem.low', 'mem.swap_thrash', 'cpu.iowait', 'cpu.load_high'],
    });
    expect(root!.hops.slice(0, 4).every((h) => /\d/.test(h.because))).toBe(true);
    expect(root!.counterfactual).toMatch(/Without the extra .* of mariadbd, available memory would be/);
  });

  it('says the same twice', () => {
    expect(diagnosed(flagship)).toEqual(diagnosed(flagship));
  });

  it('does not let a large pool claim the incident of another program', () => {
    const other = {
      ...flagship,
      series: {
        ...flagship.series,
        'proc.group.rss{mariadbd}': 1 * GiB,
        'proc.group.rss{java}': (i: number) => (i < 10 ? 1 * GiB : Math.min(6.6, 1 + (i - 10) * 0.4) * GiB),
      },
      facts: (i: number) => ({
        mysql: { innodb_buffer_pool_size: 12 * GiB },
        processGroups: [
          group('mariadbd', { rss: 1 * GiB }),
          group('java', { rss: (i < 10 ? 1 : Math.min(6.6, 1 + (i - 10) * 0.4)) * GiB }),
        ],
      }),
    };
    const answer = diagnosed(other);
    expect(answer.rootCauses[0]).toMatchObject({ problem: 'mem.leak', subject: { name: 'java' } });
    expect(answer.ruledOut.map((r) => r.problem)).toContain('db.mysql_bufferpool_gt_ram');
    expect(answer.problems.find((p) => p.id === 'db.mysql_bufferpool_gt_ram')?.severity).toBe('info');
  });
});

describe('a web server that was stopped', () => {
  const monitors = [
    handmadeMonitor({
      kind: 'http',
      name: 'http://web1/',
      target: 'http://192.0.2.10/',
      state: 'down',
      since: startOfTests + 500,
      code: 'connect-refused',
      summary: 'The connection was refused.',
      about: { process: 'nginx', port: 80 },
    }),
    handmadeMonitor({
      kind: 'port',
      name: 'port 80 of web1',
      target: '192.0.2.10:80',
      state: 'down',
      since: startOfTests + 500,
      code: 'connect-refused',
      about: { process: 'nginx', port: 80 },
    }),
  ];
  const base: Handmade = {
    reports: 12,
    series: { 'mem.available': 4 * GiB, 'proc.group.count{nginx}': (i) => (i < 8 ? 3 : undefined) },
  };
  it('is one story with the endpoint folded below', () => {
    const answer = diagnosed(
      {
        ...base,
        facts: (i) => ({
          processGroups: [group('sshd'), ...(i < 8 ? [group('nginx', { count: 3 })] : [])],
          listeners: [
            { protocol: 'tcp', address: '0.0.0.0', port: 22, process: 'sshd' },
            ...(i < 8 ? [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 80, process: 'nginx' }] : []),
          ],
        }),
      },
      monitors,
    );
    expect(answer.rootCauses).toHaveLength(1);
    expect(answer.rootCauses[0]).toMatchObject({
      problem: 'proc.vanished',
      subject: { kind: 'process', name: 'nginx' },
      chain: ['proc.vanished', 'svc.http_down'],
    });
  });

  it('is the endpoint itself when only the outside knows', () => {
    const picture = handmadePicture(
      { reports: 12, series: { 'mem.available': 4 * GiB }, facts: {} },
      monitors.map((m) => ({ ...m, about: {} })),
    );
    const answer = diagnose(picture, findProblems(picture));
    expect(answer.verdict).toBe('explained');
    expect(answer.rootCauses[0]).toMatchObject({
      problem: 'svc.http_down',
      subject: { kind: 'monitor', name: 'http://web1/' },
    });
  });
});

describe('what is not wrong', () => {
  it('is healthy when only load is high', () => {
    const answer = diagnosed({ series: { 'cpu.load1': 9, 'cpu.load15': 8, 'cpu.busy': 20 } });
    expect(answer.problems.map((p) => p.id)).toEqual(['cpu.load_high']);
    expect(answer.verdict).toBe('healthy');
    expect(answer.rootCauses).toEqual([]);
  });
});

it('names who starts processes without end, and does not tell as its effect what ended before', () => {
  const busy = (i: number) => (i < 4 ? 97 : i < 8 ? 5 : 20);
  const answer = diagnosed({
    reports: 16,
    series: {
      'cpu.busy': busy,
      'cpu.pressure.some': (i) => (i < 4 ? 60 : 1),
      'cpu.runnable': (i) => (i < 4 ? 9 : 1),
      'cpu.forks': (i) => (i < 8 ? 4 : 900),
      'proc.group.cpu{loopd}': (i) => (i < 8 ? 0.1 : 9),
      'proc.group.count{loopd}': 1,
      'proc.group.cpu{nginx}': 4,
      'proc.group.count{nginx}': 3,
      // Seen once, by chance.
      'proc.group.cpu{sh}': (i) => (i === 9 ? 30 : undefined),
      'proc.group.count{sh}': (i) => (i === 9 ? 1 : undefined),
    },
    facts: { processGroups: [group('loopd'), group('nginx')] },
  });
  expect(answer.rootCauses.map((r) => `${r.problem} ${r.subject.name}`)).toEqual(['proc.fork_storm loopd']);
  expect(answer.rootCauses[0]!.hops).toEqual([]);
  expect(answer.rootCauses[0]!.attribution).toContain('loopd takes 100 %');
});

it('names the program whose number of processes rises', () => {
  const answer = diagnosed({
    reports: 14,
    series: {
      'cpu.busy': 20,
      'cpu.forks': (i) => (i < 8 ? 4 : 900),
      'proc.group.count{bash}': (i) => (i < 8 ? 2 : 2 + (i - 7) * 50),
      'proc.group.cpu{bash}': 1,
    },
    facts: (i) => ({ processGroups: [group('bash', { count: i < 8 ? 2 : 2 + (i - 7) * 50 })] }),
  });
  expect(answer.rootCauses[0]).toMatchObject({ problem: 'proc.fork_storm', subject: { name: 'bash' } });
});

describe('a service that ends after a filesystem takes no more writes', () => {
  /** /data is read-only from report 5 on; the service ends at another one. */
  const of = (mount: string, ended: number) =>
    diagnosed({
      reports: 40,
      facts: (i) => ({
        filesystems: [
          {
            source: '/dev/sdb1',
            mount,
            type: 'ext4',
            options: [i < 5 ? 'rw' : 'ro'],
            readOnly: i >= 5,
            size: 100 * GiB,
            used: 10 * GiB,
            available: 85 * GiB,
          },
        ],
        fstab: [{ source: '/dev/sdb1', mount, type: 'ext4', options: ['defaults'] }] as never,
        units: [
          {
            name: 'minio.service',
            active: i < ended ? 'active' : 'failed',
            sub: i < ended ? 'running' : 'failed',
            ...(i < ended ? {} : { changedAt: startOfTests + ended * 60 }),
          },
        ],
      }),
    }).rootCauses.map((r) => r.problem);

  it('is led to from there within a quarter of an hour', () => {
    expect(of('/data', 8)).toEqual(['disk.readonly']);
  });

  it('is a story of its own when it ends later, ended before, or the filesystem is for starting alone', () => {
    expect(of('/data', 30)).toContain('svc.unit_failed');
    expect(of('/data', 2)).toContain('svc.unit_failed');
    expect(of('/boot', 8)).toContain('svc.unit_failed');
  });
});

describe('what fails', () => {
  const broken = () => {
    throw new TypeError('there is no such disk');
  };

  it('of the rules one that throws keeps what it found before, and the others go on', () => {
    const { picture } = replay(handmade(flagship));
    const isHere = (picked: Finding[]) => picked.map(findingKey).includes('mem.low server:web1');
    const before = findProblems(picture);
    expect(isHere(before)).toBe(true);
    const rules: Rule[] = [{ id: 'mem.low', find: broken }, ...allRules.filter(({ id }) => id !== 'mem.low')];
    const said: string[] = [];
    const onFailure = sayOnce((message) => said.push(message), { server: 'web1' });
    const again = () => findProblems(picture, undefined, { rules, before, onFailure });
    expect(again()).toEqual(before);
    expect(isHere(findProblems(picture, undefined, { rules, onFailure }))).toBe(false);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(
      /^server web1: mem\.low could not be judged and is left out: TypeError: there is no such disk at .*diagnose\.test/,
    );
    expect(() => findProblems(picture, undefined, { rules }), 'nobody asked to be told').toThrow(
      'no such disk',
    );
  });

  it('of the edges one that throws does not hold, and the diagnosis stands', () => {
    const { picture, findings, recent } = replay(handmade(flagship));
    const whole = diagnose(picture, findings, { recent });
    const [cause, effect] = whole.rootCauses[0]!.chain;
    const edges = allEdges.map((edge) =>
      edge.cause === cause && edge.effect === effect ? { ...edge, test: broken } : edge,
    );
    const said: string[] = [];
    const answer = diagnose(picture, findings, { recent, edges, onFailure: (what) => said.push(what) });
    expect(said).toEqual([`${cause} → ${effect}`]);
    expect(answer.problems.map(findingKey).sort()).toEqual(whole.problems.map(findingKey).sort());
    expect(answer.rootCauses[0]!.hops.map((hop) => hop.effect)).not.toEqual(
      whole.rootCauses[0]!.hops.map((hop) => hop.effect),
    );
  });
});
