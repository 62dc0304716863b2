// Does the search find what people mean? Types each query of test/kb/queries/ into the real dialog in a real browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { projectRoot } from '../../test/rootnote.ts';

/** Sets of queries, in the order in which they were written. Those held out were put down before the ranking had seen them. */
export const querySets = {
  first: 'looked at',
  second: 'looked at',
  third: 'held out',
  fourth: 'looked at',
} as const;
export type QuerySet = keyof typeof querySets;

export interface Query {
  text: string;
  /** Slugs that answer it. */
  expected: string[];
  set: QuerySet;
  /** How it is put: pasted (a line of a log or a terminal), question, symptom, misspelled, command … '' where nobody said. */
  form: string;
}

export interface QueryResult extends Query {
  /** Place of the first expected article from 1; 0 where none of the first twelve is one. */
  place: number;
  first: string;
  /** From the question to the list, without the pause that waits for the next key. */
  ms: number;
}

/** Each line of test/kb/queries/SET.tsv: what is typed, the slugs that answer it, its form. */
export function readQueries(): Query[] {
  return (Object.keys(querySets) as QuerySet[]).flatMap((set) =>
    readFileSync(join(projectRoot, 'test/kb/queries', `${set}.tsv`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([text = '', slugs = '', form = '']) => ({ text, expected: slugs.split(','), set, form })),
  );
}

/** `written`: slugs that have a page; a query whose article is not written yet is left out. */
export async function askAll(browser: Browser, url: string, written: Set<string>): Promise<QueryResult[]> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.keyboard.press('/');
  const results: QueryResult[] = [];
  await ask(page, 'warm up');
  for (const query of readQueries()) {
    const expected = query.expected.filter((slug) => written.has(slug));
    if (expected.length === 0) continue;
    const { urls, ms } = await ask(page, query.text);
    const slugs = urls.map((path) => path.replace(/#.*/, '').replace(/^\/|\/$/g, ''));
    results.push({
      ...query,
      expected,
      place: slugs.findIndex((slug) => expected.includes(slug)) + 1,
      first: slugs[0] ?? '',
      ms,
    });
  }
  await page.close();
  return results;
}

/** The dialog waits this long for another key before it searches. */
const pause = 60;
/** A query without an answer for so long ends the bench: it would stand still for ever. */
const patience = 20_000;

function ask(page: Page, text: string): Promise<{ urls: string[]; ms: number }> {
  return page.evaluate(
    async ({ text: query, pause: wait, patience: most }) => {
      const input = document.querySelector<HTMLInputElement>('#rn-search-input')!;
      const list = document.querySelector<HTMLElement>('#rn-search-results')!;
      const done = new Promise<void>((found, failed) => {
        setTimeout(() => failed(new Error(`no answer to: ${query}`)), most);
        const seen = new MutationObserver(() => {
          if (list.dataset['query'] !== query) return;
          seen.disconnect();
          found();
        });
        seen.observe(list, { attributes: true, attributeFilter: ['data-query'] });
      });
      delete list.dataset['query'];
      input.value = query;
      const start = performance.now();
      input.dispatchEvent(new Event('input', { bubbles: true }));
      await done;
      const ms = performance.now() - start - wait;
      const urls = [...list.querySelectorAll('li:not(.part) > a')].map(
        (link) => link.getAttribute('href') ?? '',
      );
      return { urls, ms };
    },
    { text, pause, patience },
  );
}
