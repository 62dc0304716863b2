// A case is a machine of somebody else, what happens to it, and what an admin who knows it would name, written before the product saw it.
import { GB, Host, type Disk } from './host.ts';
import { report } from './report.ts';
import type { System } from './systems.ts';
import type { ExpectedRoot, Scenario } from '../scenarios/scenario.ts';

export interface Case {
  name: string;
  kind: Scenario['kind'];
  /** Number of reports and seconds from one to the next. */
  reports?: number;
  step?: number;
  onset?: number;
  host(): Host;
  minute?(h: Host, report: number): void;
  /** Runs each minute as it is installed, instead of by hand: only the first report, and the first after a start of the system, is full. */
  installed?: boolean;
  /** What the report says otherwise than this host knows to say; applied to the text of each. */
  edit?(text: string, report: number, h: Host): string;
  /** The order in which the reports are read, where it is not that of time: indexes into them. */
  order?: readonly number[];
  roots: readonly ExpectedRoot[];
  notes?: Scenario['notes'];
  chain?: readonly string[];
  /** What went wrong the first time that the product saw it; left out where nothing did. */
  atFirst?: AtFirst;
}

export type AtFirst =
  | 'not collected'
  | 'rule silent'
  | 'wrong edge'
  | 'wrong entity'
  | 'wrong order'
  | 'ranking'
  | 'false alarm'
  | 'the case was wrong';

export type CaseScenario = Scenario & Pick<Case, 'atFirst'>;

export function scenarioOf(given: Case): CaseScenario {
  const { host, minute, reports = 6, step = 60, installed, edit, order, ...rest } = given;
  let texts: string[] | undefined;
  return {
    ...rest,
    step,
    get texts() {
      if (texts) return texts;
      const h = host();
      let boot: number | undefined;
      const inTime = Array.from({ length: reports }, (_, i) => {
        minute?.(h, i);
        h.pass(step - 1);
        // When its last full run was, the agent keeps in /run, which a start of the system empties.
        const text = report(h, installed && h.boot === boot ? 'minute' : 'daily');
        boot = h.boot;
        return edit?.(text, i, h) ?? text;
      });
      texts = order?.map((i) => inTime[i]!) ?? inTime;
      return texts;
    },
  };
}

/** The report with that section in place of its own one, or with one more. Without a body: without the section. */
export function withSection(text: string, header: string, body?: string): string {
  const sections = text.split(/^(?==== )/m);
  const at = sections.findIndex((s) => s.startsWith(`=== ${header}\n`));
  const made = body === undefined ? [] : [`=== ${header}\n${body}\n`];
  if (at >= 0) sections.splice(at, 1, ...made);
  else sections.splice(-1, 0, ...made);
  return sections.join('');
}

/** A server of that system with its root disk, its network and ssh. */
export function server(
  system: System,
  name: string,
  parts: {
    start?: number;
    cores?: number;
    ram?: number;
    disk?: string;
    root?: string;
    rootType?: string;
    nic?: string;
    drive?: Disk;
  } = {},
): Host {
  const seed = [...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 9973, 1);
  const h = new Host(name, system, seed, parts.start);
  const { cores = 4, ram = 16, disk = 'sda', nic = 'eth0' } = parts;
  h.cores = cores;
  h.ram = ram * GB;
  h.available = h.ram * 0.64;
  h.cached = h.ram * 0.45;
  h.slab = Math.min(h.slab, h.ram * 0.05);
  h.slabUnreclaimed = Math.min(h.slabUnreclaimed, h.ram * 0.02);
  h.committed = h.ram * 0.4;
  h.disk(disk, { size: 209_715_200, ...parts.drive });
  const part = /\d$/.test(disk) ? `${disk}p2` : `${disk}2`;
  h.mounts.set('/', {
    device: parts.root ?? `/dev/${part}`,
    type: parts.rootType ?? 'ext4',
    size: 98_000_000,
    used: 31_000_000,
  });
  h.nic(nic, {});
  h.listening.push({ port: 22, program: 'sshd' });
  for (const unit of [
    'systemd-journald',
    'systemd-logind',
    'dbus',
    system.release.includes('debian') ? 'ssh' : 'sshd',
  ])
    if (system.systemd) h.service(unit);
  return h;
}

export const from = (i: number, onset: number) => i >= onset;

/** Grows by `each` a report from the onset on. */
export const grown = (i: number, onset: number, each: number) => Math.max(0, i - onset + 1) * each;

/** A disk that cannot keep up, and who waits for it. */
export function busyDisk(h: Host, disk: string, load: Disk, waiting = 3): void {
  h.disk(disk, { ...h.disks.get(disk), busy: 99, ...load });
  h.iowait = 22;
  h.blocked = waiting;
  h.psi.io = 45;
  h.psi.ioFull = 30;
  h.load = [waiting + 1.2, waiting * 0.8, waiting * 0.5];
}

/** Pages go out to swap and come back. */
export function swapping(h: Host, pages: number, disk: string): void {
  h.swapIn = pages;
  h.swapOut = pages * 1.1;
  h.majors = pages / 5;
  h.psi.memory = 38;
  h.psi.memoryFull = 21;
  busyDisk(
    h,
    disk,
    { reads: pages / 4, writes: pages / 8, readBytes: pages * 4096, writeBytes: pages * 4300, await: 12 },
    6,
  );
}
