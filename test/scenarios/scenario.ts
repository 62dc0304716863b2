// What a scenario is: a simulated server, what happens to it minute by minute, and what a good diagnosis must say.
import type { MonitorState } from '#worker/rules/rule.ts';
import { epochOfStart, GiB, Machine } from './machine.ts';

export const MiB = 1024 ** 2;

export interface ExpectedRoot {
  /** Any of these ids. */
  problem: string | readonly string[];
  /** The entity's name, any of these; a name that starts with one of them counts. */
  subject: string | readonly string[];
}

export interface Scenario {
  name: string;
  kind: 'fault' | 'control' | 'confounded' | 'double';
  /** Number of reports, one a minute unless `step` says otherwise (seconds). */
  reports?: number;
  step?: number;
  seed?: number;
  /** Number of the report at which the fault begins, for time to detect; of a control, from which on it must be silent. */
  onset?: number;
  setup?(m: Machine): void;
  minute?(m: Machine, report: number): void;
  monitors?: readonly MonitorState[];
  /** Of a recording: its reports as they were, in place of a simulated server, and the monitors at a moment. */
  texts?: readonly string[];
  watched?(at: number): readonly MonitorState[];
  /** One for a fault, two for a double fault, none for a control. */
  roots: readonly ExpectedRoot[];
  /** Findings of severity info that must be there although nothing is told: worth a note, no more. */
  notes?: readonly ExpectedRoot[];
  /** Edges that the chain must hold, `cause>effect`. */
  chain?: readonly string[];
}

/** The texts of all reports of a scenario, oldest first. */
export function* reportsOf(scenario: Scenario): Generator<string> {
  if (scenario.texts) return yield* scenario.texts;
  const m = new Machine(scenario.seed ?? 7);
  webServer(m);
  scenario.setup?.(m);
  const step = scenario.step ?? 60;
  m.pass(step);
  for (let i = 0; i < (scenario.reports ?? 30); i++) {
    scenario.minute?.(m, i);
    m.pass(step - 1);
    yield m.report();
  }
}

/** What most scenarios start from: nginx, PHP and MariaDB on a small server, doing a little. */
export function webServer(m: Machine): void {
  m.run('nginx', { cpu: 3, rss: 30 * MiB, count: 3, ports: [80, 443], uid: 33 });
  m.run('php-fpm', { cpu: 8, rss: 400 * MiB, count: 8, uid: 33, cgroup: '/system.slice/php-fpm.service' });
  m.run('mariadbd', {
    cpu: 6,
    rss: 900 * MiB,
    threads: 30,
    uid: 106,
    ports: [3306],
    bind: '127.0.0.1',
    cgroup: '/system.slice/mariadb.service',
  });
  for (const unit of ['nginx.service', 'php-fpm.service', 'mariadb.service', 'ssh.service']) m.unit(unit);
}

/** 0 before the onset, then rising by `each` a report up to `most`. */
export function ramp(report: number, onset: number, each: number, most: number): number {
  return report < onset ? 0 : Math.min(most, (report - onset + 1) * each);
}

export function from<T>(report: number, onset: number, after: T, before: T): T {
  return report >= onset ? after : before;
}

/** A disk that is asked for more than it can do. */
export function overload(
  m: Machine,
  disk: string,
  bytes: { read?: number; write?: number },
  await_ = 80,
): void {
  m.disk(disk, {
    reads: bytes.read ? bytes.read / 65_536 : 5,
    writes: bytes.write ? bytes.write / 65_536 : 10,
    readBytes: bytes.read ?? 60_000,
    writeBytes: bytes.write ?? 100_000,
    readAwait: await_,
    writeAwait: await_,
    busy: 99.5,
    queue: 25,
  });
  m.iowait = 45;
  m.blocked = 5;
  m.psi.io = 70;
  m.psi.ioFull = 45;
}

/** The server swaps: pages in and out, tasks that wait for them, a disk that carries them. */
export function thrash(m: Machine, pages: number, disk = 'sda'): void {
  m.swapIn = pages;
  m.swapOut = pages * 0.8;
  m.majorFaults = pages / 6;
  m.psi.memory = 40;
  m.psi.memoryFull = 18;
  overload(m, disk, { read: pages * 4096 + 200_000, write: pages * 3300 + 100_000 }, 40);
}

export function monitor(
  m: Partial<MonitorState> & Pick<MonitorState, 'kind' | 'name'>,
  downSince?: number,
): MonitorState {
  return {
    id: m.name,
    target: m.name,
    state: downSince === undefined ? 'up' : 'down',
    since: epochOfStart + (downSince ?? 0),
    code: downSince === undefined ? 'ok' : 'connect-refused',
    summary: '',
    details: {},
    about: {},
    ...m,
  };
}

export { epochOfStart, GiB, Machine };
