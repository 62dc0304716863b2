// What a reader has to load: the page as HTML, and all that it needs before anything is searched, compressed as the server does it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { builtPages } from './site.ts';

export interface PageWeight {
  path: string;
  /** Bytes, brotli. */
  html: number;
  /** With styles, scripts and pictures. */
  all: number;
}

const sizes = new Map<string, number>();
function brotli(file: string): number {
  const known = sizes.get(file);
  if (known !== undefined) return known;
  const content = readFileSync(file);
  const size = /\.(png|webp|woff2)$/.test(file)
    ? content.length
    : brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  sizes.set(file, size);
  return size;
}

/** Paths of all built pages, `/` and `/problems/x/`. */
export function builtPaths(): string[] {
  return readdirSync(builtPages, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('index.html'))
    .map((file) => `/${file.slice(0, -'index.html'.length)}`)
    .sort();
}

export function weigh(path: string): PageWeight {
  const file = join(builtPages, path, 'index.html');
  const html = brotli(file);
  const needed = new Set<string>();
  const follow = (text: string): void => {
    for (const [, asset = ''] of text.matchAll(/["'(](\/?_astro\/[\w.@-]+\.(?:js|css|svg|png))["')]/g)) {
      const name = asset.replace(/^\//, '');
      if (needed.has(name)) continue;
      needed.add(name);
    }
  };
  const source = readFileSync(file, 'utf8');
  follow(source.replace(/<link rel="(?:alternate|canonical)[^>]*>/g, ''));
  // What a script imports at once is loaded with it; what it imports later (the search, the panel) is not.
  for (const name of needed)
    if (name.endsWith('.js'))
      for (const [, other = ''] of readFileSync(join(builtPages, name), 'utf8').matchAll(
        /(?:from|import)\s*"\.\/([\w.@-]+\.js)"/g,
      ))
        needed.add(`_astro/${other}`);
  const assets = [...needed].filter((name) => statSync(join(builtPages, name), { throwIfNoEntry: false }));
  return { path, html, all: assets.reduce((sum, name) => sum + brotli(join(builtPages, name)), html) };
}
