// What can happen to an incident: it begins or comes back, is named anew, ends, or turns out to be part of another one.
import { randomUUID } from 'node:crypto';
import type { IncidentNews } from '#core/channels.ts';
import { type Finding, findingKey, type IncidentBody } from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { formatDuration } from '#core/format.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Connection } from '#prisma';
import type { Queue } from '#prisma/queue.ts';
import { nodeClass } from '#worker/diagnose/nodes.ts';
import { cameTrue, isRegrouped } from '#worker/rules/stages.ts';
import { findRelatives, lockOpenings } from './heads.ts';
import { enqueueMessages } from './messages.ts';
import { type OpenIncident, readRecentIncidents } from './openIncidents.ts';
import { sameIncident } from './sameIncident.ts';
import {
  type IncidentEntry,
  type IncidentUpdate,
  insertIncident,
  moveFollowers,
  writeFollowers,
  writeReopened,
  writeResolved,
} from './writeIncidents.ts';

/** What the incidents of several servers need written; the common part is written for all of them at once. */
export interface Writing {
  connection: Connection;
  queue: Queue;
  now: Date;
  updates: IncidentUpdate[];
  entries: IncidentEntry[];
}

/** One root cause of one server, as judged now. */
export interface Judged {
  server: { id: string; organizationId: string };
  facts: Facts;
  body: IncidentBody;
  severity: Severity;
  quiet: boolean;
}

const minute = 60_000;
/** What comes back this soon is the same incident (OWN). */
export const backWithin = 30 * minute;
/** What has come back within the last hour must stay away for so long before its end is told again (OWN). */
const calm = { after: 60 * minute, for: 10 * minute };
/** What followed from an incident of another server and lasts longer than that by so much is a trouble of its own (OWN). */
const ownAfter = 3 * minute;

/** The incident of a root that none of the open ones is about; returns its id. */
export async function begin(
  writing: Writing,
  judged: Judged,
  findings: ReadonlyMap<string, Finding>,
): Promise<string> {
  const { connection, now } = writing;
  const recent = await readRecentIncidents(
    connection,
    judged.server.id,
    new Date(now.getTime() - backWithin),
  );
  const before = sameIncident(recent, judged.body, new Set(), findings);
  return before ? reopen(writing, judged, before) : open(writing, judged);
}

async function open(writing: Writing, judged: Judged): Promise<string> {
  const { connection, queue, now, entries } = writing;
  const { server, body, severity } = judged;
  const [own] = body.problems;
  const id = newId();
  const words = { rootKey: findingKey(own!), ruleId: own!.id, severity, title: own!.summary, body };
  await lockOpenings(connection, server.organizationId);
  const { head, followers } = await findRelatives(connection, judged, now);
  const incident = { id, organizationId: server.organizationId, ...words, headId: head?.id ?? null };
  await insertIncident(connection, { ...incident, serverId: server.id }, now);
  entries.push({ incidentId: id, kind: 'opened', text: own!.summary });
  if (head) {
    entries.push(
      { incidentId: id, kind: 'follows', text: `Follows from ${head.server}: ${head.title} ${head.because}` },
      { incidentId: head.id, kind: 'symptom', text: `Also ${head.own}: ${own!.summary} ${head.because}` },
    );
    // How far it reaches is worth a word, once for all that comes in the next minute; a symptom is none, wherever it is.
    if (head.alike) await enqueueMessages(connection, queue, head, 'changed', { startAfter: gathered(now) });
    // A channel that the head was not grave enough for may want this one.
    await enqueueMessages(connection, queue, incident, 'opened');
    return id;
  }
  await writeFollowers(
    connection,
    id,
    followers.map((follower) => follower.id),
  );
  for (const follower of followers) {
    entries.push(
      {
        incidentId: follower.id,
        kind: 'cause',
        text: `Cause found, on ${follower.own}: ${own!.summary} ${follower.because}`,
      },
      {
        incidentId: id,
        kind: 'symptom',
        text: `Also ${follower.server}: ${follower.title} ${follower.because}`,
      },
    );
    await enqueueMessages(connection, queue, { ...follower, headId: id }, 'explained');
  }
  await enqueueMessages(connection, queue, incident, 'opened');
  return id;
}

const gathered = (now: Date) => new Date(now.getTime() + minute);

/** A random UUID in letters and digits: it stands in the link of an alert, which takes nothing else (core/incidentLink.ts). */
function newId(): string {
  return BigInt(`0x${randomUUID().replaceAll('-', '')}`).toString(36);
}

async function reopen(writing: Writing, judged: Judged, before: OpenIncident): Promise<string> {
  const { connection, queue, now, entries } = writing;
  const { server, body, severity } = judged;
  const { id, headId } = before;
  const [own] = body.problems;
  const words = { rootKey: findingKey(own!), ruleId: own!.id, severity, title: own!.summary, body };
  await writeReopened(connection, { id, ...words }, now);
  const away = formatDuration((now.getTime() - before.resolvedAt!) / 1000);
  entries.push({ incidentId: id, kind: 'reopened', text: `Back after ${away}: ${own!.summary}` });
  const incident = { id, organizationId: server.organizationId, severity, headId };
  await enqueueMessages(connection, queue, incident, 'reopened');
  return id;
}

