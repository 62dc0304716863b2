// What an article must be before its fences are run: frontmatter, shape, language, links. Pure; one sentence a fault.
import { metrics } from '#core/metrics.ts';
import { ruleCatalogue } from '#core/ruleCatalogue.ts';
import { articleSchema } from '../../site/articleSchema.ts';
import { anchorsOf } from '../../site/headings.ts';
import { kinds, type Kind } from '../../site/taxonomy.ts';
import type { Article } from './fences.ts';
import { shapes } from './shapes.ts';
import { styleFaults } from './style.ts';

/** All articles by slug, and the slugs of the plan that nobody has written yet. */
export interface Corpus {
  articles: Map<string, Article>;
  planned: Set<string>;
}

const longestSentence = 32;
const banned =
  /\b(simply|just|easy|easily|obviously|basically|of course|please note|a breeze|leverage|utili[sz]e)\b/i;
const foreign = /\/work\/|rootnote-kb|kb-[0-9a-f]{8}|\.pyenv|firecracker/;
/** The devices of `devices/` that stand in for hardware, or for a kernel with more in it. */
const standIn = /\bkb-(vm|console|ata|nvme|bmc|chip)\b/;
/** What an article would set up by hand where a device exists for it. */
const handMade = /\blinux\.uml\b/;
const unfinished = /\b(TODO|FIXME|TBD|lorem ipsum)\b/i;

/** All faults of one article as `slug:line sentence`. Empty when it may go on to the runner. */
export function faultsOf(article: Article, corpus: Corpus): string[] {
  const faults: string[] = [];
  const say = (line: number, sentence: string) => faults.push(`${article.slug}:${line} ${sentence}`);
  const parsed = articleSchema.safeParse(article.frontmatter);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) say(1, `frontmatter: ${issue.path.join('.')} ${issue.message}`);
    return faults;
  }
  const { kind } = parsed.data;
  if (!article.slug.startsWith(`${kinds[kind].folder}/`))
    say(1, `a ${kind} belongs to content/${kinds[kind].folder}/`);
  checkHeadings(article, kind, say);
  if (parsed.data.kind === 'problem') {
    checkProblem(article, say);
    for (const name of parsed.data.metrics) if (!Object.hasOwn(metrics, name)) say(1, `${name} is no metric`);
  }
  checkRules(article, parsed.data.kind === 'problem' ? parsed.data.rules : [], say);
  if (parsed.data.risk === 'destroys-data' && !/^:::danger/m.test(article.text))
    say(1, 'risk: destroys-data needs a :::danger block before the command');
  const device = standIn.exec(article.text);
  if (device && !parsed.data.simulated)
    say(1, `its setup uses ${device[0]}: readers must be told, by \`simulated\` in the frontmatter`);
  checkProse(article, say);
  for (const link of parsed.data.related) checkLink(link, 1, article, corpus, say);
  return faults;
}

type Say = (line: number, sentence: string) => void;

function checkHeadings(article: Article, kind: Kind, say: Say): void {
  const seen = new Set<string>();
  for (const { level, id, line, text } of article.headings) {
    if (level === 1) say(line, 'the title is in the frontmatter: no h1');
    if (level === 2 && !id) say(line, `"${text}" needs an id: ## ${text} {#…}`);
    if (id && seen.has(id)) say(line, `#${id} stands twice`);
    if (id) seen.add(id);
  }
  const h2 = article.headings.filter((h) => h.level === 2).map((h) => h.id ?? '');
  const found = h2.filter((id) => shapes[kind].includes(id));
  for (const id of shapes[kind]) if (!found.includes(id)) say(1, `the section #${id} is missing (${kind})`);
  const order = shapes[kind].filter((id) => found.includes(id));
  if (found.join() !== order.join())
    say(1, `the sections stand as ${found.join(' ')}, not as ${order.join(' ')}`);
  const first = article.headings.find((h) => h.level === 2);
  const intro = article.lines
    .slice(article.bodyStart, first ? first.line - 1 : undefined)
    .join(' ')
    .trim();
  if (intro === '') say(1, 'the article starts with its answer, before the first heading');
  if (kind === 'command' && !article.fences.some((f) => f.flags.has('synopsis')))
    say(1, 'a command has a ```text synopsis fence before its first heading');
  if (kind === 'concept' && !/<svg\b/.test(article.text)) say(1, 'a concept has one drawing (inline SVG)');
}

/** 1-based lines of a section: its heading, and the next heading of the same or a higher level. */
function sectionBounds(article: Article, id: string): { from: number; to: number } {
  const start = article.headings.find((h) => h.id === id);
  if (!start) return { from: 0, to: 0 };
  const next = article.headings.find((h) => h.line > start.line && h.level <= start.level);
  return { from: start.line, to: next ? next.line : article.lines.length + 1 };
}

/** The lines of a section without its heading. */
export function sectionOf(article: Article, id: string): string[] {
  const { from, to } = sectionBounds(article, id);
  return article.lines.slice(from, to - 1);
}

