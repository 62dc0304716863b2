// Killed for lack of memory: of the machine, or of one control group. The two have different causes and different fixes.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding, Subject } from '#core/diagnosis.ts';
import { formatBytes, formatPercent } from '#core/format.ts';
import { cgroupName } from '#worker/collectors/cgroupName.ts';
import { evidence, makeFinding, serverSubject, shortGroup } from './finding.ts';
import { oomKills, type OomKill } from './kernelEvents.ts';
import type { Picture, Rule } from './rule.ts';
import { firstRise, totalRise, within } from './series.ts';
import { unitOf } from './services.ts';

/**
 * A kill is shown for a while; longer while its victim has not come back, unless the control group went with it: a container or a session
 * that was removed is not waited for.
 */
const { shown: window, missing: longWindow, plenty: plentyPercent } = limitsOf('mem.oom_kill');

function currentKills(picture: Picture): OomKill[] {
  const running = new Set((picture.facts.processGroups ?? []).map((g) => g.name));
  return oomKills(picture, longWindow).filter(
    (k) =>
      k.at >= picture.at - window ||
      (k.victim !== '' &&
        running.size > 0 &&
        !running.has(k.victim) &&
        !isGone(picture, k.cgroup) &&
        isService(picture, k)),
  );
}

/** The group of a container or a session that is no longer there; of a unit, systemd makes it anew. */
function isGone(picture: Picture, cgroup: string | undefined): boolean {
  const passing = /docker|libpod|containerd|crio|kubepods|lxc|machine|session|run-/;
  return (
    cgroup !== undefined &&
    !cgroup.endsWith('.service') &&
    passing.test(cgroup) &&
    (picture.facts.cgroups ?? []).length > 0 &&
    groupOf(picture, cgroup) === undefined
  );
}

/** A program that belongs here: these reports saw it run before, or systemd has a unit for it. A command of a moment does not. */
function isService(picture: Picture, kill: OomKill): boolean {
  const seen = picture.seen?.get(kill.victim);
  return (seen !== undefined && seen.reports >= 3) || unitOf(picture, kill.victim) !== undefined;
}

/** vmstat oom_kill rose, or the kernel log tells of a kill that was not a control group's. */
export const memOomKill: Rule = {
  id: 'mem.oom_kill',
  find(picture): Finding[] {
    const all = currentKills(picture);
    const global = all.filter((k) => k.cgroup === undefined);
    // A counter that rose over a hole of hours tells of no moment; and with memory to spare it was a limit, not the machine.
    const counter = within(picture.series('mem.oom_kills'), picture.at - 2 * window, picture.at);
    const available = within(picture.series('mem.available_percent'), picture.at - window, picture.at).map(
      (p) => p[1],
    );
    const plenty = available.length > 0 && Math.min(...available) > plentyPercent;
    const risen = plenty && all.length === 0 ? 0 : totalRise(counter, picture.at - window);
    const cgroupRise = picture
      .subjects('cgroup.oom_kills')
      .reduce((sum, s) => sum + totalRise(picture.series('cgroup.oom_kills', s), picture.at - window), 0);
    if (global.length === 0 && (risen === 0 || all.length > 0 || cgroupRise > 0)) return [];
    const names = [...new Set(global.map((k) => k.victim).filter(Boolean))];
    const since = global[0]?.at ?? firstRise(counter, picture.at - window)!;
    const subject = names[0] ? ({ kind: 'process', name: names[0] } as const) : serverSubject(picture);
    const count = Math.max(global.length, risen);
    const last = global.at(-1);
    return [
      makeFinding(picture, 'mem.oom_kill', {
        subject,
        since,
        confidence: global.length > 0 ? 0.98 : 0.85,
        summary: names.length
          ? `The kernel killed ${names.join(', ')} because memory had run out.`
          : `The kernel killed ${count} ${count === 1 ? 'process' : 'processes'} because memory had run out.`,
        evidence: [
          ...(last ? [evidence('kernel log', last.text, '', 'dmesg')] : []),
          ...(last?.rss ? [evidence('memory of the killed process', last.rss, 'bytes', 'dmesg')] : []),
          ...(risen > 0
            ? [evidence('OOM kills in 30 min', risen, 'count', 'mem.oom_kills', '0')]
            : [evidence('OOM kills', count, 'count', 'dmesg', '0')]),
        ],
      }),
    ];
  },
};

