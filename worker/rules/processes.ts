// Processes that do what they never did: burn CPU, hang on a disk, run from a directory for temporary files.
import { limitsOf } from '#core/conditions/index.ts';
import type { Finding, FindingBound } from '#core/diagnosis.ts';
import type { ProcessGroup } from '#core/facts.ts';
import { formatCount, formatDuration, formatPercent } from '#core/format.ts';
import type { MetricName } from '#core/metrics.ts';
import { boundOf, normalOf } from './boundOf.ts';
import { cores, evidence, makeFinding, pressingBusy, processTimes, serverSubject } from './finding.ts';
import { isBatch, mayTakePart } from './expectedWork.ts';
import { gauge, isActive } from './gauge.ts';
import { hasSlowQueries, mysqlLongQueries } from './mysqlSlow.ts';
import type { Picture, Point, Rule, RuleState } from './rule.ts';
import { baseline, type Baseline, median, valueAt, within } from './series.ts';
import { isWaitedFor } from './waiting.ts';

/** Programs that work as much as they are asked: with more traffic, more CPU is no fault of theirs. */
const onDemand =
  /^(nginx|apache2|httpd|php-fpm|php-cgi|node|java|python3?|gunicorn|uwsgi|ruby|puma|mysqld|mariadbd|postgres|postmaster|redis-server|valkey-server|haproxy|caddy|varnishd|memcached|mongod)$/;

/**
 * Most of a core, and several times what it took before. A program that serves requests is left alone while traffic rose as well. Info
 * while it takes less than a third of the machine and has not lasted, or is many processes that leave room to all others.
 */
export const processRunaway: Rule = {
  id: 'proc.runaway',
  find(picture, state): Finding[] {
    return (picture.facts.processGroups ?? []).flatMap((group) => {
      if (isBatch(picture, group.name)) return [];
      if (isOfKernel(group) && worksForOthers(picture)) return [];
      // A database that computes what slow queries ask for does what it is told: those are the finding.
      if (
        /^(mysqld|mariadbd)$/.test(group.name) &&
        (hasSlowQueries(picture) || mysqlLongQueries.find(picture, state).length)
      )
        return [];
      const found = picture.reports >= 3 ? overTime(picture, state, group) : atOnce(picture, state, group);
      if (!found) return [];
      const { since, cpu, usual, bound } = found;
      const limits = limitsOf('proc.runaway');
      const n = cores(picture);
      const lasting = picture.at - since >= limits.long;
      const saturating = pressingBusy(picture) > limits.busy;
      // A busy CPU keeps somebody waiting, unless the kernel says that it does not.
      const waited = isWaitedFor(picture, since);
      // What gives way to all others is in nobody's way; nor are many processes at work while the cores have room and nobody waits. Those
      // that answer others may fill the cores: whether they do so in time is what counts.
      const hasRoom = pressingBusy(picture) < limits.roomy;
      const asked = onDemand.test(group.name) ? (waited ?? !hasRoom) : (waited ?? false) || !hasRoom;
      const roomy = group.count > 1 && cpu > 150 && !asked;
      const aside = mayTakePart(picture, group) && (cpu / n < 50 || !(waited ?? saturating));
      const yields = aside || roomy || pressingBusy(picture) < 0.5 * (picture.latest('cpu.busy') ?? 0);
      return [
        makeFinding(picture, 'proc.runaway', {
          subject: { kind: 'process', name: group.name },
          since,
          bound,
          severity: !yields && (cpu / n > 33 || lasting || saturating) ? 'warning' : 'info',
          confidence: picture.reports >= 3 ? 0.9 : 0.65,
          summary: `${group.name} takes ${cpu > 105 ? `${formatCount(cpu / 100)} cores` : `${formatPercent(Math.min(100, cpu))} of a core`}${
            usual === undefined ? '' : `; it used to take ${formatPercent(usual)} of one`
          }.`,
          evidence: [
            evidence(
              `CPU of ${group.name}, in percent of one core`,
              cpu,
              'percent',
              `proc.group.cpu{${group.name}}`,
              usual === undefined ? undefined : `about ${formatPercent(usual)}`,
            ),
            evidence(
              'CPU time since its start',
              group.cpuSeconds,
              'seconds',
              'facts.processGroups.cpuSeconds',
            ),
            ...(group.startedAt
              ? [evidence('started', group.startedAt, 'epoch', 'facts.processGroups.startedAt')]
              : []),
            ...(group.pids[0] && group.count === 1
              ? [evidence('process id', String(group.pids[0]), '', 'facts.processGroups.pids')]
              : []),
          ],
        }),
      ];
    });
  },
};

/** A thread of the kernel has no memory of its own. */
const isOfKernel = ({ name, rss }: ProcessGroup) => name === 'kworker' || rss === 0;

