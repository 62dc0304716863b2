// The words of an incident: from what the diagnosis found to the one message that people get. Pure.
import type { IncidentNews, Message } from '#core/channels.ts';
import { type Finding, findingKey, type IncidentBody, withoutOnset } from '#core/diagnosis.ts';
import { formatValue } from '#core/format.ts';
import { withIncidentToken } from '#core/incidentLink.ts';
import { isRuleId, ruleEntry } from '#core/ruleCatalogue.ts';
import type { Severity } from '#core/severity.ts';

export interface IncidentInput {
  kind: IncidentNews;
  incident: { id: string; severity: Severity; title: string; openedAt: Date; resolvedAt?: Date };
  body: IncidentBody;
  /** The server's name for people. */
  server: string;
  /** The incident of another server that it follows from, and those of other servers that follow from it. */
  head?: Elsewhere;
  followers?: readonly Elsewhere[];
  /** Without a trailing slash. */
  publicUrl: string;
  /** Opens this incident to whoever holds the message: goes into the link to the article. */
  token?: string;
}

export interface Elsewhere {
  server: string;
  ruleId: string;
  title: string;
}

const mostEvidence = 10;
/** A headline with the effect behind the cause, if both fit into the subject of a mail. */
const headlineLength = 120;

/** Cause first; every number comes from the evidence of a finding. */
export function incidentMessage(input: IncidentInput): Message {
  const { kind, incident, body, server, head, followers = [], publicUrl, token } = input;
  const [own] = body.problems;
  const chain = chainOf(body);
  const inChain = new Set(chain.map(findingKey));
  const { resolvedAt } = incident;
  return {
    kind,
    severity: incident.severity,
    server: withOthers(server, followers),
    title: own ? headline(own, chain, head) : incident.title,
    chain: [...(head ? [`On ${head.server}: ${head.title}`] : []), ...sentences(body, chain)],
    evidence: evidenceOf(chain),
    ruledOut: ruledOut(body),
    symptoms: [
      ...followers.map((one) => `${one.server}: ${one.title}`),
      ...body.problems.filter((one) => !inChain.has(findingKey(one))).map(({ summary }) => summary),
    ],
    openedAt: onset(own, incident.openedAt),
    ...(resolvedAt ? { resolvedAt } : {}),
    ...(own ? article(head ? { id: head.ruleId, article: own.article } : own, publicUrl, token) : {}),
    incidentUrl: `${publicUrl}/portal/incidents/${encodeURIComponent(incident.id)}/`,
    settingsUrl: `${publicUrl}/portal/channels/`,
    incidentId: incident.id,
  };
}

/** When it began, which is before it could be told; a weakness that slept until then began with what it led to. */
function onset(own: Finding | undefined, openedAt: Date): Date {
  if (!own || own.latent) return openedAt;
  return new Date(Math.min(openedAt.getTime(), Math.round(own.since) * 1000));
}

/** 'web1', 'web1 and web2', 'web1 and 4 other servers'. */
function withOthers(server: string, followers: readonly Elsewhere[]): string {
  const others = new Set(followers.map((one) => one.server));
  if (others.size === 0) return server;
  return `${server} and ${others.size === 1 ? [...others][0] : `${others.size} other servers`}`;
}

/** The findings from the cause to what people notice. The hops of the chain come first in the list, in its order. */
function chainOf({ root, problems }: IncidentBody): Finding[] {
  const [own] = problems;
  if (!own) return [];
  const byKey = new Map(problems.map((problem) => [findingKey(problem), problem]));
  const chain = [own];
  for (const hop of root.hops.slice(0, root.chain.length - 1)) {
    const effect = byKey.get(hop.effect);
    if (effect && !chain.includes(effect)) chain.push(effect);
  }
  return chain;
}

/**
 * 'nginx is not running any more; Homepage http://127.0.0.1/ fails': the cause, and the last that is more than a note of what follows. Where
 * another server is the cause, that first.
 */
function headline(own: Finding, chain: readonly Finding[], head?: Elsewhere): string {
  const cause = head ? `${clause(head.title, /; |\. /)} (${head.server})` : clause(own.summary, /; |\. /);
  const last = chain.findLast(({ severity }) => severity !== 'info') ?? own;
  if (last === own && !head) return cause;
  const effect = clause(last.summary, /; |: |\. /).replace(capital, (word) => word.toLowerCase());
  const both = `${cause}; ${effect}`;
  return both.length <= headlineLength ? both : cause;
}

/** Words that begin a sentence and are no name. */
const capital =
  /^(The|An?|Only|All|At|Each|Every|Names|Memory|Tasks|Programs|Pages|Logs|Files|Somebody|Anyone)(?= )/;

/** What stands before the first of these marks, without what is in brackets and without a full stop. */
function clause(summary: string, marks: RegExp): string {
  const plain = summary.replace(/ \([^()]*\)/g, '');
  return (plain.split(marks, 1)[0] ?? plain).replace(/ \(.*$|[.:]$/g, '');
}

/** One paragraph a hop: why it follows from the one before, then what was seen. The cause also says who is behind it. */
function sentences({ root }: IncidentBody, chain: Finding[]): string[] {
  const [own, ...effects] = chain;
  if (!own) return [];
  const told = effects.map((effect) => {
    const because = root.hops.find((hop) => hop.effect === findingKey(effect))?.because;
    return because ? `${because} ${effect.summary}` : effect.summary;
  });
  const before = root.before?.length
    ? `Before that, not proven to matter: ${root.before.slice(0, 2).join(' ')}`
    : '';
  const cause = [own.summary, behind(root, own), root.counterfactual, before].filter(Boolean).join(' ');
  return [cause, ...told];
}

/** What the explanation says between the cause and the first hop, but for its onset: a message has a time of its own. */
function behind(root: IncidentBody['root'], own: Finding): string {
  const [first] = root.hops;
  const end =
    first && root.chain.length > 1 ? root.explanation.indexOf(first.because) : root.explanation.length;
  if (end < own.summary.length || !root.explanation.startsWith(own.summary)) return '';
  return withoutOnset(root.explanation.slice(own.summary.length, end)).trim();
}

/** Rows of the cause first. A code repeats in one word what its summary says. */
function evidenceOf(chain: Finding[]): Message['evidence'] {
  const rows = new Map<string, Message['evidence'][number]>();
  for (const { evidence } of chain) {
    for (const { what, value, unit, normal } of evidence) {
      if (what === 'code' || rows.has(what)) continue;
      rows.set(what, { what, value: formatValue(value, unit), ...(normal ? { normal } : {}) });
    }
  }
  return [...rows.values()].slice(0, mostEvidence);
}

/** Usual causes of what this incident shows, each with the reason why it is not the one. */
function ruledOut({ ruledOut: all, problems }: IncidentBody): string[] {
  const effects = new Set(problems.map(({ id }) => id));
  const lines = new Map<string, string>();
  for (const { problem, effect, because } of all) {
    if (!effects.has(effect) || lines.has(problem)) continue;
    lines.set(problem, `${isRuleId(problem) ? ruleEntry(problem).title : problem}: ${because}`);
  }
  return [...lines.values()];
}

function article(
  { id, article: path }: Pick<Finding, 'id' | 'article'>,
  publicUrl: string,
  token: string | undefined,
): Pick<Message, 'articleUrl' | 'articleTitle'> {
  const entry = isRuleId(id) ? ruleEntry(id) : undefined;
  const url = `${publicUrl}${entry?.article ?? path}`;
  return {
    articleUrl: token ? withIncidentToken(url, token) : url,
    ...(entry && { articleTitle: entry.title }),
  };
}
