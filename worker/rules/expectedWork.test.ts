// What a program may do depends on where it runs: on a machine that builds, or before somebody's eyes.
import { expect, it } from 'vitest';
import type { Facts } from '#core/facts.ts';
import { replay } from '#worker/judge/explain.ts';
import { handmade, type Handmade, startOfTests } from '#worker/picture/handmade.ts';
import { group } from './sickAndHealthy.fixture.ts';

/** Two cores, full from the tenth report on because of a program that came then. */
function full(beside: string, cgroup: string, cpu: number): Handmade {
  const on = (value: number, before: number) => (i: number) => (i < 10 ? before : value);
  return {
    reports: 60,
    series: {
      'cpu.busy': on(95, 5),
      'cpu.runnable': on(4, 1),
      'cpu.load5': on(3, 0.2),
      'cpu.pressure.some': on(60, 1),
      'proc.group.cpu{engine}': (i) => (i < 10 ? undefined : cpu),
    },
    facts: (i) => ({
      processGroups: [
        group(beside),
        ...(i < 10 ? [] : [group('engine', { cgroup, cpuPercent: cpu, cpuSeconds: 60 * (i - 9) })]),
      ],
    }),
  };
}

const grave = (description: Handmade) =>
  replay(handmade(description))
    .findings.filter((f) => /^(cpu\.saturated|proc\.runaway)$/.test(f.id) && f.severity !== 'info')
    .map((f) => f.id)
    .toSorted();

it('lets a build fill a machine where a runner of builds is installed', () => {
  const container = 'system.slice/docker-1.scope';
  expect(grave(full('nginx', container, 190))).toEqual(['cpu.saturated', 'proc.runaway']);
  expect(grave(full('gitlab-runner', container, 190))).toEqual([]);
});

it('lends a whole machine to the jobs of a batch system, and to nothing else there', () => {
  const job = 'system.slice/slurmstepd.scope/job_4711/step_0/user/task_0';
  for (const cgroup of [job, 'system.slice/slurmd.service'])
    expect(grave(full('slurmd', cgroup, 190))).not.toContain('proc.runaway');
  expect(grave(full('slurmd', 'system.slice/engine.service', 190))).toContain('proc.runaway');
  expect(grave(full('nginx', job, 190))).toContain('proc.runaway');
});

it('leaves a part of a machine to whoever sits before it, and no more', () => {
  const session = 'user.slice/user-1000.slice/app.slice';
  expect(grave(full('nginx', session, 90))).toContain('proc.runaway');
  expect(grave(full('gnome-shell', session, 90))).not.toContain('proc.runaway');
  expect(grave(full('gnome-shell', session, 190))).toContain('proc.runaway');
  expect(grave(full('gnome-shell', 'system.slice/engine.service', 90))).toContain('proc.runaway');
});

it('takes many new processes for a note where builds are run', () => {
  const severity = (beside: string) =>
    replay(
      handmade({
        reports: 20,
        series: { 'cpu.forks': (i) => (i < 10 ? 3 : 400) },
        facts: { processGroups: [group(beside)] },
      }),
    ).findings.find(({ id }) => id === 'proc.fork_storm')?.severity;
  expect(severity('nginx')).toBe('warning');
  expect(severity('gitlab-runner')).toBe('info');
});

it('leaves a part of a machine to what a timer or the crontab started, for hours', () => {
  const severity = (facts: Facts, cpu: number, pressure: number, startedAt = startOfTests + 600) =>
    replay(
      handmade({
        reports: 60,
        series: {
          'cpu.busy': (i) => (i < 10 ? 5 : 90),
          'cpu.pressure.some': pressure,
          'proc.group.cpu{report.sh}': (i) => (i < 10 ? undefined : cpu),
        },
        facts: (i) => ({
          ...facts,
          processGroups:
            i < 10 ? [] : [group('report.sh', { cgroup: 'system.slice/report.service', startedAt })],
        }),
      }),
    ).findings.find(({ id }) => id === 'proc.runaway')?.severity;
  const timer: Facts = { timers: [{ name: 'report.timer', unit: 'report.service' }] };
  const crontab: Facts = {
    cronJobs: [{ user: 'root', schedule: '0 3 * * *', command: '/opt/report.sh', source: '/etc/crontab' }],
  };
  expect(severity({}, 95, 10)).toBe('warning');
  expect([timer, crontab].map((facts) => severity(facts, 95, 10))).toEqual(['info', 'info']);
  expect(severity(timer, 130, 10)).toBe('info');
  expect(severity(timer, 130, 60)).toBe('warning');
  expect(severity(timer, 95, 10, startOfTests - 5 * 3600)).toBe('warning');
});
