// npm run bench:kb [-- articles|build|weight|search|axe|lighthouse …]: the knowledge base in figures. Times are of this machine; quote ratios.
// PAGES=all looks at every page with axe, not at one of each kind; PAGES=/problems/,/script/ looks at these, with Lighthouse too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { openBrowser } from '../test/browser.ts';
import { articleFiles } from '../site/articleFiles.ts';
import { askedOf } from './askedOf.ts';
import { countArticles, skipReasons } from './kb/articles.ts';
import { axeViolations } from './kb/axe.ts';
import { type BuildTime, timeBuilds } from './kb/build.ts';
import { lighthouseScores } from './kb/lighthouse.ts';
import { builtPaths, weigh } from './kb/pages.ts';
import { askAll, querySets, type QueryResult, type QuerySet } from './kb/search.ts';
import { builtPages, serveSite } from './kb/site.ts';
import { projectRoot } from '../test/rootnote.ts';

const budgets = { htmlBytes: 15_000, allBytes: 35_000, top1: 85, top3: 95, searchMs: 150, score: 100 };
/** Lighthouse runs a page. */
const runs = Number(process.env['RUNS'] ?? 3);

const all = ['articles', 'build', 'weight', 'search', 'axe', 'lighthouse'] as const;
const { words: asked } = askedOf(import.meta);
const unknown = asked.filter((name) => !(all as readonly string[]).includes(name));
if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(' ')}; there are ${all.join(' ')}`);
const wanted = (name: (typeof all)[number]) => asked.length === 0 || asked.includes(name);
const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
const slugs = articleFiles().map(({ slug }) => slug);
const firstOfKind = [
  ...new Map(slugs.toReversed().map((slug) => [slug.split('/')[0], `/${slug}/`])).values(),
].sort();
/** One page of each kind and each sort of page. */
const oneOfEach = [
  ...firstOfKind,
  ...[
    '/',
    '/problems/',
    '/areas/storage/',
    '/alerts/',
    '/script/',
    '/script/functions/',
    '/script/sending/',
    '/glossary/',
    '/metrics/',
    '/404.html',
  ],
].filter((path) => path === '/404.html' || existsSync(join(builtPages, path, 'index.html')));

const named = process.env['PAGES']?.split(',').filter((path) => path.startsWith('/')) ?? [];
const sample = named.length > 0 ? named : oneOfEach;

if (wanted('articles')) {
  const rows = countArticles();
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  console.table(rows);
  console.log(
    `${sum((row) => row.articles)} articles, ${sum((row) => row.words)} words, ${sum((row) => row.fences)} fences: ` +
      `${percent(
        sum((row) => row.run + row.checked),
        sum((row) => row.fences),
      )} run or checked. Not executed, by reason:`,
  );
  console.table(
    skipReasons()
      .slice(0, 20)
      .map(([reason, count]) => ({ count, reason })),
  );
}

if (wanted('build')) {
  const times = timeBuilds();
  console.table(
    times.map(({ what, pages, wall, cpu }) => ({
      what,
      pages,
      'wall s': wall.toFixed(1),
      'CPU s': cpu.toFixed(1),
      'CPU s per 1,000 pages': ((cpu / pages) * 1000).toFixed(1),
    })),
  );
  const [ours, plain] = times as [BuildTime, BuildTime];
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  console.log(
    `CPU time beside plain Starlight: ${ratio(ours.cpu / ours.pages, plain.cpu / plain.pages)} × a page, ` +
      `${ratio(ours.cpu, plain.cpu)} × for the whole, which has ${ratio(ours.pages, plain.pages)} × the pages, and pictures, twins and the index`,
  );
}

if (wanted('weight')) {
  const weights = builtPaths()
    .filter((path) => !/^\/alerts\/./.test(path))
    .map(weigh);
  const heaviest = weights.toSorted((a, b) => b.html - a.html);
  const middle = heaviest[Math.floor(heaviest.length / 2)];
  console.table([
    ...heaviest.slice(0, 8),
    ...(middle ? [{ ...middle, path: `${middle.path} (median)` }] : []),
  ]);
  for (const [name, key, most] of [
    ['HTML', 'html', budgets.htmlBytes],
    ['all', 'all', budgets.allBytes],
  ] as const) {
    const over = weights.filter((page) => page[key] > most);
    console.log(
      `${name} over ${most} bytes: ${over.length} of ${weights.length} pages ${over.map(({ path }) => path).join(' ')}`,
    );
  }
  const agent = brotliCompressSync(readFileSync(join(projectRoot, 'agent/rootnote.sh'))).length;
  console.log(
    `/script/ and the two pages below it show every line of the agent, which alone is ${agent} bytes`,
  );
}

if (wanted('search') || wanted('axe') || wanted('lighthouse')) {
  const site = await serveSite();
  const browser = await openBrowser();
  try {
    if (wanted('search')) {
      const results = await askAll(browser, site.url, new Set(slugs));
      const row = (what: string, list: QueryResult[]) => {
        const times = list.map(({ ms }) => ms).sort((a, b) => a - b);
        const at = (share: number) => `${(times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(0)} ms`;
        return {
          what,
          queries: list.length,
          'top 1': percent(list.filter(({ place }) => place === 1).length, list.length),
          'top 3': percent(list.filter(({ place }) => place >= 1 && place <= 3).length, list.length),
          median: at(0.5),
          '95 %': at(0.95),
          most: at(1),
        };
      };
      console.table([
        row('all', results),
        ...(Object.keys(querySets) as QuerySet[]).flatMap((set) => {
          const ofSet = results.filter((result) => result.set === set);
          const forms = [...new Set(ofSet.map(({ form }) => form))].filter((form) => form !== '');
          return [
            row(`${set} set (${querySets[set]})`, ofSet),
            ...forms.map((form) =>
              row(
                `  ${form}`,
                ofSet.filter((result) => result.form === form),
              ),
            ),
          ];
        }),
      ]);
      console.log(
        'times are warm and without the pause that waits for the next key; ' +
          `goals: top 1 ${budgets.top1} %, top 3 ${budgets.top3} %, ${budgets.searchMs} ms`,
      );
      for (const { text, place, expected, first } of results.filter(
        ({ place, set }) => place !== 1 && querySets[set] === 'looked at',
      ))
        console.log(`  ${place || '-'}  ${text}  →  ${expected.join(' or ')}, not ${first}`);
    }
    if (wanted('axe')) {
      const pages =
        process.env['PAGES'] === 'all' ? builtPaths().filter((path) => !/^\/alerts\/./.test(path)) : sample;
      const violations = await axeViolations(browser, site.url, pages);
      if (violations.length > 0) console.table(violations);
      console.log(`axe: ${violations.length} violations on ${pages.length} pages in two themes`);
    }
    if (wanted('lighthouse')) {
      const scores = await lighthouseScores(
        site.url,
        sample.filter((path) => path !== '/404.html'),
        runs,
      );
      console.table(scores.map(({ lost: _, ...row }) => ({ ...row, shift: row.shift.toFixed(3) })));
      for (const { path, lost } of scores) if (lost.length > 0) console.log(`  ${path}: ${lost.join('; ')}`);
    }
  } finally {
    await browser.close();
    site.stop();
  }
}
