// Live scenarios of CPU and processes.
import type { LiveScenario } from './liveScenario.ts';

const burn = 'my $i = 0; while (1) { $i = ($i * 7 + 1) % 1000003 }';

export const cpuScenarios: LiveScenario[] = [
  {
    slug: 'busy-loop',
    name: 'A busy loop on all cores',
    kind: 'fault',
    inject(lab) {
      for (let i = 0; i < 3; i++) lab.perl('miner', burn);
    },
    roots: [{ problem: 'proc.runaway', subject: 'miner' }],
  },
  {
    slug: 'one-busy-thread',
    name: 'One busy thread',
    kind: 'fault',
    inject: (lab) => void lab.perl('renderer', burn),
    roots: [{ problem: ['proc.runaway', 'cpu.one_core_pinned'], subject: 'renderer' }],
  },
  {
    slug: 'cpu-quota',
    name: 'A service that wants more than its CPU quota',
    kind: 'fault',
    prepare: (lab) => lab.limit('nginx.service', { cpuCores: 0.2 }),
    inject(lab) {
      for (let i = 0; i < 2; i++) lab.perl('nginx', burn, { unit: 'nginx.service' });
    },
    roots: [{ problem: 'cpu.throttled_cgroup', subject: 'nginx.service' }],
  },
  {
    slug: 'fork-storm',
    name: 'A program that starts others without end',
    kind: 'fault',
    inject: (lab) =>
      void lab.perl(
        'watchdogd',
        'while (1) { for (1..6) { my $p = fork; exit 0 if !$p; } for (1..6) { wait } select undef, undef, undef, 0.005 }',
      ),
    roots: [{ problem: 'proc.fork_storm', subject: ['web1', 'watchdogd'] }],
  },
  {
    slug: 'pids-max',
    name: 'A service near the number of tasks that it may have',
    kind: 'fault',
    prepare: (lab) => lab.limit('spawner.service', { pids: 300 }),
    inject: (lab) =>
      void lab.perl(
        'spawner',
        'for (1..290) { my $p = fork; if (defined $p && !$p) { $0 = "spawner"; sleep 600; exit } } sleep 600',
        { unit: 'spawner.service' },
      ),
    roots: [{ problem: 'proc.unit_tasks_limit', subject: 'spawner' }],
  },
  {
    slug: 'zombies',
    name: 'A parent that does not wait for its children',
    kind: 'fault',
    inject: (lab) => void lab.perl('supervisor', 'for (1..80) { my $p = fork; exit 0 if !$p; } sleep 600'),
    roots: [{ problem: 'proc.zombies', subject: ['supervisor', 'web1'] }],
  },
];
