// Edges of CPU, processes and their limits.
import type { Finding } from '#core/diagnosis.ts';
import { formatCount, formatDuration, formatPercent } from '#core/format.ts';
import { sameService } from '#worker/diagnose/entities.ts';
import { groupCpu, ioShares } from '#worker/diagnose/shares.ts';
import { cores } from '#worker/rules/finding.ts';
import type { Picture } from '#worker/rules/rule.ts';
import { held, type Edge, type EdgeContext } from './edge.ts';
import {
  cpuOfCause,
  day,
  edge,
  hour,
  implied,
  ioOfCause,
  lately,
  minute,
  notCollected,
  sameServiceOf,
  sameSubject,
  stepOf,
  whileGauge,
} from './evidence.ts';

const web = new Set([
  'nginx',
  'apache2',
  'httpd',
  'php-fpm',
  'php-cgi',
  'node',
  'python3',
  'gunicorn',
  'uwsgi',
  'java',
  'caddy',
  'haproxy',
  'varnishd',
  'cache-main',
  'lighttpd',
  'traefik',
  'envoy',
  'ruby',
  'puma',
  'unicorn',
  'dotnet',
  'deno',
  'bun',
  'beam.smp',
  'uvicorn',
  'hypercorn',
  'perl',
  'openresty',
  'mysqld',
  'mariadbd',
  'postgres',
  'postmaster',
  'mongod',
]);

/** Who works more when more is asked: programs of web servers, and whoever listens. */
const serving = ({ picture }: EdgeContext) =>
  new Set([...web, ...(picture.facts.listeners ?? []).flatMap(({ process }) => process ?? [])]);

/** Seconds since the oldest process of that name started. */
function ageOf({ facts, at }: Picture, { subject }: Finding): number {
  const startedAt = facts.processGroups?.find((g) => g.name === subject.name)?.startedAt;
  return startedAt === undefined ? Infinity : at - startedAt;
}

