// Nothing that Rootnote says is without an explanation: each rule, and each metric, leads to an article that is written. (Commands and
// files of the agent: site/script/script.test.ts.)
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type MetricName, metrics } from '#core/metrics.ts';
import { ruleCatalogue } from '#core/ruleCatalogue.ts';
import { articleFiles } from './articleFiles.ts';
import { articleSchema } from './articleSchema.ts';
import { anchorsOf } from './headings.ts';
import { articlesOfMetrics, metricPlaces } from './metricPlaces.ts';

const files = articleFiles();
const articles = files.map(({ slug, frontmatter, body }) => ({
  slug,
  body,
  data: articleSchema.parse(parse(frontmatter)),
}));
const anchors = new Map(articles.map(({ slug, body }) => [`/${slug}/`, anchorsOf(body)]));

test('each rule leads to a section that exists', () => {
  const lost = Object.entries(ruleCatalogue).filter(([, { article }]) => {
    const [page = '', anchor = ''] = article.split('#');
    return !anchors.get(page)?.includes(anchor);
  });
  expect(lost.map(([id, { article }]) => `${id} → ${article}`)).toEqual([]);
});

test('each metric has its place in an article', () => {
  const names = Object.keys(metrics) as MetricName[];
  const homeless = [...articlesOfMetrics(names, articles)].filter(
    ([, slugs]) => !slugs.some((slug) => anchors.has(`/${slug}/`)),
  );
  expect(homeless.map(([name]) => name)).toEqual([]);
  const unknown = Object.keys(metricPlaces).filter((name) => !Object.hasOwn(metrics, name));
  expect(unknown).toEqual([]);
});
