// The table of contents for language models (llmstxt.org): every article with its Markdown twin.
import type { APIRoute } from 'astro';
import { articlesOf } from '../knowledge.ts';
import { kindNames, kinds } from '../taxonomy.ts';

export const GET: APIRoute = async ({ site, url }) => {
  const sections = await Promise.all(
    kindNames.map(async (kind) => {
      const articles = await articlesOf({ kind });
      const lines = articles.map(
        ({ slug, data }) => `- [${data.title}](${new URL(`/${slug}.md`, site ?? url).href}): ${data.summary}`,
      );
      return lines.length > 0 ? `## ${kinds[kind].many}\n\n${lines.join('\n')}\n` : '';
    }),
  );
  const text = `# Rootnote\n\n> How to understand and repair a Linux server. Commands and their output are from real runs; each page says on which system.\n\n${sections.filter(Boolean).join('\n')}`;
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } });
};