/**
 * Threads of the kernel encrypt, check and move what others read and send (our judgement: 4 MiB/s); beside idle disks and links they spin
 * for nobody.
 */
function worksForOthers(picture: Picture): boolean {
  const rate = (metric: MetricName) =>
    picture.subjects(metric).reduce((sum, s) => sum + (picture.latest(metric, s) ?? 0), 0);
  const moved = ['disk.read_bytes', 'disk.write_bytes', 'net.rx_bytes', 'net.tx_bytes'] as const;
  return moved.some((metric) => rate(metric) > 4 * 1024 ** 2);
}

interface Found {
  since: number;
  cpu: number;
  bound: FindingBound;
  usual?: number;
}

function overTime(picture: Picture, state: RuleState, group: ProcessGroup): Found | undefined {
  const entity = { kind: 'process', name: group.name } as const;
  const points = bridged(picture, picture.series('proc.group.cpu', group.name));
  const run = gauge(picture, state, { id: 'proc.runaway', entity, metric: 'proc.group.cpu', points });
  if (!run) return undefined;
  const { bound } = run;
  const limits = limitsOf('proc.runaway');
  const timesBefore = processTimes(picture).filter((at) => at < run.since).length;
  const cpu = median(within(points, Math.max(run.since, picture.at - 600), picture.at).map((p) => p[1]))!;
  const before =
    baseline(points, run.since, 3) ?? withItsLife(group, baseline(points, run.since, 1), run.since, picture);
  const earlier = points.filter(([at]) => at < run.since).map((p) => p[1]);
  const usual = before?.p95 ?? (timesBefore >= 2 ? Math.max(0, ...earlier) : undefined);
  const active = isActive(state, 'proc.runaway', entity);
  if (usual === undefined) {
    // As long as the reports go back it was so. Only a machine that is full for minutes, with others waiting, makes a fault of it.
    const waiting = picture.latest('cpu.pressure.some') ?? 100;
    const lately = within(picture.series('cpu.busy'), picture.at - 600, picture.at).map((p) => p[1]);
    const busy = Math.min(pressingBusy(picture), median(lately) ?? 100);
    // Slowed by heat, the same work takes more of the cores: what took nearly as much while there was room has not changed.
    const roomy = within(picture.series('cpu.busy'), run.since, picture.at).filter(
      ([, b]) => b < limits.roomy,
    );
    const then = median(roomy.flatMap(([at]) => points.filter((p) => p[0] === at).map((p) => p[1])));
    const slowed = (picture.latest('cpu.throttles') ?? 0) > 0;
    if (slowed && roomy.length >= 3 && then !== undefined && cpu < limits.times * then) return undefined;
    if (busy <= limits.busy - (active ? 10 : 0) || cpu / cores(picture) <= 50 || (!active && waiting <= 15))
      return undefined;
    const step = lastRise(points, cpu);
    return step ? { ...step, cpu, bound } : { since: run.since, cpu, bound };
  }
  if (active) return { since: run.since, cpu, usual, bound };
  if (cpu < limits.times * Math.max(5, usual)) return undefined;
  if (onDemand.test(group.name) && trafficRose(picture, run.since)) return undefined;
  return { since: run.since, cpu, usual, bound };
}

/**
 * A program whose workers were just replaced took their readings along. Where the cores were as busy meanwhile as at the looks before and
 * after, it worked on: what it took is the less of those two.
 */
function bridged(picture: Picture, points: readonly Point[]): readonly Point[] {
  const busy = picture.series('cpu.busy');
  const n = cores(picture);
  return points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return point;
    const usual = Math.min(before[1], after[1]);
    if (point[1] >= usual / 2) return point;
    const [now, ...then] = [point, before, after].map(([at]) => valueAt(busy, at));
    if (now === undefined || then.some((value) => value === undefined)) return point;
    const missing = (usual - point[1]) / n;
    return Math.min(...(then as number[])) - now < missing / 2 ? [point[0], usual] : point;
  });
}

/** Of one or two looks before, when all the hour and more that it had lived until then agrees: what it took at most, by either. */
function withItsLife(
  group: ProcessGroup,
  before: Baseline | undefined,
  since: number,
  picture: Picture,
): Baseline | undefined {
  const lived = since - (group.startedAt ?? since);
  if (!before || lived < 3600) return undefined;
  const points = within(picture.series('proc.group.cpu', group.name), since, picture.at);
  const mean = points.reduce((sum, p) => sum + p[1], 0) / Math.max(1, points.length);
  const used = group.cpuSeconds - (mean / 100) * (picture.at - since);
  return { ...before, p95: Math.max(before.p95, (100 * Math.max(0, used)) / lived) };
}

