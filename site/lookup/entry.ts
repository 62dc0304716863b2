// What the search knows of an article: made at build time from its frontmatter, its headings and the identifiers that it writes about.
import { ruleCatalogue } from '#core/ruleCatalogue.ts';
import type { Article } from '../articleSchema.ts';
import { headingsOf } from '../headings.ts';
import type { LookupEntry } from './prepared.ts';
import { wordsOf } from './words.ts';

/** More than this many would be a word list, not what an article is about. */
const mostMentions = 24;
/** Headings that every article of a kind has say nothing about this one. */
const commonHeadings =
  /^(act now|alert|prevent|stuck|variants|verify|check|causes?|options|pitfalls|versions|sources|limits|problems|backup)$/i;

export function lookupEntry(slug: string, data: Article, body: string): LookupEntry {
  const url = `/${slug}/`;
  const more =
    data.kind === 'problem'
      ? data.metrics
      : data.kind === 'command'
        ? [data.package, ...programsOf(data.title, body)]
        : data.kind === 'file'
          ? data.path.split(/[\s,]+/)
          : data.kind === 'application'
            ? [data.service, data.service.replace(/\.service$/, ''), ...data.config, ...data.logs]
            : [];
  const names = [slug.split('/')[1] ?? '', ...data.aliases, ...more].map((name) => name.toLowerCase());
  const headings = headingsOf(body).map(({ title }) => title);
  return {
    url,
    title: data.title,
    kind: data.kind,
    area: data.area,
    names: [...new Set(names)],
    errors: data.kind === 'problem' ? data.errors.map((error) => error.toLowerCase()) : [],
    rules: Object.entries(ruleCatalogue).flatMap(([id, { title, article }]) => {
      const [page, anchor = ''] = article.split('#');
      return page === url ? [{ id, title, anchor }] : [];
    }),
    text: [data.summary, ...headings.filter((title) => !commonHeadings.test(title))].join(' · '),
    mentions: mentionsOf(body),
    body: bodyWords(body),
  };
}

/** The programs that the title of an article on several commands lists (`pvs, vgs, lvs and friends: …`): those that its examples run. */
export function programsOf(title: string, body: string): string[] {
  const run = new Set([...body.matchAll(/^[#$] ([\w.-]+)/gm)].map(([, program]) => program));
  return (title.split(': ')[0] ?? '')
    .split(/, | and /)
    .map((part) => part.split(' ')[0] ?? '')
    .filter((word) => run.has(word));
}

/**
 * Identifiers in code spans of the text, the most frequent first: settings with dots (`vm.swappiness`), paths, names with underscores and
 * counters in CamelCase.
 */
export function mentionsOf(body: string): string[] {
  const counts = new Map<string, number>();
  const prose = body.replace(/^(\s*)(`{3,}|~{3,})[\s\S]*?^\1\2\s*$/gm, '');
  for (const [, code = ''] of prose.matchAll(/`([^`\n]+)`/g))
    for (const [word] of code.matchAll(/\/?[A-Za-z][\w./-]{3,60}/g)) {
      const name = word.replace(/[./-]+$/, '');
      if (/[a-z]\.[a-z]|^\/(proc|sys|etc|var|run|dev)\/|_|[a-z][A-Z]|^[A-Z]{4,}$/.test(name))
        counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
    }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostMentions)
    .map(([name]) => name);
}

/** More words than this would be any article of its area. */
const mostBodyWords = 170;
/** A word is of the first, second, third group when it stands so often in the text. */
const often = [8, 3, 1] as const;

/** The words of the text, the most frequent first, in three groups divided by `|`: often, a few times, once or twice. */
export function bodyWords(body: string): string {
  const counts = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text))
      if (word.length > 2 && word.length < 30 && !/^\d+$/.test(word))
        counts.set(word, (counts.get(word) ?? 0) + weight);
  };
  const fence = /^(\s*)(`{3,}|~{3,})([^\n]*)\n([\s\S]*?)^\1\2\s*$/gm;
  add(body.replace(fence, ' ').replace(/\]\([^)]*\)|\{#[^}]*\}|<[^>]*>/g, ' '), 1);
  // What programs print is pasted; what prepares an example is not shown.
  for (const [, , , info = '', code = ''] of body.matchAll(fence))
    if (!/\bsetup\b/.test(info)) add(code, 0.34);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostBodyWords);
  return often
    .map((least, at) =>
      sorted
        .filter(([, count]) => count >= (at === 2 ? 0 : least) && count < (often[at - 1] ?? Infinity))
        .map(([word]) => word)
        .join(' '),
    )
    .join('|');
}
