// Incidents: one for each root cause. Its symptoms are folded below it; when the root becomes clearer, the same incident says so.
import {
  type Diagnosis,
  type Finding,
  findingKey,
  type IncidentBody,
  incidentBodySchema,
  type RootCause,
} from '#core/diagnosis.ts';
import { formatTime } from '#core/format.ts';
import { type Severity, severityRank } from '#core/severity.ts';
import type { Incident, Server, Transaction } from '#prisma';
import { announce } from '#prisma/notify.ts';
import type { WorkerContext } from '#worker/context.ts';
import { cameTrue } from '#worker/rules/stages.ts';

/**
 * Opens, updates and resolves the incidents of a server, so that they say what the diagnosis says. What `isQuiet` (maintenance, or what
 * is not settled yet) opens nothing and sends nothing but the end of what was told before. An incident whose root turned out to follow
 * from that of another one is folded into it without a word: it is not over.
 */
export async function applyDiagnosis(
  context: Pick<WorkerContext, 'queue'>,
  db: Transaction,
  server: Server,
  diagnosis: Diagnosis,
  now: Date,
  isQuiet: (body: IncidentBody) => boolean = () => false,
): Promise<void> {
  const open = await db.incident.findMany({
    where: { serverId: server.id, state: 'open' },
    orderBy: { openedAt: 'asc' },
  });
  const findings = new Map(diagnosis.problems.map((finding) => [findingKey(finding), finding]));
  const taken = new Set<string>();
  const homes = new Map<string, Incident>();
  let changed = 0;
  for (const root of diagnosis.rootCauses) {
    const body = bodyOf(root, findings, diagnosis);
    if (!body) continue;
    const severity = worst(body.problems);
    const incident = matching(open, body, taken);
    const live = (one: Incident) => body.problems.forEach((problem) => homes.set(findingKey(problem), one));
    if (incident) {
      taken.add(incident.id);
      live({ ...incident, title: body.problems[0]!.summary });
      changed += await update(context, db, incident, body, severity, now, isQuiet(body));
    } else if (severity !== 'info' && !isQuiet(body)) {
      const opened = await openIncident(context, db, server, body, severity, now);
      taken.add(opened.id);
      live(opened);
      changed++;
    }
  }
  for (const incident of open) {
    if (taken.has(incident.id)) continue;
    const home = homes.get(incident.rootKey);
    const accepted = acceptedText(findings.get(incident.rootKey));
    if (home && !accepted) await fold(db, incident, home, now);
    else await resolve(context, db, incident, accepted, now);
    changed++;
  }
  if (changed)
    await announce(db, { organizationId: server.organizationId, kind: 'incident', serverId: server.id });
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
  return { root, problems: [own, ...symptoms], ruledOut: diagnosis.ruledOut };
}

/**
 * The incident of the same root, or of the root as it was foreseen; or else one that shares a finding: then its cause was named anew,
 * and it stays one incident.
 */
function matching(open: Incident[], body: IncidentBody, taken: Set<string>): Incident | undefined {
  const free = open.filter(({ id }) => !taken.has(id));
  const keys = body.problems.map(findingKey);
  return (
    free.find(({ rootKey }) => rootKey === keys[0]) ??
    free.find(({ rootKey }) => keys.some((key) => cameTrue(key, rootKey))) ??
    free.find((incident) => {
      const known = incidentBodySchema.safeParse(incident.body);
      return known.success && known.data.problems.some((problem) => keys.includes(findingKey(problem)));
    })
  );
}

async function openIncident(
  context: Pick<WorkerContext, 'queue'>,
  db: Transaction,
  server: Server,
  body: IncidentBody,
  severity: Severity,
  now: Date,
): Promise<Incident> {
  const [own] = body.problems;
  const incident = await db.incident.create({
    data: {
      organizationId: server.organizationId,
      serverId: server.id,
      rootKey: findingKey(own!),
      ruleId: own!.id,
      severity,
      title: own!.summary,
      openedAt: now,
      updatedAt: now,
      body: body as object,
      entries: { create: { at: now, kind: 'opened', text: own!.summary } },
    },
  });
  await enqueueMessages(context, db, incident, 'opened');
  return incident;
}

