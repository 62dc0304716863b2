// Values that need more than one section: made after all collectors ran and the rates are known.
import type { Facts } from '#core/facts.ts';
import type { Sample } from '#core/snapshot.ts';
import { cgroupName } from '#worker/collectors/cgroupName.ts';
import { processTable } from './later.ts';

/** Link use: the busier direction against the speed, where the link tells one (virtual ones do not). */
export function linkUse(samples: readonly Sample[], facts: Facts): Sample[] {
  const busiest = new Map<string, number>();
  for (const { metric, subject, value } of samples) {
    if (metric !== 'net.rx_bytes' && metric !== 'net.tx_bytes') continue;
    busiest.set(subject, Math.max(busiest.get(subject) ?? 0, value));
  }
  return (facts.interfaces ?? []).flatMap(({ name, speed }) => {
    const bytes = busiest.get(name);
    return bytes === undefined || !speed
      ? []
      : [{ metric: 'net.utilization' as const, subject: name, value: (100 * bytes * 8) / (speed * 1e6) }];
  });
}

/** Requests a second: bytes that the access logs grew by, in lines. */
export function webRequests(samples: ReadonlyMap<string, Sample>): Sample[] {
  const grown = samples.get('web.log_bytes ')?.value;
  const line = samples.get('web.log_line ')?.value;
  // Of logs that nobody wrote to lately no line is read.
  if (grown === undefined || (grown > 0 && !line)) return [];
  return [{ metric: 'web.requests', subject: '', value: line ? grown / line : 0 }];
}

/**
 * Since when security updates wait: each kept from the report that first named it, so that one that is installed every day does not
 * look like one that nobody installs. A package manager that names none is only known to have some.
 */
export function waitingSince(facts: Facts, before: Facts | undefined, at: number): void {
  const { packages } = facts;
  if (!packages?.security) return;
  const past = before?.packages;
  const names = Object.keys(packages.securityWaiting ?? {});
  if (names.length > 0) {
    packages.securityWaiting = Object.fromEntries(
      names.map((name) => [name, past?.securityWaiting?.[name] ?? at]),
    );
    packages.securitySince = Math.min(...Object.values(packages.securityWaiting));
  } else packages.securitySince = (past?.security ? past.securitySince : undefined) ?? at;
}

/** Latency of all operations: that of reads and of writes, each weighted by how many there were. */
export function diskLatency(samples: ReadonlyMap<string, Sample>): Sample[] {
  const found: Sample[] = [];
  for (const { metric, subject, value: reads } of samples.values()) {
    if (metric !== 'disk.reads') continue;
    const value = (name: string) => samples.get(`disk.${name} ${subject}`)?.value;
    const writes = value('writes') ?? 0;
    const [read, write] = [value('read_await'), value('write_await')];
    if (read === undefined && write === undefined) continue;
    const [weightRead, weightWrite] = [read === undefined ? 0 : reads, write === undefined ? 0 : writes];
    const sum = weightRead + weightWrite;
    if (sum > 0) {
      const mean = ((read ?? 0) * weightRead + (write ?? 0) * weightWrite) / sum;
      found.push({ metric: 'disk.await', subject, value: mean });
    }
  }
  return found;
}

interface Moment {
  uptime?: number;
  /** Epoch seconds. */
  at?: number;
  facts: Facts;
}

/**
 * CPU of process groups over the whole time since they were read before, instead of the one second within a report. Of groups that lost a
 * process the larger of both: the CPU time of one that ended is gone from the sum. Where a report of a crowd reads them once, a large group
 * is taken for one that did not when its first processes are still there. Corrects the facts, returns the samples.
 */
export function longerGroupCpu(before: Moment, now: Moment, samples: ReadonlyMap<string, Sample>): Sample[] {
  const table = before.facts.agent?.later?.find(({ section }) => section === processTable);
  const seconds = (now.uptime ?? NaN) - ((table ?? before).uptime ?? NaN);
  if (!(seconds > 1 && seconds <= 600)) return [];
  const earlier = new Map(before.facts.processGroups?.map((group) => [group.name, group]));
  const found: Sample[] = [];
  for (const group of now.facts.processGroups ?? []) {
    const past = earlier.get(group.name);
    // All of it began since: what it has used, it used in this time. A report whose readings both saw it knows better.
    const born = group.startedAt !== undefined && now.at !== undefined && now.at - group.startedAt < seconds;
    if (born && !group.cpuPercent && group.cpuSeconds > 0) {
      group.cpuPercent = Math.round((1000 * group.cpuSeconds) / seconds) / 10;
      if (samples.has(`proc.group.count ${group.name}`) || group.cpuPercent >= 1)
        found.push({ metric: 'proc.group.cpu', subject: group.name, value: group.cpuPercent });
      continue;
    }
    const lostNone =
      past &&
      (past.pids.length === past.count || (group.cpuPercent === undefined && past.count <= group.count)) &&
      past.pids.every((pid) => group.pids.includes(pid));
    if (!past || group.cpuSeconds < past.cpuSeconds) continue;
    const rate = Math.round((1000 * (group.cpuSeconds - past.cpuSeconds)) / seconds) / 10;
    // What those used that were replaced is missing: it was that much at least.
    if (!lostNone && rate <= (group.cpuPercent ?? Infinity)) continue;
    group.cpuPercent = rate;
    if (samples.has(`proc.group.count ${group.name}`))
      found.push({ metric: 'proc.group.cpu', subject: group.name, value: group.cpuPercent });
  }
  return found;
}

/** Tasks of a control group against its limit, which only a longer run tells. */
export function taskLimits(facts: Facts): Sample[] {
  return (facts.cgroups ?? []).flatMap(({ path, pids, pidsLimit }) =>
    pids !== undefined && pidsLimit
      ? [
          {
            metric: 'cgroup.pids_percent' as const,
            subject: cgroupName(path).subject,
            value: (100 * pids) / pidsLimit,
          },
        ]
      : [],
  );
}

/** User names instead of numbers, where the accounts are known. */
export function nameUsers(facts: Facts, users: NonNullable<Facts['users']>): void {
  if (users.length === 0 || !facts.processGroups) return;
  // The first account of a number counts: the others share it.
  const names = new Map(users.toReversed().map(({ uid, name }) => [String(uid), name]));
  facts.processGroups = facts.processGroups.map((group) => ({
    ...group,
    users: group.users.map((user) => names.get(user) ?? user),
  }));
}

/** Bytes a second that groups read and wrote, from the rates to the facts. */
export function groupIo(facts: Facts, samples: ReadonlyMap<string, Sample>): void {
  for (const group of facts.processGroups ?? []) {
    const read = samples.get(`proc.group.read_bytes ${group.name}`)?.value;
    const write = samples.get(`proc.group.write_bytes ${group.name}`)?.value;
    if (read !== undefined) group.readBytes = Math.round(read);
    if (write !== undefined) group.writeBytes = Math.round(write);
  }
}
