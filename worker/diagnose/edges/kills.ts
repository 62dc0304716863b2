// Edges of the limits of services, of kills, and of memory that fails.
import { formatPercent } from '#core/format.ts';
import { processesOf } from '#worker/diagnose/entities.ts';
import { oomKills } from '#worker/rules/kernelEvents.ts';
import { type Edge, held } from './edge.ts';
import { day, edge, implied, lately, minute, notCollected, sameServiceOf } from './evidence.ts';

export const killEdges: Edge[] = [
  // Limits of a service
  // Foreseen, not caused: the kill is what happened, and it is the root as long as nothing made the service grow.
  edge(
    'mem.cgroup_near_limit',
    'mem.cgroup_oom',
    'weak',
    10 * minute,
    sameServiceOf('It was close to its limit before.'),
  ),
  edge('mem.cgroup_near_limit', 'mem.swap_thrash', 'strong', 10 * minute, ({ picture, cause, effect }) => {
    const available = lately(picture, 'mem.available_percent', '', effect.since) ?? 0;
    return available > 15
      ? held(
          `The server has ${formatPercent(available)} of its memory left; only ${cause.subject.name} is at its limit, so its pages go to swap.`,
        )
      : 'the whole server is short of memory, not only this service';
  }),
  edge('mem.cgroup_near_limit', 'mem.pressure', 'strong', 10 * minute, ({ picture, effect }) => {
    const available = lately(picture, 'mem.available_percent', '', effect.since) ?? 0;
    return available > 15
      ? held('Its tasks wait for memory inside their own limit, while the server has enough.')
      : 'the whole server is short of memory';
  }),
  edge(
    'mem.cgroup_oom',
    'svc.restart_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, systemd starts it again.'),
  ),
  edge(
    'mem.cgroup_oom',
    'svc.unit_failed',
    'deterministic',
    2 * minute,
    sameServiceOf('Its main process was killed by its own limit.'),
  ),
  edge('mem.cgroup_oom', 'proc.vanished', 'deterministic', 2 * minute, ({ picture, cause, effect }) =>
    cause.evidence.some((e) => String(e.value).includes(effect.subject.name)) ||
    cause.subject.name === effect.subject.name ||
    processesOf(picture, cause.subject).has(effect.subject.name)
      ? held(`The process that was killed is ${effect.subject.name}.`)
      : 'the killed process is another one',
  ),
  edge(
    'mem.cgroup_oom',
    'svc.container_unhealthy',
    'deterministic',
    2 * minute,
    sameServiceOf('The container was killed by its own memory limit.'),
  ),
  edge(
    'mem.cgroup_oom',
    'svc.container_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, it is started again.'),
  ),
  // Kills
  edge('mem.oom_kill', 'proc.vanished', 'deterministic', minute, ({ cause, effect, matchEntities }) =>
    cause.subject.name === effect.subject.name || !matchEntities
      ? held(`The process that the kernel killed is ${effect.subject.name}.`)
      : `the killed process is ${cause.subject.name}`,
  ),
  edge('mem.oom_kill', 'svc.unit_failed', 'deterministic', minute, (context) => {
    const { picture, effect } = context;
    const unit = picture.facts.units?.find((u) => u.name === effect.subject.name);
    if (unit?.result === 'oom-kill')
      return held(`systemd recorded "oom-kill" as the result of ${effect.subject.name}.`);
    // Before version 235 systemd knows only that its main process got SIGKILL; the kernel sent one in that minute.
    const killed = unit?.result === 'signal' && unit.exitStatus === 9 ? unit.changedAt : undefined;
    if (killed !== undefined && oomKills(picture, day).some(({ at }) => Math.abs(at - killed) <= 60))
      return held(
        `SIGKILL ended ${effect.subject.name} in the minute in which the kernel killed for memory.`,
      );
    return sameServiceOf('Its main process is the one that was killed.')(context);
  }),
  edge(
    'mem.oom_kill',
    'svc.restart_loop',
    'deterministic',
    2 * minute,
    sameServiceOf('Each time it is killed, systemd starts it again.'),
  ),
  edge('mem.oom_kill', 'db.mysql_down', 'deterministic', minute, ({ cause }) =>
    /mysqld|mariadbd/.test(cause.subject.name)
      ? held('The killed process is the database.')
      : `the killed process is ${cause.subject.name}`,
  ),
  edge('db.oom_score', 'db.mysql_down', 'contributing', 0, notCollected('the OOM score of processes')),
  edge('mem.ecc_corrected', 'mem.ecc_uncorrected', 'medium', 7 * day, ({ cause, effect }) =>
    cause.subject.name.split('/')[0] === effect.subject.name.split('/')[0]
      ? held('Corrected errors of the same memory came before.')
      : 'it is other memory',
  ),
  edge(
    'mem.ecc_uncorrected',
    'sys.crash',
    'strong',
    minute,
    implied('An error of memory that cannot be corrected stops the kernel.'),
  ),
];
