// Articles from content/, typed by kind, and the few pages of site/pages that borrow the theme.
import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';
import { i18nLoader } from '@astrojs/starlight/loaders';
import { docsSchema, i18nSchema } from '@astrojs/starlight/schema';
import { z, type ZodType } from 'zod';
import { articleSchema, type Article } from './articleSchema.ts';

/** A page made in site/pages (a hub, the start page). Articles never use it: site/articles.test.ts sees to that. */
const pageSchema = z.strictObject({
  kind: z.literal('page'),
  title: z.string(),
  summary: z.string(),
  template: z.enum(['doc', 'splash']).default('doc'),
  pagefind: z.boolean().default(true),
  /** For a page that has an index of its own and needs the width. */
  tableOfContents: z.literal(false).optional(),
});

type Entry = Article | z.output<typeof pageSchema>;

export const collections = {
  /** The few words of the theme that we say in our own way. */
  i18n: defineCollection({ loader: i18nLoader(), schema: i18nSchema() }),
  docs: defineCollection({
    loader: glob({ base: './content', pattern: '**/[^_]*.{md,mdx}' }),
    schema: (context) =>
      z.unknown().transform((input, { issues }) => {
        // A discriminated union first, so that a wrong key is reported for its own kind and not for all of them.
        const isPage =
          typeof input === 'object' && input !== null && 'kind' in input && input.kind === 'page';
        const parsed = (isPage ? pageSchema : (articleSchema as ZodType<Entry>)).safeParse(input);
        if (!parsed.success) {
          for (const { message, path } of parsed.error.issues)
            issues.push({ code: 'custom', message, path, input });
          return z.NEVER;
        }
        const { title, summary } = parsed.data;
        const theme = docsSchema()(context).parse({ title, description: summary });
        return { ...theme, ...parsed.data };
      }),
  }),
};