/** memory.events oom_kill of a group rose, or the log names the group whose limit was hit. */
export const memCgroupOom: Rule = {
  id: 'mem.cgroup_oom',
  find(picture): Finding[] {
    const free = picture.latest('mem.available_percent');
    return withoutEchoes(picture, killsByGroup(picture, free)).map(([path, { since, kills, rise }]) => {
      const { cgroup, subject } = namedGroup(picture, path, kills);
      const { kind, name } = subject;
      const limit = cgroup?.memoryLimit;
      const victims = [...new Set(kills.map((k) => k.victim).filter(Boolean))];
      return makeFinding(picture, 'mem.cgroup_oom', {
        subject,
        since,
        confidence: 0.95,
        ...(kills.length > 0 && kills.every((k) => isGone(picture, k.cgroup))
          ? { severity: 'warning' as const }
          : {}),
        summary: `${kind === 'container' ? `The container ${name}` : name} hit its own memory limit${
          limit ? ` of ${formatBytes(limit)}` : ''
        }, and the kernel killed ${victims.length ? victims.join(', ') : 'a process of it'}${
          free === undefined ? '' : `; the server itself has ${formatPercent(free)} of its memory available`
        }.`,
        evidence: [
          evidence(
            'OOM kills of the group',
            Math.max(kills.length, rise),
            'count',
            rise > 0 ? `cgroup.oom_kills{${path}}` : 'dmesg',
            '0',
          ),
          ...(kills[0] ? [evidence('kernel log', kills.at(-1)!.text, '', 'dmesg')] : []),
          ...(limit ? [evidence('memory limit', limit, 'bytes', 'facts.cgroups.memoryLimit')] : []),
          ...(free === undefined
            ? []
            : [evidence('memory available on the server', free, 'percent', 'mem.available_percent')]),
        ],
      });
    });
  },
};

/** From the counters of groups, the log, and where nobody may read that, from Docker. By the path or the name of the group. */
function killsByGroup(picture: Picture, free: number | undefined): Map<string, Count> {
  const found = new Map<string, Count>();
  const note = (path: string, since: number, kill?: OomKill, rise = 0) => {
    const entry = found.get(path) ?? { since, kills: [], rise: 0 };
    entry.since = Math.min(entry.since, since);
    if (kill) entry.kills.push(kill);
    entry.rise += rise;
    found.set(path, entry);
  };
  for (const path of picture.subjects('cgroup.oom_kills')) {
    const series = picture.series('cgroup.oom_kills', path);
    const rise = totalRise(series, picture.at - window);
    if (rise > 0) note(path, firstRise(series, picture.at - window)!, undefined, rise);
  }
  const logged = currentKills(picture);
  for (const kill of logged) {
    if (kill.cgroup === undefined) continue;
    const known = [...found.keys()].find((path) =>
      sameGroup(picture, path, kill.cgroup || groupOfVictim(picture, kill)),
    );
    note(known ?? (nameOf(kill.cgroup) || kill.victim || 'unknown'), kill.at, kill);
  }
  // Where nobody may read the kernel's log, Docker still says of a container that ended why it did.
  const silent = found.size === 0 && logged.length === 0 && (free ?? 100) > limitsOf('mem.cgroup_oom').free;
  for (const c of picture.facts.containers ?? [])
    if (silent && c.oomKilled && c.exitCode === 137 && /^(exited|dead)$/.test(c.state) && !c.longGone)
      note(c.name, picture.at);
  return found;
}

