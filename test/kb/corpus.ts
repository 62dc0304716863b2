// Loads every article of content/ and the plan of those that are still to be written.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArticle } from './fences.ts';
import { contentRoot } from './record.ts';
import type { Corpus } from './structure.ts';

/** Throws FormError when an article cannot be read at all. */
export function loadCorpus(): Corpus {
  const files = globSync('*/**/*.{md,mdx}', { cwd: contentRoot }).sort();
  const articles = new Map(
    files.map((file) => {
      const slug = file.replace(/\.mdx?$/, '');
      return [slug, parseArticle(slug, readFileSync(join(contentRoot, file), 'utf8'))] as const;
    }),
  );
  const plan = readFileSync(join(import.meta.dirname, 'plan.tsv'), 'utf8')
    .trim()
    .split('\n');
  return { articles, planned: new Set(plan.map((row) => row.split('\t')[0]!)) };
}
