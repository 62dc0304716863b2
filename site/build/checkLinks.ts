// Every internal link of every built page must lead to a page that was built, and every hash to an id on it. Fails the build.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { filesBelow } from './filesBelow.ts';

/** Served on demand, so not among the built files. */
const onDemand = /^\/(portal|api|signin|agent)(\/|$)/;

export interface Page {
  links: string[];
  ids: Set<string>;
}

/** The links and ids of a page of HTML as Astro writes it (attributes in double quotes). */
export function readPage(html: string): Page {
  const text = html.replace(/<script\b[\s\S]*?<\/script>/g, '');
  const unescape = (value: string) => value.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
  return {
    links: [
      ...text.matchAll(
        /<(?:a|link|meta http-equiv="refresh") (?:[^>]*? )?(?:href|content)="(?:0; url=)?([^"]*)"/g,
      ),
    ].map((match) => unescape(match[1] ?? '')),
    ids: new Set([...text.matchAll(/<[a-z][^>]*?\sid="([^"]+)"/g)].map((match) => match[1] ?? '')),
  };
}

/** One sentence for each link that leads nowhere. `pages` by path (`/problems/x/`), `files` all other paths that are served. */
export function brokenLinks(pages: Map<string, Page>, files: Set<string>): string[] {
  const broken: string[] = [];
  for (const [path, page] of pages) {
    for (const link of new Set(page.links)) {
      if (/^(https?:|mailto:|data:)/.test(link)) continue;
      const url = new URL(link, `http://site${path}`);
      if (onDemand.test(url.pathname) || files.has(url.pathname)) continue;
      const target = pages.get(url.pathname);
      const hash = decodeURIComponent(url.hash.slice(1));
      if (!target) broken.push(`${path}: ${link} is no page (links end with a slash)`);
      else if (hash && !target.ids.has(hash)) broken.push(`${path}: ${link} has no such heading`);
    }
  }
  return broken;
}

export function checkLinks(): AstroIntegration {
  return {
    name: 'rootnote-check-links',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const pages = new Map<string, Page>();
        const files = new Set<string>();
        for (const file of await filesBelow(root)) {
          const path = `/${file}`;
          if (path.endsWith('/index.html'))
            pages.set(
              path.slice(0, -'index.html'.length),
              readPage(await readFile(`${root}/${file}`, 'utf8')),
            );
          else files.add(path);
        }
        const broken = brokenLinks(pages, files);
        if (broken.length > 0) throw new Error(`Links that lead nowhere:\n  ${broken.join('\n  ')}`);
        logger.info(`Links of ${pages.size} pages checked.`);
      },
    },
  };
}
