// Enrolment: the first report of a machine, sent with a key, makes a server with a token of its own.
import { hostnameOf } from '#core/hostname.ts';
import type { Report } from '#core/report.ts';
import type { Database, Server } from '#prisma';
import { newSecret, serverTokenPrefix } from './secrets.ts';

/** For so long after its first report a machine may ask again: its answer got lost, or somebody tries the script before installing it. */
const againMs = 3_600_000;

/**
 * A key may only add servers. A machine that is known already becomes a second server, marked as a clone for a person's
 * decision; the token of the first one stays valid. The exception is a machine that was added within the last hour and asks again,
 * with the same hardware and from the same address.
 */
export async function enrolServer(
  db: Database,
  organizationId: string,
  report: Report,
  from: string | undefined,
): Promise<{ server: Server; token: string }> {
  const identity = readIdentity(report);
  const { secret, hash } = newSecret(serverTokenPrefix);
  return db.$transaction(async (transaction) => {
    const original = identity.machineId
      ? await transaction.server.findFirst({
          where: { organizationId, machineId: identity.machineId, cloneOfId: null },
          orderBy: { createdAt: 'asc' },
        })
      : null;
    const sameMachine =
      original && original.productUuid === identity.productUuid && original.reportedFrom === (from ?? null);
    if (sameMachine && Date.now() - original.createdAt.getTime() < againMs) {
      const server = await transaction.server.update({
        where: { id: original.id },
        data: { tokenHash: hash },
      });
      return { server, token: secret };
    }
    const server = await transaction.server.create({
      data: {
        organizationId,
        ...identity,
        tokenHash: hash,
        reportedFrom: from ?? null,
        cloneOfId: original?.id ?? null,
      },
    });
    return { server, token: secret };
  });
}

function readIdentity(report: Report): {
  hostname: string;
  machineId: string | null;
  productUuid: string | null;
} {
  const body = (name: string) => report.sections.find((section) => section.name === name)?.body.trim() ?? '';
  const dmi = report.sections.find((section) => section.name.includes('/sys/class/dmi/id'))?.body ?? '';
  const clean = (value: string | undefined) => (value && /^[\w.:-]{1,128}$/.test(value) ? value : null);
  return {
    hostname: hostnameOf(body('cat /proc/sys/kernel/hostname')) || 'unnamed',
    machineId: clean(body('cat /etc/machine-id')),
    productUuid: clean(/product_uuid:\s*(\S+)/.exec(dmi)?.[1]?.toLowerCase()),
  };
}
