// The terms of content/glossary.json: checked when they are read, so that a wrong entry fails the build.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export const glossarySchema = z
  .array(
    z.strictObject({
      term: z.string().min(2).max(40),
      /** Other ways in which it stands in a text: plurals, short forms. */
      forms: z.array(z.string().min(2).max(40)).default([]),
      /** One or two sentences that need no other page. */
      text: z.string().min(20).max(220),
      /** Slug of the article that says more. */
      article: z.string(),
    }),
  )
  .superRefine((entries, context) => {
    const seen = new Set<string>();
    for (const { term, forms } of entries)
      for (const form of [term, ...forms]) {
        const key = form.toLowerCase();
        if (seen.has(key)) context.addIssue({ code: 'custom', message: `${form} stands twice` });
        seen.add(key);
      }
  });

export type Term = z.infer<typeof glossarySchema>[number];

let terms: Term[] | undefined;

/** All terms, in order of the alphabet. Read from the project's folder, as the build and the tests run in it. */
export function readGlossary(): Term[] {
  terms ??= glossarySchema
    .parse(JSON.parse(readFileSync('./content/glossary.json', 'utf8')))
    .sort((a, b) => a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }));
  return terms;
}

/** The id of a term on /glossary/. */
export const termId = (term: string): string => term.toLowerCase().replace(/[^a-z0-9]+/g, '-');
