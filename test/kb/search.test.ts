// What people type leads to the article that answers it: by names, messages and headings alone. With the full text on top, in a real
// browser, it is measured by `npm run bench:kb -- search`.
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readQueries } from '../../bench/kb/search.ts';
import { articleFiles } from '../../site/articleFiles.ts';
import { articleSchema } from '../../site/articleSchema.ts';
import { lookUp, makeLookup } from '../../site/lookup/lookup.ts';
import { lookupEntry } from '../../site/lookup/entry.ts';
import { isRuleId, ruleCatalogue, type RuleId } from '#core/ruleCatalogue.ts';
import { loadCorpus } from './corpus.ts';

// In the order of the plan, as the build has them.
const plan = [...loadCorpus().planned];
const worth = ({ slug }: { slug: string }) => (plan.includes(slug) ? plan.indexOf(slug) : plan.length);
const entries = articleFiles()
  .sort((a, b) => worth(a) - worth(b))
  .map(({ slug, frontmatter, body }) => lookupEntry(slug, articleSchema.parse(parse(frontmatter)), body));
const index = makeLookup(entries);
const slugs = (query: string) => lookUp(index, query).map(({ entry }) => entry.url.slice(1, -1));
const written = new Set(entries.map(({ url }) => url.slice(1, -1)));

test('the queries ask for articles of the plan, each once in a set', () => {
  const { articles, planned } = loadCorpus();
  const queries = readQueries();
  expect(queries.length).toBeGreaterThanOrEqual(150);
  expect(new Set(queries.map(({ set, text }) => `${set} ${text}`)).size).toBe(queries.length);
  const unknown = queries.flatMap(({ expected }) =>
    expected.filter((slug) => !planned.has(slug) && !articles.has(slug)),
  );
  expect(unknown).toEqual([]);
});

test('most of them find their article first, nearly all among the first three', () => {
  const asked = readQueries().filter(({ expected }) => expected.some((slug) => written.has(slug)));
  const places = asked.map(
    ({ text, expected }) => slugs(text).findIndex((slug) => expected.includes(slug)) + 1,
  );
  const share = (most: number) =>
    places.filter((place) => place >= 1 && place <= most).length / places.length;
  expect(share(1)).toBeGreaterThan(0.8);
  expect(share(3)).toBeGreaterThan(0.9);
});

test('every rule id and every error message finds its own article', () => {
  const rules = (Object.keys(ruleCatalogue) as RuleId[]).filter(isRuleId);
  const lost = rules.filter((id) => {
    const page = ruleCatalogue[id].article.replace(/^\/|\/#.*$/g, '');
    return written.has(page) && slugs(id)[0] !== page;
  });
  expect(lost).toEqual([]);
  const messages = entries.flatMap(({ url, errors }) =>
    errors.map((error) => [error, url.slice(1, -1)] as const),
  );
  // "No space left on device" is the message of several problems; one that is of a single one must find it.
  const isShared = (message: string, slug: string) =>
    messages.some(([other, owner]) => owner !== slug && (other.includes(message) || message.includes(other)));
  const missed = messages.filter(
    ([message, slug]) => !isShared(message, slug) && !slugs(message).slice(0, 3).includes(slug),
  );
  expect(missed).toEqual([]);
});

test('a message is found in whatever line of a log it stands', () => {
  const lines = [
    (message: string) => `Nov 27 03:12:44 db7 app[20417]: ${message}`,
    (message: string) =>
      `2026-11-27T03:12:44.123Z ERROR [pool-2-thread-9] com.shop.Import: ${message} (/srv/shop/releases/42/import.c:117)`,
    (message: string) => `cp: cannot create '/var/lib/shop/data-17.bin': ${message}`,
    (message: string) => `[81234.552311] ${message} 10.3.4.5:39122 0x7f3a1c00`,
  ];
  const messages = entries.flatMap(({ url, errors }) =>
    errors.map((error) => [error, url.slice(1, -1)] as const),
  );
  const owners = (message: string) =>
    messages.filter(([other]) => other.includes(message) || message.includes(other)).map(([, slug]) => slug);
  for (const [at, line] of lines.entries()) {
    const some = messages.filter((_, index) => index % lines.length === at);
    const found = some.filter(([message]) => {
      const all = owners(message);
      return slugs(line(message))
        .slice(0, 3)
        .some((slug) => all.includes(slug));
    });
    expect(found.length / some.length).toBeGreaterThan(0.96);
  }
}, 120_000);