/**
 * Since when a program takes about what it takes now, where it took at most two thirds of that before (OWN), five looks or more: one that
 * always took more than a core has a beginning, too.
 */
function lastRise(points: readonly Point[], now: number): { since: number; usual: number } | undefined {
  const first = points.findLastIndex(
    ([, value], i) => value < 0.75 * now && (points[i - 1]?.[1] ?? 0) < 0.75 * now,
  );
  const since = points[first + 1]?.[0];
  const usual = since === undefined ? undefined : baseline(points, since);
  return usual && usual.p95 < 0.67 * now ? { since: since!, usual: usual.p95 } : undefined;
}

/** One report: the second between its readings, the CPU time since the start, and the load must all agree. */
function atOnce(picture: Picture, state: RuleState, group: ProcessGroup): Found | undefined {
  const n = cores(picture);
  const cpu = group.cpuPercent ?? picture.latest('proc.group.cpu', group.name) ?? 0;
  const bound = boundOf(state, 'proc.runaway');
  if (cpu < bound.raise || pressingBusy(picture) < limitsOf('proc.runaway').busy || cpu / n < 40)
    return undefined;
  const age = group.startedAt ? picture.at - group.startedAt : 0;
  const load5 = picture.latest('cpu.load5') ?? 0;
  const sinceStart = age > 0 ? (100 * group.cpuSeconds) / age : 0;
  if (
    load5 < 0.6 * n ||
    age < 300 ||
    (sinceStart < 0.5 * cpu && (picture.latest('cpu.load15') ?? 0) < 0.7 * n)
  )
    return undefined;
  return { since: sinceStart >= 0.8 * cpu ? group.startedAt! : picture.at, cpu, bound };
}

/**
 * Whether packets, requests or connections at least doubled with the CPU. Connections that pile up while fewer requests are answered are no
 * traffic: they wait for the very program that is busy.
 */
function trafficRose(picture: Picture, since: number): boolean {
  const change = (metric: 'net.tcp.established' | 'net.rx_packets' | 'web.requests', subject: string) => {
    const points = picture.series(metric, subject);
    const before = baseline(points, since, 2)?.median;
    const now = median(within(points, Math.max(since, picture.at - 600), picture.at).map((p) => p[1]));
    return before === undefined || now === undefined ? undefined : { before, now };
  };
  const rose = (...[metric, subject, floor]: [...Parameters<typeof change>, floor: number]) => {
    const step = change(metric, subject);
    return step !== undefined && step.now > floor && step.now > 2 * step.before;
  };
  const requests = change('web.requests', '');
  const answersLess = requests !== undefined && requests.before > 1 && requests.now < requests.before / 2;
  return (
    (!answersLess && rose('net.tcp.established', '', 20)) ||
    rose('web.requests', '', 1) ||
    picture.subjects('net.rx_packets').some((s) => rose('net.rx_packets', s, 100))
  );
}

/** Tasks in state D at several looks in a row. A task that comes and goes is ordinary I/O. */
export const processesStuck: Rule = {
  id: 'proc.dstate',
  find(picture, state): Finding[] {
    const limits = limitsOf('proc.dstate');
    const stuck = (picture.facts.processGroups ?? [])
      .map((g) => ({ g, n: g.states['D'] ?? 0 }))
      // What moves bytes waits for each of its writes, and gets on.
      .filter(({ g, n }) => n > 0 && (g.readBytes ?? 0) + (g.writeBytes ?? 0) < limits.moved)
      .sort((a, b) => b.n - a.n);
    const entity = serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'proc.dstate',
      entity,
      metric: 'proc.uninterruptible',
    });
    const hung = picture.events.filter(
      (e) => e.kind === 'kernel.hung_task' && e.at >= picture.at - limits.log,
    );
    if (!run && hung.length === 0) return [];
    if (hung.length === 0 && stuck.length === 0) return [];
    // Busy disks have somebody waiting at every look; that many, or a hung task in the log, is something else.
    const least = Math.min(
      ...within(picture.series('proc.uninterruptible'), run?.since ?? picture.at, picture.at).map(
        (p) => p[1],
      ),
    );
    const nobodyMoves = (picture.latest('cpu.iowait') ?? 0) < limits.iowait || least >= limits.many;
    if (hung.length === 0 && !nobodyMoves) return [];
    if (hung.length === 0 && picture.reports >= 3 && least < 1) return [];
    const names = stuck.map(({ g, n }) => (n > 1 ? `${g.name} (${n})` : g.name));
    const channels = new Map<string, number>();
    for (const { g } of stuck)
      for (const [name, n] of Object.entries(g.waitChannels ?? {}))
        channels.set(name, (channels.get(name) ?? 0) + n);
    const where = [...channels].sort((a, b) => b[1] - a[1])[0]?.[0];
    const count = run?.value ?? stuck.length;
    return [
      makeFinding(picture, 'proc.dstate', {
        subject: stuck[0] ? { kind: 'process', name: stuck[0].g.name } : entity,
        since: run?.since ?? hung[0]!.at,
        ...(run ? { bound: run.bound } : {}),
        confidence: hung.length > 0 ? 0.95 : 0.8,
        summary: `${formatCount(count)} ${count === 1 ? 'task hangs' : 'tasks hang'} in uninterruptible sleep${
          names.length ? `: ${names.slice(0, 3).join(', ')}` : ''
        }.`,
        evidence: [
          evidence('tasks in state D', count, 'count', 'proc.uninterruptible', '0 for longer than a moment'),
          ...(where ? [evidence('they wait in', where, '', 'facts.processGroups.waitChannels')] : []),
          ...(hung[0] ? [evidence('kernel log', hung.at(-1)!.text, '', 'dmesg')] : []),
        ],
      }),
    ];
  },
};

