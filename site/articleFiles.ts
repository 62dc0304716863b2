// The articles as files, for what works on them without building the site: tests and the anchor lock.
import { readdirSync, readFileSync } from 'node:fs';
import { splitFrontmatter } from './headings.ts';

export interface ArticleFile {
  /** Like `problems/website-down`. */
  slug: string;
  /** YAML. */
  frontmatter: string;
  body: string;
}

const root = new URL('../content/', import.meta.url);

/** Every article below content/, in order of its slug. Names that start with `_` are no articles. */
export function articleFiles(): ArticleFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /(^|\/)[^_/][^/]*\.mdx?$/.test(path))
    .sort()
    .map((path) => ({
      slug: path.replace(/\.mdx?$/, ''),
      ...splitFrontmatter(readFileSync(new URL(path, root), 'utf8')),
    }));
}
