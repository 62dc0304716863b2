// npm run kb:verify [-- PATH…] [--affected] [--update] [--numbers]: executes the examples of the knowledge base and writes the record.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type ArticleResult, runArticle } from './article.ts';
import { type Article, FormError, parseArticle } from './fences.ts';
import { contentRoot, entryOf, hashOf, readRecord, writeRecord } from './record.ts';
import { endAll } from './sandbox.ts';

const usage = `Usage: npm run kb:verify [-- PATH…] [--affected] [--update] [--numbers]
  PATH        content/problems/x.md or problems/x; without one: all articles
  --affected  only articles whose examples are not those in content/verified.json
  --update    write the outputs of this run into the articles, for review with git diff
  --numbers   list the lines whose numbers are far from those of this run, though their form is right
Exit code: 0 all are as written, 1 some are not, 2 bad use.`;

const options = process.argv.slice(2).filter((a) => a.startsWith('-'));
const paths = process.argv.slice(2).filter((a) => !a.startsWith('-'));
if (options.some((o) => o === '--help' || o === '-h')) {
  console.log(usage);
  process.exit(0);
}
const unknown = options.find((o) => !['--affected', '--update', '--numbers'].includes(o));
if (unknown) {
  console.error(`${unknown} is not known\n${usage}`);
  process.exit(2);
}
const [affected, update, numbers] = ['--affected', '--update', '--numbers'].map((o) => options.includes(o));

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    endAll();
    process.exit(130);
  });

const record = readRecord();
const files = globSync('*/**/*.{md,mdx}', { cwd: contentRoot }).sort();
const slugs = new Map(files.map((file) => [file.replace(/\.mdx?$/, ''), join(contentRoot, file)]));
const wanted = paths.map((path) => {
  const slug =
    path.startsWith('content/') || path.endsWith('.md') || path.endsWith('.mdx')
      ? relative(contentRoot, resolve(path)).replace(/\.mdx?$/, '')
      : path;
  if (!slugs.has(slug)) {
    console.error(`no such article: ${path}\n${usage}`);
    process.exit(2);
  }
  return slug;
});

const queue = (wanted.length > 0 ? wanted : [...slugs.keys()]).filter(
  (slug) => !affected || !isExecuted(slug),
);
const gone = wanted.length > 0 ? [] : Object.keys(record).filter((slug) => !slugs.has(slug));
const rows: string[] = [];
const drifts: string[] = [];
const totals = { run: 0, checked: 0, skipped: 0, failed: 0 };

function isExecuted(slug: string): boolean {
  try {
    return record[slug]?.hash === hashOf(parseArticle(slug, readFileSync(slugs.get(slug)!, 'utf8')));
  } catch (error) {
    if (error instanceof FormError) return false; // its run will say so
    throw error;
  }
}

async function verifyOne(slug: string): Promise<void> {
  const file = slugs.get(slug)!;
  const text = readFileSync(file, 'utf8');
  const started = Date.now();
  let article: Article;
  let result: ArticleResult;
  try {
    article = parseArticle(slug, text);
    result = await runArticle(article);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    drifts.push(error.message);
    totals.failed++;
    return writeRecord({ [slug]: undefined });
  }
  const count = (outcome: keyof typeof totals) => {
    const n = result.results.filter((r) => r.outcome === outcome).length;
    totals[outcome] += n;
    return String(n).padStart(7);
  };
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(7);
  const row = `${slug.padEnd(44)}${count('run')}${count('checked')}${count('skipped')}${count('failed')}${seconds}`;
  rows.push(row);
  console.log(row);
  const failed = result.results.filter((r) => r.outcome === 'failed');
  for (const { line, detail } of failed) drifts.push(`${relative(process.cwd(), file)}:${line}\n${detail}`);
  if (numbers)
    for (const { line, far = [] } of result.results)
      for (const pair of far) console.log(`  ${relative(process.cwd(), file)}:${line}\n    ${pair}`);
  if (update && result.updated !== text) writeFileSync(file, result.updated);
  writeRecord({ [slug]: failed.length > 0 ? undefined : entryOf(article, result) });
}

console.log(`${'article'.padEnd(44)}    run checked skipped  failed seconds`);
try {
  await Promise.all(
    [0, 1].map(async () => {
      for (let slug = queue.shift(); slug; slug = queue.shift()) await verifyOne(slug);
    }),
  );
} catch (error) {
  endAll();
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
if (gone.length > 0) writeRecord(Object.fromEntries(gone.map((slug) => [slug, undefined])));
const { run, checked, skipped, failed } = totals;
console.log(
  `${rows.length} articles: ${run} fences run, ${checked} checked, ${skipped} skipped, ${failed} failed`,
);
if (drifts.length > 0)
  console.error(
    `\n${drifts.join('\n\n')}${update ? '\n\nwritten into the articles: review with git diff' : ''}`,
  );
process.exit(drifts.length > 0 ? 1 : 0);
