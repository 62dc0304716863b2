// Stage "discover": what the recipes propose becomes monitors; what is gone on purpose is retired. A person's decision stands.
import { isDeepStrictEqual } from 'node:util';
import type { Facts, NetInterface } from '#core/facts.ts';
import { probeSettings } from '#core/probes.ts';
import { probeTarget } from '#core/probeTarget.ts';
import type { Monitor, Server, Transaction } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from '#worker/context.ts';
import { lockServer } from '#worker/judge/memory.ts';
import { readFacts } from '#worker/parse/known.ts';
import { isPublicAddress, makePolicy } from '#worker/probes/policy.ts';
import { proposeMonitors } from './index.ts';
import { isLoopback } from './listening.ts';
import type { MonitorProposal, RecipeContext } from './recipe.ts';
import { bringBack, noteMonitor, retireMissing } from './retire.ts';

export async function setUpMonitors(
  { db, environment }: Pick<WorkerContext, 'db' | 'environment'>,
  serverId: string,
  now = new Date(),
): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await lockServer(transaction, serverId);
      const server = await transaction.server.findUnique({ where: { id: serverId } });
      if (!server || server.cloneOfId) return;
      const facts = await readFacts(transaction, serverId);
      const proposals = proposeMonitors(facts, whereReached(facts, server, environment.PROBE_ALLOW));
      const monitors = await transaction.monitor.findMany({ where: { serverId } });
      const known = new Map(monitors.map((monitor) => [monitor.key, monitor]));
      let changed = false;
      const note = (one: boolean): void => void (changed ||= one);
      for (const proposal of proposals) {
        const monitor = known.get(proposal.key);
        if (monitor) note(await keep(transaction, monitor, proposal, now));
        else {
          await make(transaction, server, proposal, now, environment.PROBE_INTERVAL);
          note(true);
        }
      }
      const proposed = new Set(proposals.map(({ key }) => key));
      for (const monitor of monitors) {
        if (!proposed.has(monitor.key)) note(await retireMissing(transaction, monitor, facts, now));
      }
      if (changed)
        await announce(transaction, { organizationId: server.organizationId, kind: 'monitor', serverId });
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
}

async function make(
  db: Transaction,
  server: Server,
  proposal: MonitorProposal,
  now: Date,
  interval: number,
): Promise<void> {
  const settings = probeSettings[proposal.kind].parse(proposal.settings);
  const monitor = await db.monitor.create({
    data: {
      organizationId: server.organizationId,
      serverId: server.id,
      key: proposal.key,
      kind: proposal.kind,
      name: proposal.name,
      target: probeTarget(proposal.kind, settings),
      settings: proposal.settings as object,
      reason: proposal.reason,
      about: proposal.about,
      interval: proposal.interval ?? interval,
    },
  });
  await giveToRegions(db, { monitorIds: [monitor.id], soon: true });
  const text = `Monitor set up: ${proposal.name}, because ${proposal.reason}.`;
  await noteMonitor(db, monitor, now, 'created', text);
}

/** What is proposed still or again follows the facts; what a person edited keeps its settings and its name. Says whether it changed. */
async function keep(
  db: Transaction,
  known: Monitor,
  { kind, name, reason, about, settings: proposed }: MonitorProposal,
  now: Date,
): Promise<boolean> {
  if (known.origin !== 'discovered') return false;
  const settings = withAccepted(proposed, known.settings as Record<string, unknown>);
  const facts = {
    reason,
    about,
    ...(!known.editedAt && {
      name,
      settings: settings as object,
      target: probeTarget(kind, probeSettings[kind].parse(settings)),
    }),
  };
  const before = Object.fromEntries(Object.keys(facts).map((key) => [key, known[key as keyof Monitor]]));
  const same = isDeepStrictEqual(before, facts);
  if (!same || known.missingSince)
    await db.monitor.update({ where: { id: known.id }, data: { ...facts, missingSince: null } });
  if (known.retiredAt) await bringBack(db, { ...known, ...facts } as Monitor, now);
  return !same || known.retiredAt !== null;
}

/** What was accepted as it is (worker/evaluate/storeLooks.ts) is still what is expected, until the recipe itself knows what to expect. */
function withAccepted(
  proposed: Record<string, unknown>,
  { accept, expected }: Record<string, unknown>,
): Record<string, unknown> {
  const keeps = accept === true && proposed.accept === true && expected !== undefined;
  return keeps && proposed.expected === undefined ? { ...proposed, expected } : proposed;
}

/**
 * Where a server can be reached: its public addresses, and the private ones that the operator opened (PROBE_ALLOW). The machine that Rootnote
 * runs on is looked at over loopback.
 */
export function whereReached(
  facts: Facts,
  { local, reportedFrom }: Pick<Server, 'local' | 'reportedFrom'>,
  allow: string[],
): RecipeContext {
  if (local) return { loopback: true, addresses: ['127.0.0.1'] };
  const opened = makePolicy({ allow, owned: [], loopback: false });
  const addresses = (facts.interfaces ?? []).flatMap((one: NetInterface) =>
    one.addresses
      .map(({ address }) => address)
      .filter(
        (address) => isPublicAddress(address) || (isOutward(one) && !isLoopback(address) && opened(address)),
      ),
  );
  const translated = addresses.length === 0 && reportedFrom && isPublicAddress(reportedFrom);
  return {
    loopback: false,
    addresses: [...new Set(addresses)],
    ...(translated && { translated: reportedFrom }),
  };
}

/** What containers and virtual machines inside are reached at, and tunnels: the same on each host, or not the way of visitors. */
const inward = /^(docker|podman|cni|virbr|lxc|lxd|br-[0-9a-f]{12}$)/;

function isOutward({ kind, name }: NetInterface): boolean {
  return !['loopback', 'wireguard', 'tunnel'].includes(kind) && !inward.test(name);
}
