// The one collection: articles from content/, typed by kind, and the few pages of site/pages that borrow the theme.
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { docsSchema } from '@astrojs/starlight/schema';
import { z, type ZodType } from 'zod';
import { articleSchema } from './articleSchema.ts';

/** A page made in site/pages (a hub, the start page). Articles never use it: site/articles.test.ts sees to that. */
const pageSchema = z.strictObject({
  kind: z.literal('page'),
  title: z.string(),
  summary: z.string(),
  template: z.enum(['doc', 'splash']).default('doc'),
  pagefind: z.boolean().default(true),
});

const entrySchema = z.union([articleSchema, pageSchema]);

export const collections = {
  docs: defineCollection({
    loader: glob({ base: './content', pattern: '**/[^_]*.{md,mdx}' }),
    schema: (context) =>
      z.unknown().transform((input, { issues }) => {
        // A discriminated union first, so that a wrong key is reported for its own kind and not for all of them.
        const isPage = typeof input === 'object' && input !== null && 'kind' in input && input.kind === 'page';
        const parsed = (isPage ? pageSchema : (articleSchema as ZodType<z.output<typeof entrySchema>>)).safeParse(input);
        if (!parsed.success) {
          issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input })));
          return z.NEVER;
        }
        const { title, summary } = parsed.data;
        const theme = docsSchema()(context).parse({ title, description: summary });
        return { ...theme, ...parsed.data };
      }),
  }),
};
