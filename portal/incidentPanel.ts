// The signed link of an alert: shows one incident to whoever holds the message, and looks again when they ask. Nothing else of the
// organization can be reached with it.
import type { Finding } from '#core/diagnosis.ts';
import { readIncidentBody } from '#core/storedDiagnosis.ts';
import { formatValue } from '#core/format.ts';
import { readIncidentLink } from '#core/incidentLink.ts';
import { incidentAskSchema, type IncidentPanel } from '#core/incidentPanel.ts';
import { valueNames, type ValueName } from '#core/valueNames.ts';
import { probeCodes } from '#core/probes.ts';
import type { Incident, Monitor, Server } from '#prisma';
import { giveToRegions } from '#prisma/leases.ts';
import { type NewestLooks, readNewestLooks } from '#prisma/looks.ts';
import { AttemptLimit } from './attemptLimit.ts';
import type { Services } from './context.ts';
import { epoch, epochOrNull } from './epoch.ts';

export type PanelAnswer =
  { status: 200; panel: IncidentPanel } | { status: 400 | 403 | 404 | 410 | 429 | 503; message: string };

/** An open panel asks every few seconds while it waits for a look. */
const reads = new AttemptLimit(60, 60);
/** Whoever guesses tokens gets few tries. */
const guesses = new AttemptLimit(20, 60);
/** A look costs probes of every region. */
const looks = new AttemptLimit(6, 60);
/** The agent's rhythm. */
const reportSeconds = 60;
const mostEvidence = 8;

/** `asked`: the parsed JSON of the request. `from`: the address of whoever asks. */
export async function incidentPanel(
  services: Services,
  asked: unknown,
  from: string,
  now = Date.now() / 1000,
): Promise<PanelAnswer> {
  const request = incidentAskSchema.safeParse(asked);
  if (!request.success)
    return { status: 400, message: 'The link is incomplete. Open it from the message again.' };
  const link = await readIncidentLink(services.secret, request.data.token, now);
  if (!link.ok) {
    if (!guesses.take(from)) return tooMany;
    return link.reason === 'expired'
      ? { status: 410, message: 'This link has expired: links in alerts work for a week.' }
      : {
          status: 403,
          message: 'This link is not one of ours, or it was cut short. Open it from the message again.',
        };
  }
  if (!reads.take(link.incidentId)) return tooMany;
  try {
    const incident = await services.db.incident.findUnique({
      where: { id: link.incidentId },
      include: { server: true },
    });
    if (!incident) return { status: 404, message: 'This incident is no longer kept.' };
    const problems = problemsOf(incident);
    const monitors = await monitorsOf(services, incident, problems);
    if (request.data.again && incident.state === 'open') {
      if (!looks.take(incident.id)) return tooMany;
      await lookAgain(services, incident, monitors);
    }
    const newest = await readNewestLooks(
      services.db,
      monitors.map(({ id }) => id),
      1,
    );
    return {
      status: 200,
      panel: panelOf(services, incident, problems, monitors, newest, link.expiresAt, now),
    };
  } catch (error) {
    console.error(`${new Date().toISOString()} incident not shown: ${String(error)}`);
    return { status: 503, message: 'Your values cannot be read now: the database does not answer.' };
  }
}

const tooMany: PanelAnswer = { status: 429, message: 'Asked too often. Wait a minute.' };

type Known = Incident & { server: Server | null };

function problemsOf(incident: Incident): Finding[] {
  return readIncidentBody(incident.body)?.problems ?? [];
}

/** The monitors that the incident is about, by the names in its findings. */
async function monitorsOf({ db }: Services, incident: Known, problems: Finding[]): Promise<Monitor[]> {
  const names = problems
    .filter(({ subject }) => subject.kind === 'monitor')
    .map(({ subject }) => subject.name);
  if (!incident.serverId || names.length === 0) return [];
  return db.monitor.findMany({
    where: { serverId: incident.serverId, name: { in: names }, retiredAt: null },
    orderBy: { name: 'asc' },
    take: 20,
  });
}

async function lookAgain(services: Services, incident: Known, monitors: Monitor[]): Promise<void> {
  await giveToRegions(services.db, {
    monitorIds: monitors.filter(({ state }) => state !== 'paused').map(({ id }) => id),
    soon: true,
  });
  if (!incident.serverId) return;
  // What the newest report says may have changed since it was judged last.
  const queue = await services.queue();
  await queue.send('diagnose', { serverId: incident.serverId }, { key: incident.serverId });
}

function panelOf(
  { baseUrl }: Services,
  incident: Known,
  problems: Finding[],
  monitors: Monitor[],
  newest: Map<string, NewestLooks>,
  expiresAt: number,
  now: number,
): IncidentPanel {
  const [own] = problems;
  const lastAt = epochOrNull(incident.server?.lastReportAt ?? null);
  return {
    incidentUrl: `${baseUrl}/portal/incidents/${encodeURIComponent(incident.id)}/`,
    state: incident.state,
    severity: incident.severity,
    title: incident.title,
    since: Math.min(own?.since ?? Infinity, epoch(incident.openedAt)),
    resolvedAt: epochOrNull(incident.resolvedAt),
    expiresAt,
    values: valuesOf(incident, problems, monitors),
    evidence: evidenceOf(problems),
    look: monitors.length
      ? {
          by: 'probe',
          monitors: monitors.map(({ id, name, state }) => {
            const { at, looks: [look] = [] } = newest.get(id) ?? {};
            return {
              name,
              state,
              ok: look?.ok ?? null,
              says: look ? probeCodes[look.code] : '',
              checkedAt: at ?? null,
            };
          }),
        }
      : { by: 'report', lastAt, nextAt: lastAt && lastAt + reportSeconds },
    now,
  };
}

/** The cause's own subject first; a symptom or a monitor fills in what it does not name. */
function valuesOf(incident: Known, problems: Finding[], monitors: Monitor[]): IncidentPanel['values'] {
  const values: IncidentPanel['values'] = {};
  const put = (name: string, value: unknown): void => {
    if (!isValueName(name) || values[name] !== undefined) return;
    if (typeof value === 'string' || typeof value === 'number') values[name] = String(value).slice(0, 200);
  };
  put('host', incident.server?.hostname);
  for (const { subject } of problems) put(subject.kind, subject.name);
  for (const { about, target } of monitors) {
    for (const [name, value] of Object.entries((about ?? {}) as Record<string, unknown>)) put(name, value);
    if (!/^https?:\/\//.test(target) || !URL.canParse(target)) continue;
    put('url', target);
    put('site', new URL(target).hostname);
  }
  return values;
}

const isValueName = (name: string): name is ValueName => (valueNames as readonly string[]).includes(name);

function evidenceOf(problems: Finding[]): IncidentPanel['evidence'] {
  const rows = new Map<string, IncidentPanel['evidence'][number]>();
  for (const { evidence } of problems)
    for (const { what, value, unit, normal } of evidence)
      if (what !== 'code' && !rows.has(what))
        rows.set(what, { what, value: formatValue(value, unit), ...(normal ? { normal } : {}) });
  return [...rows.values()].slice(0, mostEvidence);
}
