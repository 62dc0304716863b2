// The Markdown of an article as a reader (or a language model) should get it: no words for the runner, no components, plain values.
import { isSetup, showPlaceholders } from './fence.ts';
import type { KnownArticle } from './knowledge.ts';
import { kinds } from './taxonomy.ts';

/** Title, summary, body, sources. Links stay relative to the site. */
export function readerMarkdown(article: Pick<KnownArticle, 'data' | 'body' | 'url'>): string {
  const { title, summary, kind, sources } = article.data;
  const head = `# ${title}\n\n${summary}\n\n${kinds[kind].one} · ${article.url}\n`;
  const foot = sources.map((source) => `- [${source.title}](${source.url})`).join('\n');
  return `${head}\n${plainBody(article.body)}\n\n## Sources\n\n${foot}\n`;
}

/** Fences keep their language and title; `setup` fences, MDX imports and heading ids are taken out. */
export function plainBody(body: string): string {
  const out: string[] = [];
  let fence = '';
  let hidden = false;
  for (const line of body.split('\n')) {
    const opening = fence === '' ? /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/.exec(line) : null;
    if (opening) {
      const [, indent = '', mark = '', language = '', meta = ''] = opening;
      fence = mark;
      hidden = isSetup(meta);
      if (!hidden) out.push(`${indent}${mark}${language}`);
      continue;
    }
    if (fence !== '') {
      const closes = line.trim().startsWith(fence) && /^\s*(`+|~+)\s*$/.test(line);
      if (!hidden) out.push(closes ? line : showPlaceholders(line));
      if (closes) {
        fence = '';
        hidden = false;
      }
      continue;
    }
    if (/^(import|export)\s/.test(line)) continue;
    out.push(line.replace(/^(#{1,6}\s.*?)\s*\{#[a-z0-9-]+\}\s*$/, '$1'));
  }
  return out
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
