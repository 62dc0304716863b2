import { describe, expect, it } from 'vitest';
import { replay } from '#worker/judge/explain.ts';
import { handmade, type Values } from '#worker/picture/handmade.ts';
import { group, later, testCases } from './sickAndHealthy.fixture.ts';

const at = (values: number[]) => values;

describe('rules of CPU and processes', () => {
  testCases([
    [
      'cpu.throttled_cgroup',
      'nginx.service',
      {
        reports: 1,
        facts: {
          cgroups: [
            {
              path: 'system.slice/nginx.service',
              unit: 'nginx.service',
              periods: 800,
              throttledPeriods: 790,
            },
          ],
        },
      },
      {
        reports: 1,
        facts: {
          cgroups: [
            { path: 'system.slice/nginx.service', unit: 'nginx.service', periods: 800, throttledPeriods: 40 },
          ],
        },
      },
    ],
    [
      'proc.zombies',
      'supervisor',
      {
        series: { 'proc.zombies': 80 },
        facts: { processGroups: [group('supervisor', { zombieChildren: 79 })] },
      },
      {
        series: { 'proc.zombies': 3 },
        facts: { processGroups: [group('supervisor', { zombieChildren: 3 })] },
      },
    ],
    [
      'cpu.saturated',
      'web1',
      { series: { 'cpu.busy': 97, 'cpu.runnable': 6, 'cpu.pressure.some': 60 } },
      { series: { 'cpu.busy': 97, 'cpu.runnable': 1, 'cpu.pressure.some': 3, 'cpu.load5': 1 } },
    ],
    [
      'cpu.saturated',
      'web1',
      { reports: 1, series: { 'cpu.busy': 99, 'cpu.load5': 5, 'cpu.load15': 4 } },
      { reports: 1, series: { 'cpu.busy': 99, 'cpu.load5': 0.4, 'cpu.load15': 0.2 } },
    ],
    [
      'cpu.load_high',
      'web1',
      { series: { 'cpu.load1': 6, 'cpu.load15': 5 } },
      { series: { 'cpu.load1': 3, 'cpu.load15': 2 } },
    ],
    [
      'cpu.iowait',
      'web1',
      { series: { 'cpu.iowait': 45, 'io.pressure.full': 30 } },
      { series: { 'cpu.iowait': 45, 'io.pressure.full': 1, 'io.pressure.some': 4 } },
    ],
    [
      'cpu.system_high',
      'web1',
      { series: { 'cpu.system': 55, 'cpu.user': 20 } },
      { series: { 'cpu.system': 35, 'cpu.user': 50 } },
    ],
    [
      'cpu.one_core_pinned',
      'cpu0',
      { series: { 'cpu.core.busy{0}': 100, 'cpu.core.busy{1}': 3, 'cpu.busy': 51 } },
      { series: { 'cpu.core.busy{0}': 99, 'cpu.core.busy{1}': 98, 'cpu.busy': 98 } },
    ],
    [
      'cpu.ctx_switch_storm',
      'web1',
      { reports: 20, series: { 'cpu.context_switches': (i) => (i < 10 ? 5000 : 90_000) } },
      { reports: 20, series: { 'cpu.context_switches': 60_000 } },
    ],
    [
      'cpu.thermal_throttle',
      'web1',
      { series: { 'cpu.throttles': 3 } },
      { series: { 'cpu.throttles': 0, 'cpu.frequency': 40, 'cpu.busy': 5 } },
    ],
    [
      'proc.fork_storm',
      'web1',
      { reports: 20, series: { 'cpu.forks': (i) => (i < 10 ? 3 : 400) } },
      { reports: 20, series: { 'cpu.forks': (i) => (i < 10 ? 20 : 60) } },
    ],
    // It starts that many now and then, as it did before.
    [
      'proc.fork_storm',
      'web1',
      { reports: 60, series: { 'cpu.forks': (i) => (i < 50 ? 3 : 160) } },
      { reports: 60, series: { 'cpu.forks': (i) => ((i >= 20 && i < 26) || i >= 50 ? 160 : 3) } },
    ],
    // A memory card is no fast disk.
    [
      'disk.latency',
      'mmcblk0',
      { series: { 'disk.busy{mmcblk0}': 60, 'disk.await{mmcblk0}': 160, 'disk.writes{mmcblk0}': 40 } },
      { series: { 'disk.busy{mmcblk0}': 60, 'disk.await{mmcblk0}': 60, 'disk.writes{mmcblk0}': 40 } },
    ],
    [
      'proc.runaway',
      'burn',
      {
        series: { 'cpu.busy': later(5, 60), 'proc.group.cpu{burn}': later(0, 110) },
        facts: { processGroups: [group('burn')] },
      },
      { series: { 'cpu.busy': 60, 'proc.group.cpu{burn}': 110 }, facts: { processGroups: [group('burn')] } },
    ],
    // A thread of the kernel that spins for nobody, and one that checks what a disk reads.
    [
      'proc.runaway',
      'z_rd_int',
      {
        reports: 60,
        series: {
          'cpu.busy': 60,
          'proc.group.cpu{z_rd_int}': later(20, 110, 60),
          'disk.read_bytes{sdb}': 1e4,
        },
        facts: { processGroups: [group('z_rd_int', { rss: 0 })] },
      },
      {
        reports: 60,
        series: {
          'cpu.busy': 60,
          'proc.group.cpu{z_rd_int}': later(20, 110, 60),
          'disk.read_bytes{sdb}': 8e7,
        },
        facts: { processGroups: [group('z_rd_int', { rss: 0 })] },
      },
    ],
    // Its workers were replaced, and took their readings along while the cores were as busy as before; or it rested.
    [
      'proc.runaway',
      'app',
      {
        series: {
          'cpu.busy': later(5, 60),
          'proc.group.cpu{app}': (i) => (i < 5 ? 0 : i === 7 ? 3 : 110),
        },
        facts: { processGroups: [group('app')] },
      },
      {
        series: {
          'cpu.busy': (i) => (i < 5 || i === 7 ? 5 : 60),
          'proc.group.cpu{app}': (i) => (i < 5 ? 0 : i === 7 ? 3 : 110),
        },
        facts: { processGroups: [group('app')] },
      },
    ],
    // More connections are more traffic; those that pile up while fewer requests are answered are not.
    [
      'proc.runaway',
      'node',
      {
        series: {
          'cpu.busy': later(5, 60),
          'proc.group.cpu{node}': later(2, 110),
          'net.tcp.established': later(5, 60),
          'web.requests': later(20, 1),
        },
        facts: { processGroups: [group('node')] },
      },
      {
        series: {
          'cpu.busy': later(5, 60),
          'proc.group.cpu{node}': later(2, 110),
          'net.tcp.established': later(5, 60),
          'web.requests': later(20, 30),
        },
        facts: { processGroups: [group('node')] },
      },
    ],
    // Only seldom looked at: what it took those times is what it used to take.
    [
      'proc.runaway',
      'burn',
      {
        reports: 60,
        series: {
          'cpu.busy': 60,
          'proc.count': 50,
          'proc.group.cpu{burn}': (i) => (i < 2 ? 1 : i < 45 ? undefined : 110),
        },
        facts: { processGroups: [group('burn')] },
      },
      {
        reports: 60,
        series: {
          'cpu.busy': 60,
          'proc.count': 50,
          'proc.group.cpu{burn}': (i) => (i < 2 ? 100 : i < 45 ? undefined : 110),
        },
        facts: { processGroups: [group('burn')] },
      },
    ],
    [
      'proc.dstate',
      'tar',
      {
        series: { 'proc.uninterruptible': 5, 'cpu.iowait': 1 },
        facts: { processGroups: [group('tar', { states: { D: 5 } })] },
      },
      {
        series: { 'proc.uninterruptible': at([0, 1, 0, 2, 0, 1, 0, 1, 0, 1]), 'cpu.iowait': 20 },
        facts: { processGroups: [group('tar', { states: { D: 1 } })] },
      },
    ],
    // What flushes each of its writes waits at every look, and gets on.
    [
      'proc.dstate',
      'tar',
      {
        series: { 'proc.uninterruptible': 5, 'cpu.iowait': 1 },
        facts: { processGroups: [group('tar', { states: { D: 5 }, writeBytes: 0 })] },
      },
      {
        series: { 'proc.uninterruptible': 5, 'cpu.iowait': 1 },
        facts: { processGroups: [group('tar', { states: { D: 5 }, writeBytes: 900_000 })] },
      },
    ],
    [
      'proc.suspicious',
      'x',
      {
        series: { 'proc.group.cpu{x}': 180 },
        facts: { processGroups: [group('x', { executable: '/tmp/x', cpuPercent: 180 })] },
      },
      {
        series: { 'proc.group.cpu{x}': 180 },
        facts: { processGroups: [group('x', { executable: '/usr/bin/x', cpuPercent: 180 })] },
      },
    ],
    [
      'cpu.saturated',
      'web1',
      { reports: 10, series: { 'cpu.busy': 99, 'cpu.nice': 3, 'cpu.load5': 9, 'cpu.runnable': 9 } },
      { reports: 10, series: { 'cpu.busy': 99, 'cpu.nice': 60, 'cpu.load5': 9, 'cpu.runnable': 9 } },
    ],
  ]);
});

