// /sys/fs/cgroup: what each service and container uses, and where its limits bite. Version 2, version 1, and both together.
// https://docs.kernel.org/admin-guide/cgroup-v2.html
import type { Cgroup } from '#core/facts.ts';
import type { MetricName } from '#core/metrics.ts';
import type { Counter, Sample } from '#core/snapshot.ts';
import { cgroupName } from './cgroupName.ts';
import { type Collector } from './collector.ts';
import { decimal, integer } from './lines.ts';
import { filesOf } from './lookup.ts';
import { pageSizeOf } from './meminfo.ts';

/** Groups kept: those with the most memory. A group that uses less than this, and has no limit, is no series. */
const kept = 300;
const floor = 4 * 2 ** 20;

/** Version 1 mounts each controller at a folder of its own. */
const controller =
  /^(memory|cpu|cpuacct|cpu,cpuacct|cpuacct,cpu|pids|blkio|unified|systemd|cpuset|devices|freezer)\//;

type Group = Cgroup & {
  cpuSeconds?: number;
  ioBytes?: number;
  ioPressure?: number;
  memoryPressure?: number;
  quota?: number;
  period?: number;
};

export const cgroups: Collector = {
  section: /^cat \/sys\/fs\/cgroup\//,
  with: [],
  parse(_section, report) {
    const groups = new Map<string, Group>();
    for (const [file, content] of filesOf(report, /^\/sys\/fs\/cgroup\//)) {
      const cut = file.lastIndexOf('/');
      const path = file
        .slice('/sys/fs/cgroup/'.length, cut + 1)
        .replace(controller, '')
        .slice(0, -1);
      // The root has no limits of its own, and the machine's totals are read elsewhere.
      if (path === '') continue;
      let group = groups.get(path);
      if (!group) {
        const { unit, container } = cgroupName(path);
        group = { path, ...(unit ? { unit } : {}), ...(container ? { container } : {}) };
        groups.set(path, group);
      }
      read(group, file.slice(cut + 1), content);
    }
    const page = pageSizeOf(report);
    const list = [...groups.values()]
      .map((group) => finish(group, page))
      .toSorted((a, b) => (b.memory ?? 0) - (a.memory ?? 0))
      .slice(0, kept);
    const seen = list.filter((group) => isSeries(group));
    return {
      facts: {
        cgroups: list.map(
          ({
            cpuSeconds: _c,
            ioBytes: _i,
            ioPressure: _p,
            memoryPressure: _m,
            quota: _q,
            period: _d,
            ...group
          }) => group,
        ),
      },
      samples: seen.flatMap(samplesOf),
      counters: seen.flatMap(countersOf),
    };
  },
};

const words = (content: string) =>
  new Map(content.split('\n').map((line) => line.split(' ', 2) as [string, string | undefined]));

/** A limit of `max`, or larger than any machine (2^63 less a page in version 1), is none. */
const limit = (content: string) => {
  const value = integer(content);
  return value === undefined || value >= 2 ** 60 ? undefined : value;
};

function read(group: Group, file: string, content: string): void {
  let found: Map<string, string | undefined> | undefined;
  const value = (key: string) => integer((found ??= words(content)).get(key));
  switch (file) {
    case 'memory.current':
    case 'memory.usage_in_bytes':
      group.memory = integer(content);
      break;
    case 'memory.max':
    case 'memory.limit_in_bytes':
      group.memoryLimit = limit(content);
      break;
    case 'memory.stat':
      group.anon = value('anon') ?? value('total_rss') ?? value('rss');
      // Version 1 with swap accounting tells it here, version 2 in a file of its own.
      group.swap = value('total_swap') ?? value('swap') ?? group.swap;
      break;
    case 'memory.swap.current':
      group.swap = integer(content);
      break;
    case 'memory.pressure':
      group.memoryPressure = decimal(/^some .{0,40}avg60=(\S+)/m.exec(content)?.[1]);
      break;
    case 'memory.events':
    case 'memory.oom_control':
      group.oomKills = value('oom_kill') ?? group.oomKills;
      break;
    case 'pids.current':
      group.pids = integer(content);
      break;
    case 'pids.max':
      group.pidsLimit = limit(content);
      break;
    case 'cpu.stat': {
      const usage = value('usage_usec');
      if (usage !== undefined) group.cpuSeconds = usage / 1e6;
      group.periods = value('nr_periods') ?? group.periods;
      group.throttledPeriods = value('nr_throttled') ?? group.throttledPeriods;
      break;
    }
    case 'cpuacct.usage':
      group.cpuSeconds = (integer(content) ?? 0) / 1e9;
      break;
    case 'cpu.max':
      [group.quota, group.period] = content.split(' ').map((word) => integer(word));
      break;
    case 'cpu.cfs_quota_us':
      group.quota = integer(content);
      break;
    case 'cpu.cfs_period_us':
      group.period = integer(content);
      break;
    case 'io.stat':
      group.ioBytes = sum(content, /\b[rw]bytes=(\d{1,20})/g);
      break;
    case 'blkio.throttle.io_service_bytes':
    case 'blkio.throttle.io_service_bytes_recursive':
      group.ioBytes = sum(content, /^\d+:\d+ (?:Read|Write) (\d{1,20})$/gm);
      break;
    case 'io.pressure':
      group.ioPressure = decimal(/^some .{0,40}avg60=(\S+)/m.exec(content)?.[1]);
      break;
    default:
      if (/^(io\.max|blkio\.throttle\.\w+_device)$/.test(file) && content !== '') {
        const text = file === 'io.max' ? content : `${file.slice('blkio.throttle.'.length)} ${content}`;
        group.ioLimit = [group.ioLimit, text.replaceAll('\n', '; ')].filter(Boolean).join('; ').slice(0, 300);
      }
  }
}

const sum = (content: string, number: RegExp) =>
  [...content.matchAll(number)].reduce((total, [, digits]) => total + Number(digits), 0);

/** An empty file and a quota of -1 are no limit; leave only what is known. */
function finish(group: Group, page: number): Group {
  const { quota, period } = group;
  if (quota !== undefined && quota > 0 && period) group.cpuQuotaCores = quota / period;
  // Version 1 rounds "no limit" to pages.
  if (group.memoryLimit !== undefined && group.memoryLimit > 2 ** 50 - page) delete group.memoryLimit;
  return Object.fromEntries(
    Object.entries(group).filter(([, value]) => value !== undefined),
  ) as unknown as Group;
}

const isSeries = ({ memory = 0, oomKills = 0, throttledPeriods = 0, ...limits }: Group) =>
  memory >= floor ||
  oomKills > 0 ||
  throttledPeriods > 0 ||
  [limits.memoryLimit, limits.cpuQuotaCores, limits.ioLimit, limits.pidsLimit].some(
    (one) => one !== undefined,
  );

function samplesOf(group: Group): Sample[] {
  const { memory, anon, memoryLimit, oomKills, pids, pidsLimit, ioPressure, memoryPressure } = group;
  const { subject } = cgroupName(group.path);
  // Without memory.stat there is no share of the limit: the whole charge has the page cache in it, which gives way.
  const values: [MetricName, number | undefined][] = [
    ['cgroup.memory', memory],
    ['cgroup.anon', anon],
    ['cgroup.memory_percent', memoryLimit && anon !== undefined ? (100 * anon) / memoryLimit : undefined],
    ['cgroup.oom_kills', oomKills],
    ['cgroup.pids_percent', pidsLimit && pids !== undefined ? (100 * pids) / pidsLimit : undefined],
    ['cgroup.io_pressure', ioPressure],
    ['cgroup.memory_pressure', memoryPressure],
  ];
  return values.flatMap(([metric, value]) => (value === undefined ? [] : [{ metric, subject, value }]));
}

function countersOf({ path, cpuSeconds, throttledPeriods, periods, ioBytes }: Group): Counter[] {
  const { subject } = cgroupName(path);
  const counters: Counter[] = [];
  if (cpuSeconds !== undefined) counters.push({ metric: 'cgroup.cpu', subject, value: 100 * cpuSeconds });
  if (throttledPeriods !== undefined && periods) {
    counters.push({
      metric: 'cgroup.throttled_percent',
      subject,
      value: 100 * throttledPeriods,
      per: periods,
    });
  }
  if (ioBytes !== undefined) counters.push({ metric: 'cgroup.io_bytes', subject, value: ioBytes });
  return counters;
}
