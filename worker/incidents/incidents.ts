// Incidents: one for each root cause. Its symptoms are folded below it; when the root becomes clearer, the same incident says so.
import { withCondition } from '#core/conditions/index.ts';
import {
  type Diagnosis,
  type Finding,
  findingKey,
  type IncidentBody,
  type RootCause,
} from '#core/diagnosis.ts';
import type { Facts } from '#core/facts.ts';
import { formatTime } from '#core/format.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Connection } from '#prisma';
import { announceAll } from '#prisma/notify.ts';
import type { Queue } from '#prisma/queue.ts';
import { cameTrue } from '#worker/rules/stages.ts';
import { enqueueMessages } from './messages.ts';
import type { OpenIncident } from './openIncidents.ts';
import { sameIncident } from './sameIncident.ts';
import { begin, end, fold, type Judged, update, type Writing } from './steps.ts';
import { writeEntries, writeUpdates } from './writeIncidents.ts';

export interface Judgement {
  server: { id: string; organizationId: string };
  /** The incidents of the server that are open, oldest first. */
  open: readonly OpenIncident[];
  diagnosis: Diagnosis;
  /** What is known of the server, to see what it shares with others. */
  facts?: Facts;
  /** Of what must be quiet (maintenance, or what is not settled yet) nothing is opened and nothing told but the end of what was told before. */
  isQuiet?(body: IncidentBody): boolean;
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
  for (const { news, ...incident } of writing.updates)
    // How far it reaches was told as a change, too: that it became worse is told whatever was told before.
    if (news) await enqueueMessages(connection, queue, incident, news, { anew: news === 'changed' });
  await announceAll(
    connection,
    changed.map(({ id, organizationId }) => ({ organizationId, kind: 'incident', serverId: id })),
  );
}

/** Says whether something changed that people see. */
async function apply(writing: Writing, judgement: Judgement): Promise<boolean> {
  const { server, open, diagnosis, facts = {}, isQuiet = () => false } = judgement;
  const findings = new Map(diagnosis.problems.map((finding) => [findingKey(finding), finding]));
  const taken = new Set<string>();
  const homes = new Map<string, Pick<OpenIncident, 'id' | 'title'>>();
  let changed = false;
  for (const root of diagnosis.rootCauses) {
    const body = bodyOf(root, findings, diagnosis);
    // A note of work that keeps a disk busy neither opens an incident nor keeps one open.
    if (!body || worst(body.problems) === 'info') continue;
    const judged: Judged = { server, facts, body, severity: worst(body.problems), quiet: isQuiet(body) };
    const title = body.problems[0]!.summary;
    const incident = sameIncident(open, body, taken, findings);
    let id = incident?.id;
    if (incident) changed = update(writing, incident, judged) || changed;
    else if (absorb(writing, open, taken, body)) continue;
    else if (!judged.quiet) {
      id = await begin(writing, judged, findings);
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
    else if (!(await end(writing, server, incident, accepted))) continue;
    changed = true;
  }
  return changed;
}

/**
 * What was told as a symptom of an incident that goes on stays part of it, although its cause is not there any more: what is left of a
 * trouble is no new one. Says whether it was so.
 */
function absorb(
  { updates }: Writing,
  open: readonly OpenIncident[],
  taken: ReadonlySet<string>,
  { problems }: IncidentBody,
): boolean {
  const grave = problems.filter(({ severity }) => severity !== 'info').map(findingKey);
  const home = open.find(({ id, keys }) => taken.has(id) && grave.every((key) => keys.includes(key)));
  const its = home && updates.find(({ id }) => id === home.id);
  if (!its || grave.length === 0) return false;
  const known = new Set(its.body.problems.map(findingKey));
  its.body.problems.push(...problems.filter((problem) => !known.has(findingKey(problem))));
  return true;
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

function worst(problems: Finding[]): Severity {
  return problems
    .map(({ severity }) => severity)
    .reduce((a, b) => (severityRank[b] < severityRank[a] ? b : a));
}