async function update(
  context: Pick<WorkerContext, 'queue'>,
  db: Transaction,
  incident: Incident,
  body: IncidentBody,
  severity: Severity,
  now: Date,
  quiet: boolean,
): Promise<number> {
  const [own] = body.problems;
  const rootKey = findingKey(own!);
  const known = incidentBodySchema.safeParse(incident.body);
  const before = new Set(known.success ? known.data.problems.map(findingKey) : []);
  const added = body.problems.filter(
    (problem) => !before.has(findingKey(problem)) && findingKey(problem) !== rootKey,
  );
  const entries: { kind: string; text: string }[] = [];
  if (rootKey !== incident.rootKey) {
    const told = cameTrue(rootKey, incident.rootKey) ? 'As foreseen' : 'Cause found';
    entries.push({ kind: 'cause', text: `${told}: ${own!.summary}` });
  }
  for (const symptom of added) entries.push({ kind: 'symptom', text: `Also: ${symptom.summary}` });
  // While it must be quiet it does not become worse either, so that this is told when the quiet ends.
  const worse = !quiet && severityRank[severity] < severityRank[incident.severity];
  if (worse) entries.push({ kind: 'severity', text: `Now ${severity}, was ${incident.severity}.` });
  const updated = await db.incident.update({
    where: { id: incident.id },
    data: {
      rootKey,
      ruleId: own!.id,
      title: own!.summary,
      // An incident keeps the worst severity it had: a message that was sent as critical must not become a warning unseen.
      severity: worse ? severity : incident.severity,
      body: body as object,
      ...(entries.length && { updatedAt: now }),
      entries: { create: entries.map((entry) => ({ ...entry, at: now })) },
    },
  });
  if (worse) await enqueueMessages(context, db, updated, 'changed');
  return entries.length;
}

async function resolve(
  context: Pick<WorkerContext, 'queue'>,
  db: Transaction,
  incident: Incident,
  accepted: string | undefined,
  now: Date,
): Promise<void> {
  // Compare and set: of two workers that see the recovery, one writes it.
  const { count } = await db.incident.updateMany({
    where: { id: incident.id, state: 'open' },
    data: { state: 'resolved', resolvedAt: now, updatedAt: now },
  });
  if (!count) return;
  await db.incidentEntry.create({
    data: {
      incidentId: incident.id,
      at: now,
      kind: accepted ? 'accepted' : 'resolved',
      text: accepted ?? `Resolved: ${incident.title}`,
    },
  });
  await enqueueMessages(context, db, incident, 'resolved');
}

/** Ends an incident that is part of another one: its channels hear of the end with that one, or not at all. */
async function fold(db: Transaction, incident: Incident, home: Incident, now: Date): Promise<void> {
  const { count } = await db.incident.updateMany({
    where: { id: incident.id, state: 'open' },
    data: { state: 'resolved', resolvedAt: now, updatedAt: now },
  });
  if (!count) return;
  await db.incidentEntry.createMany({
    data: [
      {
        incidentId: incident.id,
        at: now,
        kind: 'folded',
        text: `Not over: it follows from "${home.title}" and goes on there.`,
      },
      {
        incidentId: home.id,
        at: now,
        kind: 'symptom',
        text: `Took in what was told on its own: ${incident.title}`,
      },
    ],
  });
}

/** A message to each channel that wants this severity; a recovery goes only to those that heard of the problem. */
async function enqueueMessages(
  { queue }: Pick<WorkerContext, 'queue'>,
  db: Transaction,
  incident: Incident,
  kind: 'opened' | 'changed' | 'resolved',
): Promise<void> {
  const channels = await db.channel.findMany({
    where: { organizationId: incident.organizationId, enabled: true },
  });
  const told = new Set(
    (await db.notification.findMany({ where: { incidentId: incident.id }, select: { channelId: true } })).map(
      (row) => row.channelId,
    ),
  );
  for (const channel of channels) {
    const wanted = severityRank[incident.severity] <= severityRank[channel.minSeverity];
    if (kind === 'resolved' ? !told.has(channel.id) : !wanted) continue;
    // A channel that hears of an incident for the first time is told that it opened, whatever happened before.
    const row = {
      incidentId: incident.id,
      channelId: channel.id,
      kind: kind === 'changed' && !told.has(channel.id) ? 'opened' : kind,
    };
    const [notification] = await db.notification.createManyAndReturn({ data: [row], skipDuplicates: true });
    if (notification) await queue.send('notify', { notificationId: notification.id }, { transaction: db });
  }
}

function worst(problems: Finding[]): Severity {
  return problems
    .map(({ severity }) => severity)
    .reduce((a, b) => (severityRank[b] < severityRank[a] ? b : a));
}