describe('work within capacity', () => {
  const severity = (id: string, series: Record<string, Values>, name: string, count: number, reports = 20) =>
    replay(
      handmade({
        reports,
        series,
        facts: { cpu: { model: 'x', count: 8 }, processGroups: [group(name, { count })] },
      }),
    ).findings.find((f) => f.id === id)?.severity;

  it('of many processes is worth a note, and a warning when others wait or it is that of one', () => {
    const busy = (percent: number, cpu: number, pressure = 12) => ({
      'cpu.busy': later(5, percent, 20),
      'proc.group.cpu{postgres}': later(10, cpu, 20),
      'cpu.pressure.some': pressure,
    });
    expect(severity('proc.runaway', busy(65, 480), 'postgres', 60)).toBe('info');
    expect(severity('proc.runaway', busy(97, 760), 'postgres', 60)).toBe('info');
    expect(severity('proc.runaway', busy(97, 760, 60), 'postgres', 60)).toBe('warning');
    expect(severity('proc.runaway', busy(65, 480), 'postgres', 1)).toBe('warning');
  });

  it('of a build that fills the cores is worth a note for an hour, and more after it', () => {
    const build = {
      'cpu.busy': 98,
      'proc.group.cpu{cc1plus}': 760,
      'cpu.pressure.some': 60,
      'cpu.runnable': 9,
    };
    expect(severity('cpu.saturated', build, 'cc1plus', 8)).toBe('info');
    expect(severity('cpu.saturated', build, 'cc1plus', 8, 70)).toBe('critical');
    const other = { ...build, 'proc.group.cpu{cc1plus}': 200 };
    expect(severity('cpu.saturated', other, 'cc1plus', 8)).toBe('critical');
  });
});
