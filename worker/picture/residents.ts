// Who lives on a server: its lasting programs, the ports that they have, the containers that publish some. Remembered from judgement to
// judgement, so that what is gone still has a name, a unit and a port. Pure; all of it is bounded.
import { z } from 'zod';
import type { Facts, ProcessGroup } from '#core/facts.ts';
import { own } from '#core/own.ts';
import type { Presence } from '#worker/rules/rule.ts';

const programSchema = z.object({
  /** Epoch seconds of the first and, once it is gone, of the last report that showed it. */
  first: z.number(),
  last: z.number().optional(),
  startedAt: z.number().optional(),
  cgroup: z.string().optional(),
  users: z.array(z.string()).default([]),
  /** TCP ports, below those that the kernel hands out. */
  ports: z.array(z.number()).default([]),
});

export const residentsSchema = z.object({
  programs: z.record(z.string(), programSchema).default({}),
  /** TCP port of the host → name of the container that publishes it, or did. */
  published: z.record(z.string(), z.string()).default({}),
});
export type Residents = z.infer<typeof residentsSchema>;

const day = 86_400;
/** A program that was missed for longer than this begins anew when it comes back (OWN): a restart takes less, a nightly job does not last. */
const restartSeconds = 600;
/** `last`: when a program that reports have missed since was last seen. */
export const cameBack = (last: number | undefined, at: number) =>
  last !== undefined && at - last > restartSeconds;

/** What is gone is remembered for a week (OWN): an incident may last that long. */
const keptSeconds = 7 * day;
const most = { programs: 150, gone: 50, ports: 50, published: 200 };
/** Ports from here on are handed out by the kernel to whoever asks. */
export const firstEphemeralPort = 32_768;

/** Control groups of services and containers, not of jobs and sessions. */
const ofService = /\.service$|docker|libpod|containerd|crio|kubepods|lxc/;
const ofJob = /\/(cron|crond|atd|rootnote)\.service$|user@|session-|run-/;
/** What batch systems (Slurm, PBS, Grid Engine, HTCondor) start lies below a group of theirs, or below one of the job's number. */
const ofBatch = /slurm|\bpbs|torque|\bsge|condor|\/job_?\d/;
export const isOfBatch = (cgroup: string) => ofBatch.test(cgroup);
/** Whether a control group is that of what ends when it is done: a job or a session. The service of a batch system stays. */
export const isOfJob = (cgroup: string) =>
  ofJob.test(cgroup) || (isOfBatch(cgroup) && !cgroup.endsWith('.service'));

/** `before` brought up to a report. `previous`: epoch seconds of the report before. The same facts make the same residents. */
export function residentsOf(before: Residents, facts: Facts, at: number, previous?: number): Residents {
  const ports = portsByProgram(facts);
  const groups = facts.processGroups;
  return {
    programs: groups?.length ? programsOf(before.programs, groups, ports, at, previous) : before.programs,
    published: publishedPorts(before.published, facts),
  };
}

/** Ports that programs listen on now. */
export function portsByProgram({ listeners = [] }: Facts): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const { protocol, process, port } of listeners) {
    if (protocol !== 'tcp' || !process || port >= firstEphemeralPort) continue;
    const own = found.get(process);
    if (own) own.add(port);
    else found.set(process, new Set([port]));
  }
  return found;
}

function programsOf(
  before: Residents['programs'],
  groups: readonly ProcessGroup[],
  ports: ReadonlyMap<string, ReadonlySet<number>>,
  at: number,
  previous: number | undefined,
): Residents['programs'] {
  const here = groups
    .filter((group) => stays(group, ports.has(group.name), at) || own(before, group.name))
    .slice(0, most.programs)
    .map(({ name, startedAt, cgroup: told, users }) => {
      const known = own(before, name);
      // Short reports do not say whose a program is; one that comes back is whose it was.
      const cgroup = told ?? known?.cgroup;
      const now = [...(ports.get(name) ?? known?.ports ?? [])].toSorted((a, b) => a - b);
      return [
        name,
        {
          first: known && !cameBack(known.last, at) ? known.first : at,
          ...(startedAt === undefined ? {} : { startedAt }),
          ...(cgroup === undefined ? {} : { cgroup }),
          users: users.slice(0, 5),
          ports: now.slice(0, most.ports),
        },
      ] as const;
    });
  const names = new Set(groups.map(({ name }) => name));
  const gone = Object.entries(before)
    .filter(([name]) => !names.has(name))
    .map(([name, one]) => [name, { ...one, last: one.last ?? previous ?? one.first }] as const)
    .filter(([, { last }]) => at - last <= keptSeconds)
    .toSorted(([, a], [, b]) => b.last - a.last)
    .slice(0, most.gone);
  return Object.fromEntries([...here, ...gone]);
}

function stays({ startedAt, cgroup, rss }: ProcessGroup, listens: boolean, at: number): boolean {
  if (rss === 0) return false;
  if (listens) return true;
  if (cgroup !== undefined && isOfJob(cgroup)) return false;
  if (cgroup !== undefined && ofService.test(cgroup)) return true;
  return startedAt !== undefined && at - startedAt >= day;
}

/** `0.0.0.0:8080->80/tcp`, `[::]:8000-8002->8000-8002/tcp`; docker tells them only of containers that run. */
export function publishedPorts(
  before: Residents['published'],
  { containers }: Facts,
): Residents['published'] {
  if (!containers) return before;
  const names = new Set(containers.map(({ name }) => name));
  const found = new Map(Object.entries(before).filter(([, name]) => names.has(name)));
  for (const { name, ports = [] } of containers) {
    for (const text of ports) {
      const [, from, to = from] = /:(\d{1,5})(?:-(\d{1,5}))?->[\d-]+\/tcp$/.exec(text) ?? [];
      for (let port = Number(from); port <= Number(to) && found.size < most.published; port++)
        found.set(String(port), name);
    }
  }
  return Object.fromEntries(found);
}

/** What the rules ask: presence by program, ports by program, container by port. Those that run now come with what their report says. */
export function presenceOf(
  { programs, published }: Residents,
  facts: Facts,
  at: number,
): {
  seen: ReadonlyMap<string, Presence>;
  served: ReadonlyMap<string, ReadonlySet<number>>;
  published: ReadonlyMap<number, string>;
} {
  const seen = new Map<string, Presence>();
  const served = new Map<string, ReadonlySet<number>>(portsByProgram(facts));
  for (const [name, { first, last = at, startedAt, cgroup, users, ports }] of Object.entries(programs)) {
    const group = { name, startedAt, cgroup, users, rss: 1 };
    seen.set(name, { first, last, reports: 1 + Math.round((last - first) / 60), group });
    if (ports.length) served.set(name, new Set([...ports, ...(served.get(name) ?? [])]));
  }
  for (const group of facts.processGroups ?? []) {
    const known = seen.get(group.name);
    const cgroup = group.cgroup ?? known?.group?.cgroup;
    const here = cgroup === undefined ? group : { ...group, cgroup };
    seen.set(group.name, { first: known?.first ?? at, last: at, reports: known?.reports ?? 1, group: here });
  }
  return {
    seen,
    served,
    published: byPort(published),
  };
}

export function byPort(published: Residents['published']): Map<number, string> {
  return new Map(Object.entries(published).map(([port, name]) => [Number(port), name]));
}
