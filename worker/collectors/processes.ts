// The table of processes, gathered by program: CPU between the two readings, memory, swap, state.
import type { ProcessGroup } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Report, Section } from '#core/report.ts';
import type { Sample } from '#core/snapshot.ts';
import { type Collector, ParseError } from './collector.ts';
import { groupName } from './groupName.ts';
import { notUnderstood } from './lines.ts';
import { sectionOf } from './lookup.ts';
import { bootTimeOf, uptimeOf } from './reportTime.ts';

/** Ticks of /proc/PID/stat in a second: USER_HZ is 100 on every architecture that Linux still runs on. */
const ticks = 100;
/** A fact of the size of a page, not of the machine: groups and process ids that are kept. */
const kept = { groups: 300, pids: 32 };
/** Series are for groups that matter: the first 25 in any of four orders, and above a floor. */
const series = { top: 25, cpuPercent: 1, rss: 16 * 2 ** 20, swap: 2 ** 20, io: 64 * 1024 };

export const processes: Collector = {
  section: 'cat /proc/[0-9]*/stat',
  parse(section, report) {
    if (section.reading === 1 && sectionOf(report, section.name, 2)) return {};
    const { rows, left } = readTable(section);
    if (rows.length === 0) throw new ParseError('There is no line with the columns of a process.');
    const before = section.reading === 2 ? readTable(sectionOf(report, section.name, 1)) : undefined;
    const seconds = (uptimeOf(report, 2) ?? 0) - (uptimeOf(report, 1) ?? 0);
    const all = gather(rows, bootTimeOf(report));
    if (before && seconds > 0.2) addRates(all, rows, before.rows, seconds);
    const groups = [...all.values()].map(({ kernel, ...group }) => ({ ...group, kernel }));
    const count = (state: string) => rows.filter((row) => row.state === state).length;
    return {
      facts: { processGroups: foremost(groups) },
      samples: [
        { metric: 'proc.count', subject: '', value: rows.length },
        { metric: 'proc.zombies', subject: '', value: count('Z') },
        { metric: 'proc.uninterruptible', subject: '', value: count('D') },
        ...groupSamples(groups),
      ],
      partial: notUnderstood(left),
    };
  },
};

interface Row {
  pid: number;
  ppid: number;
  uid: string;
  state: string;
  cpu: number;
  threads: number;
  rss: number;
  swap: number;
  start: number;
  read?: number;
  write?: number;
  name: string;
  kernel: boolean;
}

/** The table has a line of column names; `name` is the last and may contain anything. */
function readTable(section: Section | undefined): { rows: Row[]; left: string[] } {
  const [head = '', ...body] = (section?.body ?? '').split('\n');
  const names = head.split('\t');
  const column = (name: string) => names.indexOf(name);
  const [pid, ppid, uid, state, utime, stime, threads, rss, swap, start, name] = [
    'pid',
    'ppid',
    'uid',
    'state',
    'utime',
    'stime',
    'threads',
    'rss_kb',
    'swap_kb',
    'start',
    'name',
  ].map(column) as [number, number, number, number, number, number, number, number, number, number, number];
  const [read, write] = [column('read_bytes'), column('write_bytes')];
  const left: string[] = [];
  const rows: Row[] = [];
  if (pid < 0 || name < 0 || utime < 0) return { rows, left: head.trim() === '' ? [] : [head] };
  for (const line of body) {
    if (line === '') continue;
    const v = line.split('\t');
    const number = (at: number) => Number(v[at]) || 0;
    if (v.length < names.length || !(number(pid) > 0)) {
      left.push(line);
      continue;
    }
    const parent = number(ppid);
    rows.push({
      pid: number(pid),
      ppid: parent,
      uid: v[uid] ?? '',
      state: v[state] ?? '?',
      cpu: (number(utime) + number(stime)) / ticks,
      threads: number(threads) || 1,
      rss: number(rss) * 1024,
      swap: number(swap) * 1024,
      start: number(start) / ticks,
      ...(read < 0 ? {} : { read: number(read) }),
      ...(write < 0 ? {} : { write: number(write) }),
      name: v.slice(name).join('\t'),
      kernel: parent === 2 || number(pid) === 2,
    });
  }
  return { rows, left };
}

