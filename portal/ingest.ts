// Ingest: takes a report from an agent, bounds it, and stores it together with its job in one transaction. Nothing is parsed here.
import { createHash, randomBytes } from 'node:crypto';
import { gunzip, gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { reportLimits, splitReport, ReportError, type Report } from '#core/report.ts';
import type { Database, Server } from '#prisma';
import { latestDays } from '#prisma/partitions.ts';
import type { Queue } from '#prisma/queue.ts';

export interface IngestRequest {
  /** Of the header `Authorization: Bearer …`. */
  token: string;
  body: Uint8Array;
  gzip: boolean;
  /** The sender's address, as far as it is known. */
  from?: string;
}

export interface IngestAnswer {
  status: 202 | 400 | 401 | 403 | 413;
  /** One or two lines for whoever reads the agent's log; an enrolment answers `token …`. */
  body: string;
}

export const serverTokenPrefix = 'rns_';
export const enrolmentKeyPrefix = 'rnk_';

/** A new secret of 256 bits and what is stored of it. */
export function newSecret(prefix: string): { secret: string; hash: string; hint: string } {
  const secret = prefix + randomBytes(32).toString('base64url');
  return { secret, hash: hashSecret(secret), hint: secret.slice(0, prefix.length + 4) };
}

/** SHA-256 is enough for 256 random bits; a slow hash would only slow the ingest. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** 202 means stored: whatever happens afterwards, the report is not lost. */
export async function ingest(db: Database, queue: Queue, request: IngestRequest): Promise<IngestAnswer> {
  if (!request.token)
    return { status: 401, body: 'This needs the token of a server, or an enrolment key.\n' };
  const sender = await findSender(db, hashSecret(request.token));
  if (!sender)
    return { status: 401, body: 'This token is not known here. Was the server removed or re-keyed?\n' };
  if (sender.revoked)
    return { status: 403, body: `${sender.kind === 'server' ? 'This token' : 'This key'} was revoked.\n` };

  if (request.body.byteLength > reportLimits.compressedBytes) return tooLarge;
  const text = await readBody(request);
  if (text === 'too-large') return tooLarge;
  if (text === undefined)
    return { status: 400, body: 'The body says it is gzip and cannot be decompressed.\n' };
  let report: Report;
  try {
    report = splitReport(text);
  } catch (error) {
    if (error instanceof ReportError) return { status: 400, body: `${error.message}\n` };
    throw error;
  }

  if (sender.kind === 'server') {
    await store(db, queue, sender.server.id, request, text, report);
    return { status: 202, body: 'stored\n' };
  }
  const { server, token } = await enrol(db, sender.organizationId, report, request.from);
  await store(db, queue, server.id, request, text, report);
  return { status: 202, body: `token ${token}\n` };
}

const tooLarge: IngestAnswer = {
  status: 413,
  body: `A report may have ${reportLimits.compressedBytes} bytes on the way and ${reportLimits.bytes} bytes unpacked.\n`,
};

type Sender =
  | { kind: 'server'; server: { id: string }; revoked: boolean }
  | { kind: 'key'; organizationId: string; revoked: boolean };

async function findSender(db: Database, hash: string): Promise<Sender | undefined> {
  const server = await db.server.findUnique({
    where: { tokenHash: hash },
    select: { id: true, revokedAt: true },
  });
  if (server) return { kind: 'server', server, revoked: server.revokedAt !== null };
  const key = await db.enrolmentKey.findUnique({ where: { hash } });
  return key
    ? { kind: 'key', organizationId: key.organizationId, revoked: key.revokedAt !== null }
    : undefined;
}

const unpack = promisify(gunzip);

async function readBody({ body, gzip }: IngestRequest): Promise<string | 'too-large' | undefined> {
  let bytes: Uint8Array = body;
  if (gzip) {
    try {
      bytes = await unpack(body, { maxOutputLength: reportLimits.bytes });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
    }
  }
  if (bytes.byteLength > reportLimits.bytes) return 'too-large';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** The time a report claims, unless that lies outside of what an agent can have buffered. */
export function reportTime(report: Report, receivedAt: Date): Date {
  const claimed = Number(report.header.epoch) * 1000;
  const age = receivedAt.getTime() - claimed;
  const plausible = Number.isFinite(claimed) && age > -3_600_000 && age < latestDays * 86_400_000;
  return plausible ? new Date(claimed) : receivedAt;
}

async function store(
  db: Database,
  queue: Queue,
  serverId: string,
  request: IngestRequest,
  text: string,
  report: Report,
): Promise<void> {
  const receivedAt = new Date();
  const body = request.gzip ? request.body : gzipSync(text, { level: 1 });
  await db.$transaction(async (transaction) => {
    const row = await transaction.report.create({
      data: {
        serverId,
        receivedAt,
        reportedAt: reportTime(report, receivedAt),
        body: Buffer.from(body),
        bytes: text.length,
      },
      select: { id: true },
    });
    await transaction.server.update({
      where: { id: serverId },
      data: { reportedFrom: request.from ?? null },
    });
    await queue.send(
      'parse',
      { serverId, receivedAt: receivedAt.toISOString(), reportId: row.id },
      { transaction, key: serverId },
    );
  });
}

/** For so long after its first report a machine may ask again: its answer got lost, or somebody tries the script before installing it. */
const againMs = 3_600_000;

/**
 * A key may only add servers. A machine that is known already becomes a second server, marked as a clone for a person's
 * decision; the token of the first one stays valid. The exception is a machine that was added within the last hour and asks again,
 * with the same hardware and from the same address.
 */
async function enrol(
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
    hostname: (body('cat /proc/sys/kernel/hostname') || 'unnamed').slice(0, 253),
    machineId: clean(body('cat /etc/machine-id')),
    productUuid: clean(/product_uuid:\s*(\S+)/.exec(dmi)?.[1]?.toLowerCase()),
  };
}