/** The log and the control group know a container by its id, people by its name. */
function namedGroup(picture: Picture, path: string, kills: readonly OomKill[]) {
  const cgroup = groupOf(picture, path);
  const containers = picture.facts.containers ?? [];
  const killed = containers.filter((c) => c.oomKilled);
  const isId = /^[0-9a-f]{12}$/.test(path);
  const docker =
    containers.find(
      (c) =>
        c.name === path ||
        (c.id !== '' &&
          (path.includes(c.id) || cgroup?.container === c.id || (isId && c.id.startsWith(path)))),
    ) ??
    // The log of an old kernel names no group; Docker says which of its containers was killed.
    (kills.every((k) => k.cgroup === '') && !cgroup && killed.length === 1 ? killed[0] : undefined);
  const container = docker?.name ?? cgroup?.container ?? containerIn(path) ?? (isId ? path : undefined);
  const name = cgroup?.unit ?? container ?? shortGroup(path);
  const kind: Subject['kind'] =
    cgroup?.unit || /\.(service|scope)$/.test(name)
      ? 'unit'
      : container
        ? 'container'
        : kills.some((k) => k.victim === name)
          ? 'process'
          : 'cgroup';
  return { cgroup, subject: { kind, name } };
}

interface Count {
  since: number;
  kills: OomKill[];
  rise: number;
}

/**
 * A kill counts in the group whose limit was hit and in all above it (cgroup-v2: `memory.events` is hierarchical), and in that of the
 * victim below. The log names the group whose limit it was; where it says nothing, it is the lowest that has a limit.
 */
function withoutEchoes(picture: Picture, found: ReadonlyMap<string, Count>): [string, Count][] {
  const all = [...found].map(([name, count]) => {
    const group = groupOf(picture, name);
    const logged = count.kills.find((k) => k.cgroup)?.cgroup;
    const path = (logged ?? group?.path ?? name).replace(/^\/+|\/+$/g, '');
    return { name, count, path, limited: group?.memoryLimit !== undefined, logged: count.kills.length > 0 };
  });
  const within = (a: string, b: string) => a.startsWith(`${b}/`);
  return all
    .filter(
      (one) =>
        one.logged ||
        !all.some((other) =>
          other.logged
            ? within(other.path, one.path) || within(one.path, other.path)
            : (other.limited && within(other.path, one.path)) ||
              (!one.limited && other.limited && within(one.path, other.path)),
        ),
    )
    .map(({ name, count }) => [name, count]);
}

/** The unit, the container or the last part of the path: what is above it says where it ran, not what it is. */
function nameOf(cgroup: string): string {
  const path = cgroup.replace(/^\/+/, '');
  const { unit, container } = cgroupName(path);
  return unit ?? container ?? path.slice(path.lastIndexOf('/') + 1);
}

/** The log leaves the group's name out where only its graver lines were kept: then where the program runs, or the one group that lost one. */
function groupOfVictim(picture: Picture, { victim }: OomKill): string {
  const own = picture.facts.processGroups?.find((g) => g.name === victim)?.cgroup;
  if (own !== undefined && own !== '/') return own;
  const risen = picture
    .subjects('cgroup.oom_kills')
    .filter((s) => totalRise(picture.series('cgroup.oom_kills', s), picture.at - window) > 0);
  return risen.length === 1 ? risen[0]! : '';
}

/** What no Docker knows (Kubernetes, podman): the short id, and the pod that it belongs to. */
function containerIn(path: string): string | undefined {
  const id = /(?:^|[-/])([0-9a-f]{64})(?:\.scope)?$/.exec(path)?.[1]?.slice(0, 12);
  const pod = /pod([0-9a-f]{4,8}[0-9a-f_-]{0,28})/.exec(path)?.[1]?.replaceAll('_', '-');
  return id && (pod ? `${id} of pod ${pod}` : id);
}

/** The control group that a path of the log, a series or a file name means. */
function groupOf(picture: Picture, name: string) {
  return picture.facts.cgroups?.find(
    (c) =>
      c.unit === name || (c.container !== undefined && name.includes(c.container)) || samePath(c.path, name),
  );
}

function sameGroup(picture: Picture, a: string, b: string): boolean {
  if (b === '') return false;
  const group = groupOf(picture, a);
  return samePath(a, b) || (group !== undefined && group === groupOf(picture, b));
}

/** Paths of a control group as /proc, the log and the file system write them differ by a prefix. */
function samePath(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return long === short || (short !== '' && short !== '/' && long.endsWith(short));
}
