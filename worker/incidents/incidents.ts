// Incidents: one for each root cause. Its symptoms are folded below it; when the root becomes clearer, the same incident says so.
import { randomUUID } from 'node:crypto';
import { withCondition } from '#core/conditions/index.ts';
import {
  type Diagnosis,
  type Finding,
  findingKey,
  type IncidentBody,
  type RootCause,
} from '#core/diagnosis.ts';
import { formatTime } from '#core/format.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Connection } from '#prisma';
import { announceAll } from '#prisma/notify.ts';
import type { Queue } from '#prisma/queue.ts';
import { cameTrue, isRegrouped } from '#worker/rules/stages.ts';
import { enqueueMessages } from './messages.ts';
import type { OpenIncident } from './openIncidents.ts';
import {
  type IncidentEntry,
  type IncidentUpdate,
  insertIncident,
  writeEntries,
  writeResolved,
  writeUpdates,
} from './writeIncidents.ts';

export interface Judgement {
  server: { id: string; organizationId: string };
  /** The incidents of the server that are open, oldest first. */
  open: readonly OpenIncident[];
  diagnosis: Diagnosis;
  /** Of what must be quiet (maintenance, or what is not settled yet) nothing is opened and nothing told but the end of what was told before. */
  isQuiet?(body: IncidentBody): boolean;
}

/** What the incidents of several servers need written; the common part is written for all of them at once. */
interface Writing {
  connection: Connection;
  queue: Queue;
  now: Date;
  updates: IncidentUpdate[];
  entries: IncidentEntry[];
}

/**
 * Opens, updates and resolves the incidents of servers, so that they say what the diagnoses say. An incident whose root turned out to
 * follow from that of another one is folded into it without a word: it is not over. The servers must be locked.
 */
export async function applyDiagnoses(
  connection: Connection,
  queue: Queue,
  judgements: readonly Judgement[],
  now: Date,
): Promise<void> {
  const writing: Writing = { connection, queue, now, updates: [], entries: [] };
  const changed: Judgement['server'][] = [];
  for (const judgement of judgements) if (await apply(writing, judgement)) changed.push(judgement.server);
  await writeUpdates(connection, writing.updates, now);
  await writeEntries(connection, writing.entries, now);
  for (const { worse, ...update } of writing.updates)
    if (worse) await enqueueMessages(connection, queue, update, 'changed');
  await announceAll(
    connection,
    changed.map(({ id, organizationId }) => ({ organizationId, kind: 'incident', serverId: id })),
  );
}

/** Says whether something changed that people see. */
async function apply(writing: Writing, judgement: Judgement): Promise<boolean> {
  const { server, open, diagnosis, isQuiet = () => false } = judgement;
  const findings = new Map(diagnosis.problems.map((finding) => [findingKey(finding), finding]));
  const taken = new Set<string>();
  const homes = new Map<string, Pick<OpenIncident, 'id' | 'title'>>();
  let changed = false;
  for (const root of diagnosis.rootCauses) {
    const body = bodyOf(root, findings, diagnosis);
    if (!body) continue;
    const severity = worst(body.problems);
    const title = body.problems[0]!.summary;
    const incident = matching(open, body, taken, findings);
    let id = incident?.id;
    if (incident) changed = update(writing, server, incident, body, severity, isQuiet(body)) || changed;
    else if (severity !== 'info' && !isQuiet(body)) {
      id = await openIncident(writing, server, body, severity);
      changed = true;
    }
    if (id === undefined) continue;
    taken.add(id);
    for (const problem of body.problems) homes.set(findingKey(problem), { id, title });
  }
  for (const incident of open) {
    if (taken.has(incident.id)) continue;
    // What was foreseen and has come as a part of something else is not over either.
    const came = [...homes.keys()].find((key) => cameTrue(key, incident.rootKey));
    const home = homes.get(incident.rootKey) ?? (came === undefined ? undefined : homes.get(came));
    const accepted = acceptedText(findings.get(incident.rootKey));
    if (home && !accepted) await fold(writing, incident, home);
    else await resolve(writing, server, incident, accepted);
    changed = true;
  }
  return changed;
}

/** An incident that ends because a person accepted its root says so. */
function acceptedText(finding: Finding | undefined): string | undefined {
  const accepted = finding?.accepted;
  if (!accepted) return undefined;
  const until = accepted.until === undefined ? '' : ` until ${formatTime(accepted.until)}`;
  return `Accepted by ${accepted.by}${until}, to be told when it changes: ${accepted.reason}`;
}

/** The root's own finding first, then the symptoms that are folded below it. */
function bodyOf(
  root: RootCause,
  findings: Map<string, Finding>,
  diagnosis: Diagnosis,
): IncidentBody | undefined {
  const own = findings.get(root.key);
  if (!own) return undefined;
  const symptoms = root.symptoms.map((key) => findings.get(key)).filter((finding) => finding !== undefined);
  return { root, problems: [own, ...symptoms].map(withCondition), ruledOut: diagnosis.ruledOut };
}

