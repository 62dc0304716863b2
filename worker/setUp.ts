// Stage "discover": what the recipes propose becomes monitors; what is gone on purpose is retired. A person's decision stands.
import type { Facts, NetInterface } from '#core/facts.ts';
import type { HostEvent } from '#core/snapshot.ts';
import { probeSettings, type ProbeKind } from '#core/probes.ts';
import type { Monitor, Server, Transaction } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from './context.ts';
import { goneOnPurpose, type Missing } from './discover/goneOnPurpose.ts';
import { proposeMonitors } from './discover/index.ts';
import type { MonitorProposal } from './discover/recipe.ts';
import { lockServer } from './memory.ts';
import { readFacts } from './parse.ts';
import { storeEvents } from './storeEvents.ts';
import { probes } from './probes/index.ts';
import { isPublicAddress } from './probes/policy.ts';

/** A proposal must be missing this long before its monitor is retired: a restart or one odd report retires nothing. */
const retireAfterMs = 15 * 60_000;
/** A package that was removed this long ago explains why its service is gone. */
const removalMs = 7 * 86_400_000;

export async function setUpMonitors({ db, environment }: WorkerContext, serverId: string): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await lockServer(transaction, serverId);
      const server = await transaction.server.findUnique({ where: { id: serverId } });
      if (!server || server.cloneOfId) return;
      const facts = await readFacts(transaction, serverId);
      const proposals = proposeMonitors(facts, {
        loopback: server.local,
        addresses: publicAddresses(facts, server.local),
      });
      const monitors = await transaction.monitor.findMany({ where: { serverId } });
      const known = new Map(monitors.map((monitor) => [monitor.key, monitor]));
      const now = new Date();
      let changed = 0;
      for (const proposal of proposals) {
        changed += await keep(
          transaction,
          server,
          proposal,
          known.get(proposal.key),
          now,
          environment.PROBE_INTERVAL,
        );
      }
      const proposed = new Set(proposals.map(({ key }) => key));
      for (const monitor of monitors) {
        if (!proposed.has(monitor.key)) changed += await retire(transaction, monitor, facts, now);
      }
      if (changed)
        await announce(transaction, { organizationId: server.organizationId, kind: 'monitor', serverId });
    },
    { timeout: 60_000, maxWait: 30_000 },
  );
}

async function keep(
  db: Transaction,
  server: Server,
  proposal: MonitorProposal,
  known: Monitor | undefined,
  now: Date,
  interval: number,
): Promise<number> {
  if (!known) {
    const settings = probeSettings[proposal.kind].parse(proposal.settings);
    const monitor = await db.monitor.create({
      data: {
        organizationId: server.organizationId,
        serverId: server.id,
        key: proposal.key,
        kind: proposal.kind,
        name: proposal.name,
        target: targetOf(proposal.kind, settings),
        settings: proposal.settings as object,
        reason: proposal.reason,
        about: proposal.about,
        interval: proposal.interval ?? interval,
      },
    });
    await giveToRegions(db, { monitorIds: [monitor.id], soon: true });
    await note(
      db,
      server.id,
      now,
      'monitor.created',
      proposal.key,
      `Monitor set up: ${proposal.name}, because ${proposal.reason}.`,
    );
    return 1;
  }
  if (known.decision || known.editedAt || known.origin !== 'discovered') return 0;
  const settings = JSON.stringify(known.settings) === JSON.stringify(proposal.settings);
  if (settings && known.reason === proposal.reason && !known.retiredAt && !known.missingSince) return 0;
  await db.monitor.update({
    where: { id: known.id },
    data: {
      settings: proposal.settings as object,
      target: targetOf(proposal.kind, probeSettings[proposal.kind].parse(proposal.settings)),
      reason: proposal.reason,
      name: proposal.name,
      about: proposal.about,
      retiredAt: null,
      missingSince: null,
    },
  });
  if (!known.retiredAt) return settings ? 0 : 1;
  await giveToRegions(db, { monitorIds: [known.id], soon: true });
  await note(
    db,
    server.id,
    now,
    'monitor.returned',
    known.key,
    `Monitor set up again: ${proposal.name}, because ${proposal.reason}.`,
  );
  return 1;
}

/**
 * Retires a monitor whose proposal stays away. A service that crashed looks like one that was removed: so one that fails is retired only
 * when the inside says that it went away on purpose.
 */
async function retire(db: Transaction, monitor: Monitor, facts: Facts, now: Date): Promise<number> {
  if (monitor.decision || monitor.editedAt || monitor.origin !== 'discovered' || monitor.retiredAt) return 0;
  if (!monitor.missingSince) {
    await db.monitor.update({ where: { id: monitor.id }, data: { missingSince: now } });
    return 0;
  }
  if (now.getTime() - monitor.missingSince.getTime() < retireAfterMs) return 0;
  const failing = monitor.state === 'down';
  const why = failing
    ? goneOnPurpose(missingOf(monitor), facts, await removals(db, monitor.serverId!, now))
    : undefined;
  if (failing && !why) return 0;
  await db.monitor.update({ where: { id: monitor.id }, data: { retiredAt: now } });
  await db.monitorSchedule.deleteMany({ where: { monitorId: monitor.id } });
  await note(
    db,
    monitor.serverId!,
    now,
    'monitor.retired',
    monitor.key,
    `Monitor retired: ${monitor.name}; ${monitor.reason} no longer holds${why ? `: ${why}` : ''}.`,
  );
  return 1;
}

function missingOf({ kind, about }: Monitor): Missing {
  return { kind, about: about as Missing['about'] };
}

/** Packages that were removed lately. */
function removals(db: Transaction, serverId: string, now: Date): Promise<HostEvent[]> {
  return db.event
    .findMany({
      where: { serverId, kind: 'package.removed', at: { gt: new Date(now.getTime() - removalMs) } },
      orderBy: { at: 'asc' },
      take: 500,
    })
    .then((rows) =>
      rows.map(({ kind, at, subject, text }) => ({ kind, at: at.getTime() / 1000, subject, text })),
    );
}

function targetOf(kind: ProbeKind, settings: unknown): string {
  const { target } = probes[kind] as { target(settings: unknown): string };
  return target(settings);
}

async function note(
  db: Transaction,
  serverId: string,
  now: Date,
  kind: string,
  subject: string,
  text: string,
): Promise<void> {
  await storeEvents(db, serverId, [{ kind, at: now.getTime() / 1000, subject, text }]);
}

/** Addresses that the outside can reach; the machine that Rootnote runs on is looked at over loopback. */
export function publicAddresses(facts: Facts, loopback: boolean): string[] {
  if (loopback) return ['127.0.0.1'];
  const all = (facts.interfaces ?? []).flatMap((one: NetInterface) =>
    one.addresses.map(({ address }) => address),
  );
  return [...new Set(all.filter((address) => isPublicAddress(address)))];
}
