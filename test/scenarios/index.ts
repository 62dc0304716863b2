// All scenarios of the replay tier: faults, controls, the same faults with unrelated noise, and two faults at once.
import { confounderScenarios } from './confounders.ts';
import { controlScenarios } from './controls.ts';
import { cpuScenarios } from './cpu.ts';
import { diskScenarios } from './disk.ts';
import type { Machine } from './machine.ts';
import { memoryScenarios } from './memory.ts';
import { nightlyDump, queryScenarios } from './queries.ts';
import { MiB, type Scenario } from './scenario.ts';
import { serviceScenarios } from './services.ts';

const faults = [
  ...memoryScenarios,
  ...cpuScenarios,
  ...diskScenarios,
  ...serviceScenarios,
  ...queryScenarios,
];

function named(name: string): Scenario {
  const found = faults.find((s) => s.name.startsWith(name));
  if (!found) throw new Error(`There is no scenario "${name}".`);
  return found;
}

/** The same fault beside a program whose CPU comes and goes, that starts a burst shortly after the onset. */
function withNoise(scenario: Scenario, seed: number): Scenario {
  return {
    ...scenario,
    name: `${scenario.name}, with unrelated CPU noise`,
    kind: 'confounded',
    seed,
    minute(m: Machine, i: number) {
      scenario.minute?.(m, i);
      const late = (scenario.onset ?? 0) + 3;
      const burst = i === late || i === late + 1 || (i * 7 + seed) % 6 === 0;
      m.run('thumbnails', { cpu: (burst ? 70 : 12) * m.jitter(0.3), rss: 90 * MiB });
    },
  };
}

/** Two faults on one server, the second some reports after the first. */
function both(name: string, first: Scenario, second: Scenario, delay: number): Scenario {
  return {
    name,
    kind: 'double',
    reports: Math.max(first.reports ?? 30, (second.reports ?? 30) + delay),
    onset: first.onset,
    setup(m) {
      first.setup?.(m);
      second.setup?.(m);
    },
    minute(m, i) {
      first.minute?.(m, i);
      if (i >= delay) second.minute?.(m, i - delay);
    },
    monitors: [...(first.monitors ?? []), ...(second.monitors ?? [])],
    roots: [...first.roots, ...second.roots],
  };
}

const confounded = [
  named('MariaDB buffer pool'),
  named('A leak of 60 MB'),
  named('A service hits the memory limit'),
  named('Files in /dev/shm'),
  named('The hypervisor withholds'),
  named('A log writer fills'),
  named('fsync without end'),
  named('A RAID member fails that'),
  named('nginx is stopped'),
  named('The network link loses'),
].map((s, i) => withNoise(s, 11 + i));

const doubles = [
  both('A busy loop, and a disk that fills', named('A busy loop'), named('A log writer fills'), 0),
  both('A RAID member fails while memory leaks', named('A leak of 60 MB'), named('A RAID member fails'), 60),
  both('nginx is stopped, and a fan stops', named('nginx is stopped'), named('A fan stops'), 0),
  both(
    'Redis open to the internet, and a service that restarts',
    named('Redis is open'),
    named('A service restarts'),
    0,
  ),
  both(
    'A cgroup kill and bad sectors',
    named('A service hits the memory limit'),
    named('Pending sectors'),
    4,
  ),
  both('A full inode table and a full link', named('Inodes run out'), named('The link is full'), 0),
];

export const scenarios: readonly Scenario[] = [
  ...faults,
  ...controlScenarios,
  nightlyDump,
  ...confounded,
  ...confounderScenarios,
  ...doubles,
];