/**
 * The incident of the same root, or of the root as it was foreseen, or told of one monitor where it is now told of several; or else one
 * that shares a finding: then its cause was named anew, and it stays one incident.
 */
function matching(
  open: readonly OpenIncident[],
  body: IncidentBody,
  taken: ReadonlySet<string>,
  findings: ReadonlyMap<string, Finding>,
): OpenIncident | undefined {
  const free = open.filter(({ id }) => !taken.has(id));
  const keys = body.problems.map(findingKey);
  return (
    free.find(({ rootKey }) => rootKey === keys[0]) ??
    free.find(({ rootKey }) => keys.some((key) => cameTrue(key, rootKey))) ??
    free.find(({ rootKey }) => !findings.has(rootKey) && isRegrouped(keys[0]!, rootKey)) ??
    free.find((incident) => incident.keys.some((key) => keys.includes(key)))
  );
}

async function openIncident(
  { connection, queue, now, entries }: Writing,
  { id: serverId, organizationId }: Judgement['server'],
  body: IncidentBody,
  severity: Severity,
): Promise<string> {
  const [own] = body.problems;
  const id = newId();
  const incident = {
    id,
    organizationId,
    rootKey: findingKey(own!),
    ruleId: own!.id,
    severity,
    title: own!.summary,
    body,
  };
  await insertIncident(connection, { ...incident, serverId }, now);
  entries.push({ incidentId: id, kind: 'opened', text: own!.summary });
  await enqueueMessages(connection, queue, incident, 'opened');
  return id;
}

/** A random UUID in letters and digits: it stands in the link of an alert, which takes nothing else (core/incidentLink.ts). */
function newId(): string {
  return BigInt(`0x${randomUUID().replaceAll('-', '')}`).toString(36);
}

/** Says whether there is something new to tell. */
function update(
  { updates, entries }: Writing,
  { organizationId }: Judgement['server'],
  incident: OpenIncident,
  body: IncidentBody,
  severity: Severity,
  quiet: boolean,
): boolean {
  const [own] = body.problems;
  const rootKey = findingKey(own!);
  const news: Omit<IncidentEntry, 'incidentId'>[] = [];
  if (rootKey !== incident.rootKey) {
    const told = cameTrue(rootKey, incident.rootKey)
      ? 'As foreseen'
      : isRegrouped(rootKey, incident.rootKey)
        ? 'Now'
        : 'Cause found';
    news.push({ kind: 'cause', text: `${told}: ${own!.summary}` });
  }
  for (const problem of body.problems) {
    const key = findingKey(problem);
    if (key !== rootKey && !incident.keys.includes(key))
      news.push({ kind: 'symptom', text: `Also: ${problem.summary}` });
  }
  // While it must be quiet it does not become worse either, so that this is told when the quiet ends.
  const worse = !quiet && severityRank[severity] < severityRank[incident.severity];
  if (worse) news.push({ kind: 'severity', text: `Now ${severity}, was ${incident.severity}.` });
  updates.push({
    id: incident.id,
    organizationId,
    rootKey,
    ruleId: own!.id,
    title: own!.summary,
    // An incident keeps the worst severity it had: a message that was sent as critical must not become a warning unseen.
    severity: worse ? severity : incident.severity,
    body,
    isNews: news.length > 0,
    worse,
  });
  for (const entry of news) entries.push({ incidentId: incident.id, ...entry });
  return news.length > 0;
}

async function resolve(
  { connection, queue, now, entries }: Writing,
  { organizationId }: Judgement['server'],
  { id, severity, title }: OpenIncident,
  accepted: string | undefined,
): Promise<void> {
  if (!(await writeResolved(connection, id, now))) return;
  entries.push({
    incidentId: id,
    kind: accepted ? 'accepted' : 'resolved',
    text: accepted ?? `Resolved: ${title}`,
  });
  await enqueueMessages(connection, queue, { id, organizationId, severity }, 'resolved');
}

/** Ends an incident that is part of another one: its channels hear of the end with that one, or not at all. */
async function fold(
  { connection, now, entries }: Writing,
  { id, title }: OpenIncident,
  home: Pick<OpenIncident, 'id' | 'title'>,
): Promise<void> {
  if (!(await writeResolved(connection, id, now))) return;
  entries.push(
    {
      incidentId: id,
      kind: 'folded',
      text: `Not over: it follows from "${home.title}" and goes on there.`,
    },
    { incidentId: home.id, kind: 'symptom', text: `Took in what was told on its own: ${title}` },
  );
}

function worst(problems: Finding[]): Severity {
  return problems
    .map(({ severity }) => severity)
    .reduce((a, b) => (severityRank[b] < severityRank[a] ? b : a));
}
