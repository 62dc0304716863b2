// Ingest: takes a report from an agent, bounds it, and stores it together with its job in one transaction. Nothing is parsed here.
//
// Reports that come close together share one transaction: what a report costs alone is mostly round trips and the commit.
import { splitReport } from '#core/report.ts';
import type { Database } from '#prisma';
import type { Queue } from '#prisma/queue.ts';
import { enrolServer } from './enrolServer.ts';
import { gathered } from './gather.ts';
import { type IngestAnswer, type IngestRequest, openReport, type OpenedReport } from './openReport.ts';
import { hashSecret } from './secrets.ts';
import { findSenders, type Sender } from './senders.ts';
import { type Arrival, storeReports } from './storeReports.ts';

/** 202 means stored: whatever happens afterwards, the report is not lost. Throws when it could not be stored now. */
export async function ingest(db: Database, queue: Queue, request: IngestRequest): Promise<IngestAnswer> {
  if (!request.token) return nobody;
  const outcome = await doorOf(db, queue)(request);
  if (!('key' in outcome)) return outcome;
  const { key, opened } = outcome;
  const report = splitReport(opened.text());
  const { server, token } = await enrolServer(db, key.organizationId, report, request.from);
  const [failure] = await storeReports(db, queue, [{ serverId: server.id, opened }]);
  if (failure) throw failure;
  return { status: 202, body: `token ${token}\n` };
}

/** An enrolment is no matter for a batch: it may make a server. */
type Outcome = IngestAnswer | { key: Sender; opened: OpenedReport };
type Door = (request: IngestRequest) => Promise<Outcome>;

const doors = new WeakMap<Database, WeakMap<Queue, Door>>();

/**
 * Some ms that nobody notices, since an agent waits for its answer in the background; on a busy server they gather ten reports.
 * Waiting reports stay in memory: beyond the bounds the agent is asked to come again.
 */
const gathering = { waitMs: 15, most: 100, atOnce: 2, waiting: 1000, waitingWeight: 64 * 1024 * 1024 };

function doorOf(db: Database, queue: Queue): Door {
  let byQueue = doors.get(db);
  if (!byQueue) doors.set(db, (byQueue = new WeakMap()));
  let door = byQueue.get(queue);
  if (!door) {
    door = gathered(
      (requests: IngestRequest[]) => takeIn(db, queue, requests),
      gathering,
      ({ body }) => body.byteLength,
    );
    byQueue.set(queue, door);
  }
  return door;
}

async function takeIn(db: Database, queue: Queue, requests: IngestRequest[]): Promise<(Outcome | Error)[]> {
  const hashes = requests.map(({ token }) => hashSecret(token));
  const senders = await findSenders(db, hashes);
  const reports = await Promise.all(
    requests.map((request, index) => {
      const sender = senders.get(hashes[index]!);
      return sender && !sender.revoked ? openReport(request) : undefined;
    }),
  );
  const outcomes: (Outcome | Error)[] = [];
  const known: (Arrival & { index: number })[] = [];
  for (const [index, request] of requests.entries()) {
    const sender = senders.get(hashes[index]!);
    const opened = reports[index];
    if (!sender || !opened) outcomes[index] = sender ? revoked(sender) : unknown;
    else if ('status' in opened) outcomes[index] = opened;
    else if (sender.kind === 'key') outcomes[index] = { key: sender, opened };
    else {
      const moved = request.from !== undefined && request.from !== sender.reportedFrom;
      known.push({ index, serverId: sender.id, opened, ...(moved && { from: request.from }) });
    }
  }
  const stored = await storeReports(db, queue, known);
  known.forEach(({ index }, place) => {
    outcomes[index] = stored[place] ?? { status: 202, body: 'stored\n' };
  });
  return outcomes;
}

/** Why this token may not send, before anything of a report is read; undefined when it may. */
export async function refusalOf(db: Database, token: string): Promise<IngestAnswer | undefined> {
  if (!token) return nobody;
  const hash = hashSecret(token);
  const sender = (await findSenders(db, [hash])).get(hash);
  return sender ? (sender.revoked ? revoked(sender) : undefined) : unknown;
}

const nobody: IngestAnswer = {
  status: 401,
  body: 'This needs the token of a server, or an enrolment key.\n',
};

const unknown: IngestAnswer = {
  status: 401,
  body: 'This token is not known here. Was the server removed or re-keyed?\n',
};

function revoked({ kind }: Sender): IngestAnswer {
  return { status: 403, body: `${kind === 'server' ? 'This token' : 'This key'} was revoked.\n` };
}
