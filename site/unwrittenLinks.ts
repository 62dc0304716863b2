// Links to articles that are planned (content/plan.tsv) and not written yet become plain text, so that the knowledge base can grow
// article by article. A link to anything else that is not there is a mistake, and site/build/checkLinks.ts fails the build for it.
import { existsSync, readFileSync } from 'node:fs';

const content = new URL('../content/', import.meta.url);

/** Slugs of the plan; the first column of each line but the head. */
export function plannedSlugs(plan: string): Set<string> {
  return new Set(plan.split('\n').slice(1).flatMap((line) => line.split('\t')[0] || []));
}

/** Whether a link goes to an article that is planned and not written. */
export function isUnwritten(href: string, planned: Set<string>, isWritten: (slug: string) => boolean): boolean {
  const slug = /^\/([a-z]+\/[a-z0-9.-]+)\/?(#.*)?$/.exec(href)?.[1];
  return slug !== undefined && planned.has(slug) && !isWritten(slug);
}

interface LinkNode {
  properties?: Record<string, unknown>;
  children: readonly unknown[];
}

/** A plug-in for Sätteri, in its form for one build. */
export function unwrittenLinks() {
  const planFile = new URL('plan.tsv', content);
  const planned = plannedSlugs(existsSync(planFile) ? readFileSync(planFile, 'utf8') : '');
  const known = new Map<string, boolean>();
  const isWritten = (slug: string) => {
    const found =
      known.get(slug) ?? ['md', 'mdx'].some((ending) => existsSync(new URL(`${slug}.${ending}`, content)));
    known.set(slug, found);
    return found;
  };
  return {
    name: 'unwritten-links',
    element: {
      filter: ['a'],
      visit(node: Readonly<LinkNode>) {
        const href = node.properties?.['href'];
        if (typeof href !== 'string' || !isUnwritten(href, planned, isWritten)) return undefined;
        return { type: 'element' as const, tagName: 'span', properties: {}, children: [...node.children] as never[] };
      },
    },
  };
}