/** Says whether there is something new to tell. */
export function update(
  { updates, entries, now }: Writing,
  incident: OpenIncident,
  { server, body, severity, quiet }: Judged,
): boolean {
  const [own] = body.problems;
  const rootKey = findingKey(own!);
  const lines: Omit<IncidentEntry, 'incidentId'>[] = [];
  const renamed = renaming(incident, body);
  if (renamed) lines.push({ kind: 'cause', text: `${renamed.words}: ${own!.summary}` });
  for (const problem of body.problems) {
    const key = findingKey(problem);
    if (key !== rootKey && !incident.keys.includes(key))
      lines.push({ kind: 'symptom', text: `Also: ${problem.summary}` });
  }
  // While it must be quiet it does not become worse either, so that this is told when the quiet ends.
  const worse = !quiet && severityRank[severity] < severityRank[incident.severity];
  if (worse) lines.push({ kind: 'severity', text: `Now ${severity}, was ${incident.severity}.` });
  const { headResolvedAt, cameBackAt, seemedOverAt } = incident;
  if (seemedOverAt !== null && seemedOverAt > (cameBackAt ?? 0))
    lines.push({
      kind: 'reopened',
      text: `Back after ${formatDuration((now.getTime() - seemedOverAt) / 1000)}.`,
    });
  const isOwn = !quiet && headResolvedAt !== null && now.getTime() - headResolvedAt > ownAfter;
  if (isOwn) lines.push({ kind: 'cause', text: 'What it followed from is over, and it lasts.' });
  const news: IncidentNews | undefined = isOwn
    ? 'opened'
    : worse
      ? 'changed'
      : renamed?.tells && !quiet
        ? 'explained'
        : undefined;
  updates.push({
    id: incident.id,
    organizationId: server.organizationId,
    rootKey,
    ruleId: own!.id,
    title: own!.summary,
    // An incident keeps the worst severity it had: a message that was sent as critical must not become a warning unseen.
    severity: worse ? severity : incident.severity,
    body,
    headId: isOwn ? null : incident.headId,
    isOwn,
    isNews: lines.length > 0,
    ...(news && { news }),
  });
  for (const line of lines) entries.push({ incidentId: incident.id, ...line });
  return lines.length > 0;
}

/** How another root is told, and whether it is worth a message: what was named before as well is none. */
function renaming(
  { rootKey: before, keys }: OpenIncident,
  { problems }: IncidentBody,
): { words: string; tells: boolean } | undefined {
  const [rootKey, ...symptoms] = problems.map(findingKey);
  if (rootKey === before) return undefined;
  if (cameTrue(rootKey!, before)) return { words: 'As foreseen', tells: false };
  if (isRegrouped(rootKey!, before)) return { words: 'Now', tells: false };
  const found = symptoms.includes(before);
  const [id] = rootKey!.split(' ') as [string];
  // No news: the same trouble of another entity (of a certificate, where its page was named before), what explains nothing itself, and
  // that a program is gone: who was told that nobody answers expects it.
  const tells =
    !keys.includes(rootKey!) &&
    !before.startsWith(`${id} `) &&
    !nodeClass(id).symptom &&
    id !== 'proc.vanished';
  return { words: found ? 'Cause found' : 'Now', tells };
}

/** Says whether it is over: what comes and goes must be calm for a while. */
export async function end(
  { connection, queue, now, entries }: Writing,
  { organizationId }: Judged['server'],
  { id, severity, title, headId, cameBackAt, seemedOverAt }: OpenIncident,
  accepted: string | undefined,
): Promise<boolean> {
  const at = now.getTime();
  if (!accepted && cameBackAt !== null && at - cameBackAt < calm.after) {
    const since = seemedOverAt !== null && seemedOverAt > cameBackAt ? seemedOverAt : undefined;
    if (since === undefined)
      entries.push({
        incidentId: id,
        kind: 'seemsOver',
        text: `Over for now; it came back before, so its end is told when it stays away for ${formatDuration(calm.for / 1000)}.`,
      });
    if (since === undefined || at - since < calm.for) return false;
  }
  if (!(await writeResolved(connection, id, now))) return false;
  entries.push({
    incidentId: id,
    kind: accepted ? 'accepted' : 'resolved',
    text: accepted ?? `Resolved: ${title}`,
  });
  await enqueueMessages(connection, queue, { id, organizationId, severity, headId }, 'resolved');
  return true;
}

/** Ends an incident that is part of another one: its channels hear of the end with that one, or not at all. */
export async function fold(
  { connection, now, entries }: Writing,
  { id, title }: OpenIncident,
  home: Pick<OpenIncident, 'id' | 'title'>,
): Promise<void> {
  if (!(await writeResolved(connection, id, now))) return;
  await moveFollowers(connection, id, home.id);
  entries.push(
    {
      incidentId: id,
      kind: 'folded',
      text: `Not over: it follows from "${home.title}" and goes on there.`,
    },
    { incidentId: home.id, kind: 'symptom', text: `Took in what was told on its own: ${title}` },
  );
}