function checkProblem(article: Article, say: Say): void {
  const within = (id: string, pattern: RegExp) => sectionOf(article, id).some((line) => pattern.test(line));
  if (!within('check', /^\s*```console/)) say(1, '#check shows a command with its output');
  if (!within('cause', /^\|/)) say(1, '#cause has a table: what you see, which cause');
  const bounds = sectionBounds(article, 'cause');
  const causes = article.headings.filter((h) => h.level === 3 && h.line > bounds.from && h.line < bounds.to);
  if (causes.length < 2) say(1, 'a problem has at least two causes, each a ### below #cause');
  for (const { id, text, line } of causes)
    if (!id) say(line, `"${text}" needs an id: ### ${text} {#cause-…}`);
  const table = sectionOf(article, 'cause')
    .filter((line) => line.startsWith('|'))
    .join('\n');
  for (const { id, line } of causes)
    if (!table.includes(`(#${id})`)) say(line, `the table of #cause does not link to #${id}`);
}

function checkRules(article: Article, named: string[], say: Say): void {
  const path = `/${article.slug}/`;
  const anchors = anchorsOf(article.lines.slice(article.bodyStart).join('\n'));
  const led = Object.entries(ruleCatalogue).filter(([, rule]) => rule.article.split('#')[0] === path);
  for (const [id, rule] of led) {
    const anchor = rule.article.split('#')[1]!;
    if (!anchors.includes(anchor)) say(1, `${id} leads to #${anchor}, which is not there`);
    if (!named.includes(id)) say(1, `${id} leads here and is missing under rules`);
  }
  for (const id of named) if (!led.some(([known]) => known === id)) say(1, `${id} does not lead here`);
}

/** Prose with its line numbers: no frontmatter, fences, code spans, tables' rules or HTML. */
export function proseOf(article: Article): { line: number; text: string }[] {
  const inside = new Set<number>();
  for (const fence of article.fences)
    for (let n = fence.line; n <= fence.line + fence.body.length + 1; n++) inside.add(n);
  let svg = false;
  return article.lines.flatMap((raw, index) => {
    if (/<svg\b/.test(raw)) svg = true;
    const hidden = svg;
    if (/<\/svg>/.test(raw)) svg = false;
    if (index < article.bodyStart || inside.has(index + 1) || hidden) return [];
    return [{ line: index + 1, text: raw.replace(/`[^`]*`/g, 'code').replace(/\]\([^)]*\)/g, ']') }];
  });
}

function checkProse(article: Article, say: Say): void {
  const prose = proseOf(article);
  for (const { line, text } of prose) {
    const word = banned.exec(text)?.[0];
    if (word) say(line, `leave out "${word}"`);
    for (const fault of styleFaults(text)) say(line, fault);
  }
  article.lines.forEach((line, index) => {
    if (foreign.test(line)) say(index + 1, 'names something of the machine that ran the example');
    if (unfinished.test(line)) say(index + 1, 'is not finished');
    if (handMade.test(line)) say(index + 1, 'boots a virtual machine by hand: kb-vm and kb-console do that');
  });
  for (const { line, text } of sentences(prose)) {
    const words = text.split(/\s+/).filter((w) => /\w/.test(w)).length;
    if (words > longestSentence) say(line, `${words} words in one sentence: "${text.slice(0, 60)}…"`);
  }
}

/** Sentences of paragraphs and list items; cells of tables one by one. */
export function sentences(prose: { line: number; text: string }[]): { line: number; text: string }[] {
  const out: { line: number; text: string }[] = [];
  let block = '';
  let from = 0;
  const flush = () => {
    for (const part of block.split(/(?<=[.!?:;])\s+(?=["'(*[A-Zcd0-9-])/))
      if (part.trim()) out.push({ line: from, text: part.trim() });
    block = '';
  };
  for (const { line, text } of prose) {
    if (/^\s*($|#|:::|<)/.test(text)) flush();
    else if (/^\s*\|/.test(text)) {
      flush();
      for (const cell of text.split('|')) {
        block = cell;
        from = line;
        flush();
      }
    } else {
      if (/^\s*([-*]|\d+\.)\s/.test(text)) flush();
      if (block === '') from = line;
      block += ` ${text.trim()}`;
    }
  }
  flush();
  return out;
}

/** Links to articles must lead to one that is written or planned, and to a heading that exists. */
function checkLink(link: string, line: number, article: Article, corpus: Corpus, say: Say): void {
  const [path = '', hash] = link.split('#');
  const slug = path === '' ? article.slug : path.replace(/^\/|\/$/g, '');
  if (path !== '' && !/^\/[a-z]+\/[a-z0-9.-]+\/$/.test(path))
    return say(line, `${link}: links look like /commands/df/ or /commands/df/#read`);
  const target = slug === article.slug ? article : corpus.articles.get(slug);
  if (!target) {
    if (!corpus.planned.has(slug)) say(line, `${link}: no such article is written or planned`);
    return;
  }
  if (hash && !anchorsOf(target.lines.slice(target.bodyStart).join('\n')).includes(hash))
    say(line, `${link}: no such heading`);
}

/** Faults that need all articles: links of the text, sentences that two articles start with. */
export function faultsBetween(corpus: Corpus): string[] {
  const faults: string[] = [];
  const openings = new Map<string, string>();
  for (const article of corpus.articles.values()) {
    const say: Say = (line, sentence) => faults.push(`${article.slug}:${line} ${sentence}`);
    article.lines.forEach((text, index) => {
      for (const match of text.matchAll(/\]\(([/#][^)\s]*)\)/g))
        if (!/^\/(script|alerts)\//.test(match[1]!)) checkLink(match[1]!, index + 1, article, corpus, say);
    });
    for (const opening of [sentences(proseOf(article))[0]?.text, String(article.frontmatter.summary ?? '')]) {
      const key = opening?.split(/\s+/).slice(0, 7).join(' ').toLowerCase();
      if (!key) continue;
      const other = openings.get(key);
      if (other && other !== article.slug) say(1, `starts like ${other}: "${key}…"`);
      openings.set(key, article.slug);
    }
  }
  return faults;
}