type Group = ProcessGroup & { kernel: boolean };

function gather(rows: Row[], boot: number | undefined): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const name = groupName(row.name, row.kernel && row.rss === 0);
    let group = groups.get(name);
    if (!group) {
      group = {
        name,
        count: 0,
        rss: 0,
        swap: 0,
        threads: 0,
        cpuSeconds: 0,
        users: [],
        pids: [],
        states: {},
        kernel: row.kernel,
      };
      groups.set(name, group);
    }
    group.count++;
    group.rss += row.rss;
    group.swap! += row.swap;
    group.threads += row.threads;
    group.cpuSeconds += row.cpu;
    group.states[row.state] = (group.states[row.state] ?? 0) + 1;
    if (group.pids.length < kept.pids) group.pids.push(row.pid);
    if (group.users.length < 10 && !group.users.includes(row.uid)) group.users.push(row.uid);
    if (boot !== undefined)
      group.startedAt = Math.min(group.startedAt ?? Infinity, Math.round(boot + row.start));
  }
  for (const group of groups.values()) group.cpuSeconds = Math.round(group.cpuSeconds * 100) / 100;
  return groups;
}

/** Each process against itself, so that one that began or ended between the readings does no harm. */
function addRates(groups: Map<string, Group>, rows: Row[], before: Row[], seconds: number): void {
  const earlier = new Map(before.map((row) => [row.pid, row]));
  for (const group of groups.values()) group.cpuPercent = 0;
  for (const row of rows) {
    const group = groups.get(groupName(row.name, row.kernel && row.rss === 0));
    const past = earlier.get(row.pid);
    if (!group || (past && past.start !== row.start)) continue;
    const rate = (now: number, then: number | undefined) => Math.max(0, now - (then ?? 0)) / seconds;
    group.cpuPercent! += 100 * rate(row.cpu, past?.cpu);
    if (row.read !== undefined)
      group.readBytes = (group.readBytes ?? 0) + rate(row.read, past?.read ?? row.read);
    if (row.write !== undefined)
      group.writeBytes = (group.writeBytes ?? 0) + rate(row.write, past?.write ?? row.write);
  }
  for (const group of groups.values()) group.cpuPercent = Math.round(group.cpuPercent! * 10) / 10;
}

const orders: ((group: ProcessGroup) => number)[] = [
  (group) => group.cpuPercent ?? 0,
  (group) => group.rss,
  (group) => group.swap ?? 0,
  (group) => (group.readBytes ?? 0) + (group.writeBytes ?? 0),
];

/** Kernel threads only when they did something; then the largest. */
function foremost(groups: Group[]): ProcessGroup[] {
  return groups
    .filter(({ kernel, cpuSeconds, states }) => !kernel || cpuSeconds > 0 || states['D'])
    .toSorted((a, b) => b.rss + b.cpuSeconds * 2 ** 20 - (a.rss + a.cpuSeconds * 2 ** 20))
    .slice(0, kept.groups)
    .map(({ kernel: _, ...group }) => group);
}

export function groupSamples(groups: ProcessGroup[]): Sample[] {
  const chosen = new Set<ProcessGroup>();
  const floors = [series.cpuPercent, series.rss, series.swap, series.io];
  orders.forEach((order, index) => {
    const above = groups.filter((group) => order(group) >= floors[index]!);
    for (const group of above.toSorted((a, b) => order(b) - order(a)).slice(0, series.top)) chosen.add(group);
  });
  return [...chosen].flatMap((group) => {
    const values: [MetricName, number | undefined][] = [
      ['proc.group.cpu', group.cpuPercent],
      ['proc.group.rss', group.rss],
      ['proc.group.swap', group.swap],
      ['proc.group.count', group.count],
      ['proc.group.threads', group.threads],
      ['proc.group.read_bytes', group.readBytes],
      ['proc.group.write_bytes', group.writeBytes],
    ];
    return values.flatMap(([metric, value]) =>
      value === undefined ? [] : [{ metric, subject: group.name, value }],
    );
  });
}

/** The sections of a report that this file reads, for those who need the table itself. */
export const processTable = (report: Report): Row[] => readTable(sectionOf(report, processes.section)).rows;
