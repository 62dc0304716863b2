// The table of processes, gathered by program: CPU between the two readings, memory, swap, state.
import type { ProcessGroup } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Report, Section } from '#core/report.ts';
import type { Counter, Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { executablesOf, executablesSection, type Program } from './executables.ts';
import { groupName } from './groupName.ts';
import { notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';
import { openFilesOf, openFilesSection } from './openFiles.ts';
import { bootTimeOf, uptimeOf } from './reportTime.ts';

/** Ticks of /proc/PID/stat in a second: USER_HZ is 100 on every architecture that Linux still runs on. */
const ticks = 100;
/** A fact of the size of a page, not of the machine: groups and process ids that are kept. */
const kept = { groups: 300, pids: 32 };
/** Series are for groups that matter: the first 25 in any of these orders, and above a floor. */
const series = { top: 25, cpuPercent: 1, cpuSeconds: 10, rss: 16 * 2 ** 20, swap: 2 ** 20, io: 2 ** 20 };

export const processes: Collector = {
  section: 'cat /proc/[0-9]*/stat',
  with: [executablesSection, openFilesSection],
  // Kernel threads have no program, so the listing of them ends with 1.
  anyExit: true,
  parse(_section, report) {
    const { rows, left, detailed } = tableOf(report);
    if (rows.length === 0) throw new ParseError('There is no line with the columns of a process.');
    const again = sectionOf(report, 'cat /proc/[0-9]*/stat', 2);
    const seconds = (uptimeOf(report, 2) ?? 0) - (uptimeOf(report, 1) ?? 0);
    const all = gather(rows, bootTimeOf(report), executablesOf(report));
    if (!detailed) for (const group of all.values()) delete group.swap;
    countOnce(all, rows, mappedBytes(report));
    if (again && seconds > 0.2) addRates(all, rows, again, seconds);
    const groups = [...all.values()];
    const fullest = addOpenFiles(all, rows, openFilesOf(report));
    const count = (state: string) => rows.reduce((sum, row) => sum + Number(row.state === state), 0);
    return {
      facts: { processGroups: foremost(groups) },
      samples: [
        { metric: 'proc.count', subject: '', value: rows.length },
        { metric: 'proc.zombies', subject: '', value: count('Z') },
        { metric: 'proc.uninterruptible', subject: '', value: count('D') },
        ...fullest,
        ...groupSamples(groups, detailed && hasSwap(report)),
      ],
      counters: ioCounters(rows),
      partial: notUnderstood(left),
    };
  },
};

interface Row {
  pid: number;
  ppid: number;
  uid: string;
  state: string;
  /** Seconds. */
  cpu: number;
  threads: number;
  rss: number;
  swap: number;
  start: number;
  read: number;
  write: number;
  cgroup: string;
  /** The function of the kernel in which it waits without being interruptible. */
  wait: string;
  group: string;
  kernel: boolean;
}

interface Table {
  rows: Row[];
  left: string[];
  /** Whether user, swap, bytes and control group were asked: an ordinary minute run leaves them out. */
  detailed: boolean;
}

const tables = new WeakMap<Report, Table>();

/** The table of processes of a report. Its first line names the columns; `name` is the last and may contain anything. */
export function tableOf(report: Report): Table {
  let table = tables.get(report);
  if (!table) {
    table = readTable(sectionOf(report, 'cat /proc/[0-9]*/stat', 1)?.body ?? '');
    tables.set(report, table);
  }
  return table;
}

function readTable(body: string): Table {
  const [head = '', ...lines] = body.split('\n');
  const names = head.split('\t');
  const last = names.length - 1;
  const left: string[] = [];
  const rows: Row[] = [];
  const seen = new Set<number>();
  if (names[0] !== 'pid' || names[last] !== 'name')
    return { rows, left: head.trim() === '' ? [] : [head], detailed: false };
  const at = (name: string) => names.indexOf(name);
  const [ppid, uid, state, utime, stime] = [at('ppid'), at('uid'), at('state'), at('utime'), at('stime')];
  const [threads, rss, swap, start] = [at('threads'), at('rss_kb'), at('swap_kb'), at('start')];
  const [read, write, cgroup, wait] = [at('read_bytes'), at('write_bytes'), at('cgroup'), at('wchan')];
  for (const line of lines) {
    if (line === '') continue;
    const v = line.split('\t');
    // An empty field is "the kernel did not say": a kernel thread has no memory, an unprivileged agent sees no bytes.
    const number = (index: number) => Number(v[index]) || 0;
    const pid = number(0);
    if (v.length < names.length || !(pid > 0)) {
      left.push(line);
      continue;
    }
    if (seen.has(pid)) continue;
    seen.add(pid);
    const parent = number(ppid);
    const kernel = parent === 2 || pid === 2;
    const name = v.length === names.length ? v[last]! : v.slice(last).join('\t');
    rows.push({
      pid,
      ppid: parent,
      uid: v[uid] ?? '',
      // One letter: what a report claims becomes the name of a field.
      state: /^[A-Za-z]$/.test(v[state] ?? '') ? v[state]! : '?',
      cpu: (number(utime) + number(stime)) / ticks,
      threads: number(threads) || 1,
      rss: number(rss) * 1024,
      swap: number(swap) * 1024,
      start: number(start) / ticks,
      read: number(read),
      write: number(write),
      cgroup: v[cgroup] ?? '',
      wait: v[wait] ?? '',
      group: groupName(name, kernel),
      kernel,
    });
  }
  return { rows, left, detailed: rows.some((row) => row.uid !== '') };
}

/** Bytes that processes have in memory, each page once: anonymous ones, and files and shared memory that are mapped. */
function mappedBytes(report: Report): number | undefined {
  const body = sectionOf(report, 'cat /proc/meminfo')?.body ?? '';
  const [anon, mapped] = ['AnonPages', 'Mapped'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d{1,15}) kB`, 'm').exec(body)?.[1] ?? NaN),
  ) as [number, number];
  return Number.isNaN(anon + mapped) ? undefined : (anon + mapped) * 1024;
}

/** Forks of one process share its pages, which each of them counts as its own: together they have no more than all processes have. */
function countOnce(groups: ReadonlyMap<string, ProcessGroup>, rows: readonly Row[], most = Infinity): void {
  for (const [name, group] of groups) {
    if (group.count < 2 || group.rss <= most) continue;
    const largest = rows.reduce((max, row) => (row.group === name ? Math.max(max, row.rss) : max), 0);
    group.rss = Math.max(most, largest);
  }
}

/** Groups of kernel threads; not a field, so that a group is its fact as it is. */
const kernelGroups = new WeakSet<ProcessGroup>();

function gather(
  rows: Row[],
  boot: number | undefined,
  programs: ReadonlyMap<number, Program>,
): Map<string, ProcessGroup> {
  const groups = new Map<string, ProcessGroup>();
  const cgroups = new Map<ProcessGroup, Map<string, number>>();
  for (const row of rows) {
    let group = groups.get(row.group);
    if (!group) {
      group = {
        name: row.group,
        count: 0,
        rss: 0,
        swap: 0,
        threads: 0,
        cpuSeconds: 0,
        users: [],
        pids: [],
        states: {},
      };
      if (row.kernel) kernelGroups.add(group);
      groups.set(row.group, group);
      cgroups.set(group, new Map());
    }
    group.count++;
    group.rss += row.rss;
    group.swap! += row.swap;
    group.threads += row.threads;
    group.cpuSeconds += row.cpu;
    group.states[row.state] = (group.states[row.state] ?? 0) + 1;
    if (/^[a-z_]\w{1,63}$/.test(row.wait)) {
      const channels = (group.waitChannels ??= {});
      channels[row.wait] = (channels[row.wait] ?? 0) + 1;
    }
    if (group.pids.length < kept.pids) group.pids.push(row.pid);
    if (row.uid !== '' && group.users.length < 10 && !group.users.includes(row.uid))
      group.users.push(row.uid);
    if (boot !== undefined)
      group.startedAt = Math.min(group.startedAt ?? Infinity, Math.round(boot + row.start));
    if (row.cgroup.length > 1) {
      const counts = cgroups.get(group)!;
      counts.set(row.cgroup, (counts.get(row.cgroup) ?? 0) + 1);
    }
    const program = programs.get(row.pid);
    if (program) {
      group.executable ??= program.path;
      group.deleted = (group.deleted ?? false) || program.deleted;
    }
  }
  const owners = new Map(rows.map((row) => [row.pid, row.group]));
  for (const { ppid, state } of rows) {
    const parent = state === 'Z' ? groups.get(owners.get(ppid) ?? '') : undefined;
    if (parent) parent.zombieChildren = (parent.zombieChildren ?? 0) + 1;
  }
  for (const [group, counts] of cgroups) {
    group.cpuSeconds = Math.round(group.cpuSeconds * 100) / 100;
    // The control group that most of them are in.
    const [main] = [...counts].reduce<[string, number]>((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    if (main !== '') group.cgroup = main.replace(/^\//, '');
  }
  return groups;
}

/** The second table has only the processes that moved, without their names. One that is new there is left out. */
function addRates(groups: Map<string, ProcessGroup>, rows: Row[], again: Section, seconds: number): void {
  const first = new Map(rows.map((row) => [row.pid, row]));
  const [head = '', ...lines] = again.body.split('\n');
  const names = head.split('\t');
  const [utime, stime] = [names.indexOf('utime'), names.indexOf('stime')];
  if (names[0] !== 'pid' || utime < 0 || stime < 0) return;
  for (const group of groups.values()) group.cpuPercent = 0;
  for (const line of lines) {
    const v = line.split('\t', names.length);
    const row = first.get(Number(v[0]));
    const cpu = (Number(v[utime]) + Number(v[stime])) / ticks;
    const group = row && groups.get(row.group);
    if (!row || !group || cpu <= row.cpu) continue;
    group.cpuPercent! += (100 * (cpu - row.cpu)) / seconds;
    // The sum is that of the last reading, whose uptime is the report's: rates over reports divide the one by the other.
    group.cpuSeconds = Math.round(100 * (group.cpuSeconds + cpu - row.cpu)) / 100;
  }
  for (const group of groups.values()) group.cpuPercent = Math.round(group.cpuPercent! * 10) / 10;
}

/** The fullest process of each group, in percent of its own limit. */
function addOpenFiles(
  groups: Map<string, ProcessGroup>,
  rows: Row[],
  files: ReturnType<typeof openFilesOf>,
): Sample[] {
  const names = new Map(files.length > 0 ? rows.map((row) => [row.pid, row.group]) : []);
  const percent = new Map<string, number>();
  for (const { pid, open, limit } of files) {
    const group = groups.get(names.get(pid) ?? '');
    const share = (100 * open) / limit;
    if (!group || share <= (percent.get(group.name) ?? -1)) continue;
    percent.set(group.name, share);
    Object.assign(group, { openFiles: open, openFilesLimit: limit });
  }
  return [...percent].map(([subject, value]) => ({
    metric: 'proc.group.open_files_percent',
    subject,
    value,
  }));
}

/** Bytes that processes read and wrote since they began; a sum that shrank because one ended is no rate. */
function ioCounters(rows: Row[]): Counter[] {
  const sums = new Map<string, { read: number; write: number }>();
  for (const { group, read, write } of rows) {
    if (read + write === 0) continue;
    const sum = sums.get(group) ?? { read: 0, write: 0 };
    sums.set(group, { read: sum.read + read, write: sum.write + write });
  }
  return [...sums]
    .filter(([, { read, write }]) => read + write >= series.io)
    .toSorted(([, a], [, b]) => b.read + b.write - a.read - a.write)
    .slice(0, series.top)
    .flatMap(([subject, { read, write }]): Counter[] => [
      { metric: 'proc.group.read_bytes', subject, value: read },
      { metric: 'proc.group.write_bytes', subject, value: write },
    ]);
}

/** Kernel threads only when they did something; then the largest. */
function foremost(groups: ProcessGroup[]): ProcessGroup[] {
  return groups
    .filter((group) => !kernelGroups.has(group) || group.cpuSeconds > 0 || group.states['D'])
    .toSorted((a, b) => b.rss + b.cpuSeconds * 2 ** 20 - (a.rss + a.cpuSeconds * 2 ** 20))
    .slice(0, kept.groups);
}

const orders: [order: (group: ProcessGroup) => number, floor: number][] = [
  [(group) => group.cpuPercent ?? 0, series.cpuPercent],
  [(group) => group.cpuSeconds, series.cpuSeconds],
  [(group) => group.rss, series.rss],
  [(group) => group.swap ?? 0, series.swap],
];

/** Series of the groups that matter. A group of a service that is always there keeps its series by what it used in all. */
function groupSamples(groups: ProcessGroup[], withSwap: boolean): Sample[] {
  const chosen = new Set<ProcessGroup>();
  for (const [order, floor] of orders) {
    const above = groups.filter((group) => order(group) >= floor);
    for (const group of above.toSorted((a, b) => order(b) - order(a)).slice(0, series.top)) chosen.add(group);
  }
  return [...chosen].flatMap((group) => {
    const values: [MetricName, number | undefined][] = [
      ['proc.group.cpu', group.cpuPercent],
      ['proc.group.count', group.count],
      ['proc.group.threads', group.threads],
      ['proc.group.rss', kernelGroups.has(group) ? undefined : group.rss],
      ['proc.group.swap', kernelGroups.has(group) || !withSwap ? undefined : group.swap],
    ];
    return values.flatMap(([metric, value]) =>
      value === undefined ? [] : [{ metric, subject: group.name, value }],
    );
  });
}

/** Without any swap, a series of zeros for each group would say nothing. */
const hasSwap = (report: Report) =>
  !/^SwapTotal: +0 kB$/m.test(sectionOf(report, 'cat /proc/meminfo')?.body ?? '');
