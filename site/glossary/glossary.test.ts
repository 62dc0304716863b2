import { markdownToHtml } from 'satteri';
import { expect, test } from 'vitest';
import { articleFiles } from '../articleFiles.ts';
import { isPlanned } from '../unlinkPlanned.ts';
import { explainTerms } from './explainTerms.ts';
import { readGlossary, glossarySchema } from './glossary.ts';

const term = (name: string, forms: string[] = []) => ({
  term: name,
  forms,
  text: 'What it is, in one sentence.',
  article: 'concepts/x',
});
const render = (markdown: string, terms = [term('inode', ['inodes']), term('SMART'), term('page cache')]) =>
  markdownToHtml(markdown, { hastPlugins: [explainTerms(terms) as never] }).html;
const buttons = (html: string) =>
  [...html.matchAll(/<button[^>]*>([^<]*)<\/button>/g)].map((match) => match[1]);

test('the first mention in a paragraph is explained, once', () => {
  const html = render(
    '# inode\n\nThe `inode` of [inode](/x/) has inodes.\n\nAnother inode.\n\n| inode |\n|---|\n| inode |',
  );
  expect(buttons(html)).toEqual(['inodes']);
  expect(html).toContain('popovertarget="term-inode"');
  expect(html.match(/id="term-inode"/g)).toHaveLength(1);
  expect(html).toContain('What it is, in one sentence.');
});

test('whole words only; what is written in capitals is found so', () => {
  expect(buttons(render('A smart idea about pageinodes, inode.c and /inode/x.'))).toEqual([]);
  expect(buttons(render('SMART says: Page cache.'))).toEqual(['SMART']);
});

test('the text itself does not change', () => {
  const text = render('Each inode counts.')
    .replace(/<span[\s\S]*?<\/span>/, '')
    .replace(/<[^>]+>/g, '');
  expect(text.trim()).toBe('Each inode counts.');
});

test('a page is not restless', () => {
  const many = Array.from({ length: 20 }, (_, index) => term(`word${index}x`));
  expect(buttons(render(many.map((each) => each.term).join('\n\n'), many))).toHaveLength(6);
});

test('every term leads to an article that is written or planned, and no form stands twice', () => {
  const written = new Set(articleFiles().map(({ slug }) => slug));
  const terms = readGlossary();
  expect(terms.length).toBeGreaterThan(50);
  expect(terms.filter(({ article }) => !written.has(article) && !isPlanned(`/${article}/`))).toEqual([]);
  expect(glossarySchema.safeParse([term('a b'), term('c', ['A B'])]).success).toBe(false);
});
