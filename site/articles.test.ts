// The articles as a whole: frontmatter, addresses, and that each rule leads to a heading that is there.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isRuleId, ruleCatalogue } from '#core/ruleCatalogue.ts';
import { currentAnchors, extendLock, lostAnchors, readLock } from './anchors.ts';
import { articleFiles } from './articleFiles.ts';
import { articleSchema } from './articleSchema.ts';
import { anchorsOf, headingsOf } from './headings.ts';
import { kinds } from './taxonomy.ts';
import { isPlanned } from './unlinkPlanned.ts';

const files = articleFiles();
const anchors = new Map(files.map(({ slug, body }) => [`/${slug}/`, new Set(anchorsOf(body))]));

describe.each(files.map((file) => [file.slug, file] as const))('%s', (slug, { frontmatter, body }) => {
  const article = articleSchema.safeParse(parse(frontmatter));

  test('has the frontmatter of its kind, and stands in the folder of its kind', () => {
    expect(article.error?.issues ?? []).toEqual([]);
    expect(slug.split('/')[0]).toBe(article.data && kinds[article.data.kind].folder);
  });

  test('gives each section an address of its own', () => {
    const sections = headingsOf(body);
    expect(sections.filter(({ depth, id }) => depth === 2 && !id)).toEqual([]);
    expect(sections.filter(({ depth }) => depth === 1)).toEqual([]);
    const ids = anchorsOf(body);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test('names only articles that are written or planned, and rules of the catalogue', () => {
    for (const link of article.data?.related ?? []) {
      const [page = '', anchor] = link.split('#');
      expect(anchors.has(page) || isPlanned(page), `${link} is neither written nor planned`).toBe(true);
      if (anchor && anchors.has(page)) expect(anchors.get(page), link).toContain(anchor);
    }
    const rules = article.data?.kind === 'problem' ? article.data.rules : [];
    expect(rules.filter((rule) => !isRuleId(rule))).toEqual([]);
  });
});

test('each rule whose article is written leads to a heading of it', () => {
  const lost = Object.entries(ruleCatalogue).filter(([, { article }]) => {
    const [page = '', anchor = ''] = article.split('#');
    return anchors.has(page) && !anchors.get(page)?.has(anchor);
  });
  expect(lost.map(([rule, { article }]) => `${rule} → ${article}`)).toEqual([]);
});

test('no address that was ever published is lost, and new ones are in the lock (npm run kb:anchors)', () => {
  const lock = readLock();
  const now = currentAnchors();
  expect(lostAnchors(lock, now)).toEqual([]);
  expect(lock).toEqual(extendLock(lock, now));
});