/**
 * Some zombies cost a process number each and nothing else: info. Many are a warning, for then their parent is broken and the numbers run
 * out some day. The entity is that parent.
 */
export const processZombies: Rule = {
  id: 'proc.zombies',
  find(picture, state): Finding[] {
    const parents = (picture.facts.processGroups ?? [])
      .filter((g) => (g.zombieChildren ?? 0) > 0)
      .sort((a, b) => b.zombieChildren! - a.zombieChildren!);
    const all = picture.latest('proc.zombies') ?? 0;
    const [parent] = parents;
    const guilty = parent && parent.zombieChildren! > 0.5 * all ? parent : undefined;
    const entity = guilty ? ({ kind: 'process', name: guilty.name } as const) : serverSubject(picture);
    const run = gauge(picture, state, {
      id: 'proc.zombies',
      entity,
      metric: 'proc.zombies',
    });
    if (!run) return [];
    return [
      makeFinding(picture, 'proc.zombies', {
        subject: entity,
        since: run.since,
        bound: run.bound,
        severity: run.value >= limitsOf('proc.zombies').many ? 'warning' : 'info',
        summary: `${formatCount(run.value)} ended processes wait for ${guilty ? guilty.name : 'their parent'} to collect them.`,
        evidence: [
          evidence('zombie processes', run.value, 'count', 'proc.zombies', normalOf(run.bound)),
          ...(guilty
            ? [
                evidence(
                  `children of ${guilty.name} among them`,
                  guilty.zombieChildren!,
                  'count',
                  'facts.processGroups.zombieChildren',
                ),
              ]
            : []),
        ],
      }),
    ];
  },
};

const temporary = /^(\/tmp|\/var\/tmp|\/dev\/shm|\/run\/shm)\/|^\/?memfd:/;

/** A program from a directory for temporary files that takes much of a core. */
export const processSuspicious: Rule = {
  id: 'proc.suspicious',
  find(picture, state): Finding[] {
    return (picture.facts.processGroups ?? []).flatMap((group) => {
      const path = group.executable;
      if (!path || !temporary.test(path)) return [];
      const entity = { kind: 'process', name: group.name } as const;
      const cpu = group.cpuPercent ?? picture.latest('proc.group.cpu', group.name) ?? 0;
      const age = group.startedAt ? picture.at - group.startedAt : 0;
      const limits = limitsOf('proc.suspicious');
      const bound = boundOf(state, 'proc.suspicious');
      const lasting =
        age > limits.age && group.cpuSeconds / age > limits.share / 100
          ? group.startedAt
          : gauge(picture, state, {
              id: 'proc.suspicious',
              entity,
              metric: 'proc.group.cpu',
              of: group.name,
            })?.since;
      if (lasting === undefined || cpu < bound.clear) return [];
      return [
        makeFinding(picture, 'proc.suspicious', {
          subject: entity,
          since: lasting,
          bound,
          confidence: 0.85,
          summary: `${group.name} runs from ${path} and takes ${formatPercent(cpu)} of a core: programs do not belong there.`,
          evidence: [
            evidence(
              'program file',
              path,
              '',
              'facts.processGroups.executable',
              'a directory of installed programs',
            ),
            evidence(`CPU of ${group.name}`, cpu, 'percent', `proc.group.cpu{${group.name}}`),
            ...(group.users.length
              ? [evidence('user', group.users.join(', '), '', 'facts.processGroups.users')]
              : []),
            ...(age > 0
              ? [evidence('runs for', formatDuration(age), '', 'facts.processGroups.startedAt')]
              : []),
          ],
        }),
      ];
    });
  },
};