export const cpuEdges: Edge[] = [
  // CPU
  edge('proc.runaway', 'cpu.saturated', 'strong', 2 * minute, cpuOfCause(0.3)),
  edge('proc.suspicious', 'cpu.saturated', 'strong', 2 * minute, cpuOfCause(0.3)),
  edge(
    'proc.suspicious',
    'proc.runaway',
    'deterministic',
    2 * minute,
    sameSubject(({ cause }) => `It is the same program, ${cause.subject.name}.`),
  ),
  edge('proc.suspicious', 'net.saturated', 'medium', 10 * minute, notCollected('which process sends')),
  edge('proc.runaway', 'cpu.one_core_pinned', 'strong', 2 * minute, ({ picture, cause, effect }) => {
    const cpu = groupCpu(picture, cause.subject.name, effect.since);
    return cpu >= 80
      ? held(`${cause.subject.name} takes ${formatPercent(cpu)} of one core.`)
      : `${cause.subject.name} takes only ${formatPercent(cpu)} of a core`;
  }),
  edge('proc.runaway', 'cpu.system_high', 'medium', 2 * minute, (context) =>
    (context.picture.latest('cpu.forks') ?? 0) > 50 && ageOf(context.picture, context.cause) < 2 * minute
      ? `${context.cause.subject.name} does not run for long: to start it is the work`
      : cpuOfCause(0.4)(context),
  ),
  edge('proc.runaway', 'cpu.load_high', 'strong', 5 * minute, ({ picture, cause, effect }) => {
    const cpu = groupCpu(picture, cause.subject.name, effect.since) / 100;
    const load = picture.latest('cpu.load1') ?? 0;
    return load > 0 && cpu >= 0.4 * load
      ? held(
          `${cause.subject.name} keeps ${formatCount(cpu)} cores busy at a load of ${formatCount(load)}.`,
          cpu / load,
        )
      : `${cause.subject.name} keeps only ${formatCount(cpu)} cores busy at a load of ${formatCount(load)}`;
  }),
  edge(
    'proc.fork_storm',
    'cpu.system_high',
    'strong',
    2 * minute,
    implied(
      ({ picture }) =>
        `To create ${formatCount(picture.latest('cpu.forks') ?? 0)} processes a second is the kernel's work.`,
    ),
  ),
  edge(
    'proc.fork_storm',
    'cpu.saturated',
    'strong',
    2 * minute,
    implied(
      ({ picture }) =>
        `${formatCount(picture.latest('cpu.forks') ?? 0)} new processes a second want a core each.`,
      0.8,
    ),
  ),
  edge(
    'proc.fork_storm',
    'cpu.load_high',
    'strong',
    2 * minute,
    implied('Each new process counts in the load while it runs.', 0.7),
  ),
  edge('proc.fork_storm', 'proc.runaway', 'strong', 5 * minute, ({ picture, effect }) => {
    const age = ageOf(picture, effect);
    return age < 2 * minute
      ? held(
          `No process named ${effect.subject.name} is older than ${formatDuration(Math.max(1, age))}: they are started all the time.`,
        )
      : `${effect.subject.name} runs for ${formatDuration(age)}`;
  }),
  edge('proc.fork_storm', 'proc.pid_exhaustion', 'strong', 30 * minute, ({ picture, effect }) => {
    const step = stepOf(picture, 'proc.count', '', effect.since);
    return !step || step.now > 1.5 * step.before
      ? held(
          `The number of processes rose${step ? ` from ${formatCount(step.before)} to ${formatCount(step.now)}` : ''}.`,
          step ? 1 : 0.6,
        )
      : 'the number of processes did not rise';
  }),
  edge(
    'proc.fork_storm',
    'proc.unit_tasks_limit',
    'strong',
    30 * minute,
    implied('The new processes belong to it.', 0.6),
  ),
  // A program that works far beyond its own normal fills the disks as well, when it is the one that moves the bytes.
  ...(['cpu.iowait', 'disk.saturated', 'disk.latency', 'disk.fsync_stall'] as const).map((effect) =>
    edge('proc.runaway', effect, 'strong', 5 * minute, (context) =>
      ioShares(context.picture, context.effect.since).length
        ? ioOfCause(0.5)(context)
        : 'which process moves the bytes is not in the reports',
    ),
  ),
  edge('proc.zombies', 'proc.pid_exhaustion', 'strong', day, ({ picture }) => {
    const zombies = picture.latest('proc.zombies') ?? 0;
    const all = picture.latest('proc.count') ?? 1;
    return zombies >= 0.3 * all
      ? held(`${formatCount(zombies)} of ${formatCount(all)} processes are zombies.`)
      : `only ${formatCount(zombies)} of ${formatCount(all)} processes are zombies`;
  }),
  edge(
    'svc.restart_loop',
    'proc.fork_storm',
    'medium',
    2 * minute,
    implied('Each start of the service creates processes.', 0.7),
  ),
  edge('svc.restart_loop', 'cpu.saturated', 'medium', 2 * minute, cpuOfCause(0.3)),
  edge('svc.traffic_surge', 'cpu.saturated', 'strong', 3 * minute, cpuOfCause(0.4, serving)),
  edge(
    'job.cron_overlap',
    'cpu.saturated',
    'medium',
    10 * minute,
    cpuOfCause(0.3, ({ cause }) => new Set([cause.subject.name])),
  ),
  edge(
    'job.cron_overlap',
    'proc.runaway',
    'deterministic',
    10 * minute,
    sameSubject(({ cause }) => cause.summary),
  ),
  edge(
    'db.mysql_slow',
    'cpu.saturated',
    'strong',
    3 * minute,
    cpuOfCause(0.4, () => new Set(['mysqld', 'mariadbd'])),
  ),
  edge('cpu.thermal_throttle', 'cpu.saturated', 'strong', 5 * minute, ({ picture, effect }) => {
    const frequency = picture.latest('cpu.frequency');
    const requests = stepOf(picture, 'web.requests', '', effect.since);
    if (requests && requests.now > 1.3 * requests.before) return 'there is more work than before';
    return frequency === undefined || frequency < 85
      ? held(
          `The same work takes longer at ${frequency === undefined ? 'a lower' : formatPercent(frequency)} frequency.`,
          frequency === undefined ? 0.6 : 1,
        )
      : `the CPU runs at ${formatPercent(frequency)} of its frequency`;
  }),
  edge(
    'hw.temp_high',
    'cpu.thermal_throttle',
    'strong',
    2 * minute,
    implied(({ cause }) => `A sensor is over its limit: ${cause.summary}`),
  ),
  edge(
    'hw.fan',
    'hw.temp_high',
    'strong',
    20 * minute,
    implied(({ cause }) => `${cause.subject.name} no longer moves the warm air away.`),
  ),
  edge(
    'hw.fan',
    'smart.temp',
    'medium',
    hour,
    implied(({ cause }) => `${cause.subject.name} no longer cools the drives.`),
  ),
  edge('cpu.saturated', 'cpu.load_high', 'strong', 5 * minute, ({ picture, effect }) => {
    const runnable = lately(picture, 'cpu.runnable', '', effect.since) ?? 0;
    const blocked = lately(picture, 'cpu.blocked', '', effect.since) ?? 0;
    const part = runnable / Math.max(1, runnable + blocked);
    return runnable >= cores(picture) && part > 0.3
      ? held(
          `${formatCount(runnable)} tasks want one of ${cores(picture)} cores; they are the load.`,
          part / 0.7,
        )
      : `only ${formatCount(runnable)} tasks want a core, ${formatCount(blocked)} wait for disks`;
  }),
  edge('cpu.iowait', 'cpu.load_high', 'strong', 5 * minute, ({ picture, effect }) => {
    const blocked = Math.max(
      lately(picture, 'cpu.blocked', '', effect.since) ?? 0,
      lately(picture, 'proc.uninterruptible', '', effect.since) ?? 0,
    );
    const load = picture.latest('cpu.load1') ?? 0;
    return load > 0 && blocked >= 0.3 * load
      ? held(
          `${formatCount(blocked)} tasks wait for a disk, and they count in the load of ${formatCount(load)}.`,
          blocked / load / 0.6,
        )
      : `only ${formatCount(blocked)} tasks wait for a disk at a load of ${formatCount(load)}`;
  }),
  edge('proc.dstate', 'cpu.load_high', 'strong', 5 * minute, ({ picture, effect }) => {
    const stuck = lately(picture, 'proc.uninterruptible', '', effect.since) ?? 0;
    const load = picture.latest('cpu.load1') ?? 0;
    return load > 0 && stuck >= 0.4 * load
      ? held(
          `${formatCount(stuck)} tasks hang, and each counts as 1 in the load of ${formatCount(load)}.`,
          stuck / load / 0.6,
        )
      : `only ${formatCount(stuck)} tasks hang at a load of ${formatCount(load)}`;
  }),
  edge(
    'cpu.steal',
    'cpu.load_high',
    'strong',
    5 * minute,
    whileGauge(
      'cpu.steal',
      (v) => v > 10,
      (v) => `${formatPercent(v)} of the time that tasks wanted went to other machines, so they queue.`,
      'steal',
    ),
  ),
  edge(
    'cpu.steal',
    'cpu.saturated',
    'strong',
    5 * minute,
    whileGauge(
      'cpu.steal',
      (v) => v > 15,
      (v) => `${formatPercent(v)} of the CPU time is counted busy and was never given.`,
      'steal',
    ),
  ),
  edge('cpu.steal', 'sys.crash', 'strong', hour, ({ picture, cause, effect }) => {
    const steal = lately(picture, 'cpu.steal', '', cause.since) ?? 0;
    const stuck = effect.evidence.some((e) => /lockup|stall/i.test(String(e.value)));
    return steal > 30 && stuck
      ? held(
          `A core that the hypervisor withholds (${formatPercent(steal)} of the time) looks stuck to the kernel.`,
        )
      : 'the kernel had its cores';
  }),
  edge('cpu.steal', 'svc.http_slow', 'medium', 2 * minute, ({ picture, effect }) => {
    const steal = lately(picture, 'cpu.steal', '', effect.since) ?? 0;
    const own = (lately(picture, 'cpu.busy', '', effect.since) ?? 0) - steal;
    return steal > 10 && own < 85
      ? held(
          `The hypervisor withholds ${formatPercent(steal)} of the CPU while this server's own work needs ${formatPercent(own)}.`,
        )
      : 'the CPU is full with its own work';
  }),
  edge('cpu.saturated', 'svc.http_slow', 'medium', 2 * minute, ({ picture, effect }) => {
    const pressure = lately(picture, 'cpu.pressure.some', '', effect.since);
    return pressure === undefined || pressure > 30
      ? held(
          `Requests wait for a core${pressure === undefined ? '' : ` (tasks wait ${formatPercent(pressure)} of the time)`}.`,
        )
      : `tasks wait for a core only ${formatPercent(pressure)} of the time`;
  }),
  edge('cpu.throttled_cgroup', 'svc.http_slow', 'strong', minute, (context) => {
    const busy = lately(context.picture, 'cpu.busy', '', context.effect.since) ?? 0;
    if (busy > 90) return 'the whole CPU is full';
    return sameServiceOf(`Its quota is used up while the CPU is only ${formatPercent(busy)} busy.`)(context);
  }),
  edge('proc.dstate', 'svc.http_slow', 'medium', 5 * minute, sameServiceOf('Its processes hang.')),
  // Processes and their limits
  edge(
    'proc.pid_exhaustion',
    'svc.unit_failed',
    'strong',
    2 * minute,
    implied('Nothing more can be started.', 0.8),
  ),
  edge(
    'proc.unit_tasks_limit',
    'svc.http_slow',
    'medium',
    2 * minute,
    sameServiceOf('It cannot start more workers.'),
  ),
  edge('proc.runaway', 'svc.http_slow', 'medium', 2 * minute, ({ picture, cause, effect }) =>
    sameService(picture, cause.subject, effect.subject)
      ? held(`${cause.subject.name} is busy with something else than answers.`)
      : 'it is not the program that answers',
  ),
];
