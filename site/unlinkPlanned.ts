// An article may link to one that is planned and not written yet. Until that one exists, readers see the words without a link.
import { existsSync, readFileSync } from 'node:fs';

interface LinkNode {
  url: string;
  children: unknown[];
}

interface LinkContext {
  replaceNode(node: Readonly<LinkNode>, replacement: unknown): void;
}

const slugOf = (path: string) => /^\/([a-z]+\/[a-z0-9-]+)\/(#.*)?$/.exec(path)?.[1];

/** Whether a path leads to an article of `content/planned.json` that has no file yet. Any other dead link fails the build. */
export function isPlanned(path: string, content = './content'): boolean {
  const slug = slugOf(path);
  if (!slug || ['md', 'mdx'].some((ending) => existsSync(`${content}/${slug}.${ending}`))) return false;
  const planned = JSON.parse(readFileSync(`${content}/planned.json`, 'utf8')) as string[];
  return planned.includes(slug);
}

/** A plug-in for Sätteri. */
export const unlinkPlanned = {
  name: 'unlink-planned-articles',
  link(node: Readonly<LinkNode>, context: LinkContext): void {
    if (isPlanned(node.url)) {
      context.replaceNode(node, { type: 'plannedArticle', data: { hName: 'span' }, children: node.children });
    }
  },
};
