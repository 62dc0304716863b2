// What the knowledge base promises about every page that it publishes: seen in the built files, and in a real browser.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ruleCatalogue } from '#core/ruleCatalogue.ts';
import { builtPaths, weigh } from '../bench/kb/pages.ts';
import { builtPages } from '../bench/kb/site.ts';
import { articleFiles } from '../site/articleFiles.ts';
import { type Article, articleSchema } from '../site/articleSchema.ts';
import { headingsOf } from '../site/headings.ts';
import { openBrowser } from './browser.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { type Rootnote, startRootnote } from './rootnote.ts';

let database: TestDatabase;
let rootnote: Rootnote;
let browser: Browser;
let articles: { slug: string; body: string; data: Article }[];
let pages: Map<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  rootnote = await startRootnote({ DATABASE_URL: database.url, AUTH_SECRET: 'x'.repeat(32) });
  browser = await openBrowser();
  articles = articleFiles().map(({ slug, frontmatter, body }) => ({
    slug,
    body,
    data: articleSchema.parse(parse(frontmatter)),
  }));
  pages = new Map(
    builtPaths().map((path) => [path, readFileSync(join(builtPages, path, 'index.html'), 'utf8')]),
  );
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await rootnote?.remove();
  await database?.drop();
}, 60_000);

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(rootnote.url + path);
  return page;
}
const served = async (path: string) => {
  const answer = await fetch(rootnote.url + path);
  expect(answer.status, path).toBe(200);
  return answer;
};

test('every article has its page, its Markdown twin and its picture, and llms.txt names it', async () => {
  const list = await (await served('/llms.txt')).text();
  for (const { slug, body, data } of articles) {
    expect(pages.has(`/${slug}/`), slug).toBe(true);
    const twin = readFileSync(join(builtPages, `${slug}.md`), 'utf8');
    expect(twin.startsWith(`# ${data.title}\n\n${data.summary}\n`), slug).toBe(true);
    expect(twin.match(/^#{2,6} .*$/gm)?.length, slug).toBeGreaterThan(headingsOf(body).length);
    expect(twin.match(/\{#[a-z-]+\}|\{\{\w+:|^```\w* (?:setup|match=|skip=)/m)?.[0], slug).toBeUndefined();
    expect(list, slug).toContain(`/${slug}.md): ${data.summary}`);
    expect(existsSync(join(builtPages, `og/${slug}.png`)), slug).toBe(true);
  }
  expect(await sharp(join(builtPages, 'og/commands/df.png')).metadata()).toMatchObject({
    format: 'png',
    width: 1200,
    height: 630,
  });
});

test('JSON-LD tells of each article what it is, and names its picture', () => {
  for (const { slug, data } of articles) {
    const [, text = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(
      pages.get(`/${slug}/`)!,
    )!;
    const { '@context': context, '@graph': graph } = JSON.parse(text) as {
      '@context': string;
      '@graph': Record<string, unknown>[];
    };
    expect(context).toBe('https://schema.org');
    expect(graph[0], slug).toMatchObject({
      '@type': 'TechArticle',
      headline: data.title,
      dateModified: data.reviewed,
    });
    expect(String(graph[0]!['image'])).toMatch(new RegExp(`^http.*/og/${slug}\\.png$`));
    expect(graph[1], slug).toMatchObject({ '@type': 'BreadcrumbList' });
    expect(pages.get(`/${slug}/`), slug).toContain(
      `property="og:image" content="${String(graph[0]!['image'])}"`,
    );
  }
});

test('the feed is well-formed, and its entries lead to pages', async () => {
  const page = await open('/');
  const feed = await page.evaluate(async () => {
    const text = await (await fetch('/rss.xml')).text();
    const xml = new DOMParser().parseFromString(text, 'application/xml');
    const textOf = (item: Element, name: string) => item.querySelector(name)?.textContent ?? '';
    return {
      error: xml.querySelector('parsererror')?.textContent,
      channel: ['title', 'link', 'description'].map((name) => textOf(xml.querySelector('channel')!, name)),
      items: [...xml.querySelectorAll('item')].map((item) =>
        ['title', 'link', 'guid', 'description', 'pubDate'].map((name) => textOf(item, name)),
      ),
    };
  });
  expect(feed.error).toBeUndefined();
  expect(feed.channel.every(Boolean)).toBe(true);
  expect(feed.items).toHaveLength(50);
  for (const [title, link = '', guid, description, date = ''] of feed.items) {
    expect(title && description).toBeTruthy();
    expect(pages.has(new URL(link).pathname), link).toBe(true);
    expect(guid).toBe(link);
    expect(Date.parse(date)).toBeGreaterThan(0);
  }
  await page.context().close();
});

test('no sidebar has more than forty links, and the heaviest pages keep to the budget', () => {
  for (const [path, html] of pages) {
    const sidebar = /<nav class="sidebar[^]*?<\/nav>/.exec(html)?.[0] ?? '';
    expect(sidebar.match(/<a /g)?.length ?? 0, path).toBeLessThanOrEqual(40);
    if (articles.some(({ slug }) => path === `/${slug}/`))
      expect(sidebar, path).toContain('aria-current="page"');
  }
  const heaviest = [...pages].sort((a, b) => b[1].length - a[1].length).slice(0, 20);
  for (const [path] of heaviest) {
    const { html, all } = weigh(path);
    expect(html, `HTML of ${path}, bytes`).toBeLessThanOrEqual(15_000);
    expect(all, `all of ${path}, bytes`).toBeLessThanOrEqual(35_000);
  }
});

test('each rule has an address that leads to its heading; each hub lists all of its articles', async () => {
  for (const [id, { article }] of Object.entries(ruleCatalogue))
    expect(pages.get(`/alerts/${id}/`), id).toContain(`http-equiv="refresh" content="0; url=${article}"`);
  for (const { slug, data } of articles) {
    expect(pages.get(`/${slug.split('/')[0]}/`), slug).toContain(`href="/${slug}/"`);
    expect(pages.get(`/areas/${data.area}/`), slug).toContain(`href="/${slug}/"`);
  }
  const page = await open('/alerts/mem.low/');
  await page.waitForURL(`${rootnote.url}${ruleCatalogue['mem.low'].article}`);
  await page.context().close();
});

test('Copy takes the commands, without prompts and without output', async () => {
  const page = await open('/problems/memory-pressure-oom-killer/', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const fence = page.locator('.fence', { hasText: 'pgrep -d' }).first();
  await fence.getByRole('button', { name: 'Copy' }).click();
  await fence.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^for p in \$\(pgrep.*\n.*\ndone$/);
  expect(await fence.innerText()).toMatch(/MiB/);
  await page.context().close();
});

test('by keyboard: the way past the menu, the search, its answers, and back', async () => {
  const page = await open('/commands/df/');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#_top');
  for (const key of ['/', 'Control+k']) {
    await page.keyboard.press(key);
    expect(await page.locator('#rn-search').getAttribute('open')).not.toBeNull();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#rn-search').getAttribute('open')).toBeNull();
  }
  await page.keyboard.press('/');
  await page.keyboard.type('disk.inodes_full');
  const first = page.locator('#rn-search-results a').first();
  await first.waitFor();
  await expect.poll(() => first.getAttribute('href')).toContain('/problems/inodes-exhausted/');
  for (
    let tries = 0;
    tries < 15 && !(await first.evaluate((link) => link === document.activeElement));
    tries++
  )
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/problems\/inodes-exhausted\//);
  await page.context().close();
});

test('an address with a question opens the search filled', async () => {
  const page = await open('/?q=oom');
  await page.locator('#rn-search-results a').first().waitFor();
  expect(await page.locator('#rn-search-input').inputValue()).toBe('oom');
  await page.context().close();
});

test('without scripts the article is whole, nothing dead stands about, and the theme is the one of the system', async () => {
  const paper: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await open('/problems/website-down/', { javaScriptEnabled: false, colorScheme });
    expect(await page.locator('.sl-markdown-content h2').count()).toBeGreaterThan(6);
    for (const control of ['[data-search-open]', '.copy', '.feedback', 'starlight-theme-select'])
      expect(await page.locator(control).first().isVisible(), control).toBe(false);
    paper.push(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor));
    await page.context().close();
  }
  expect(paper).toEqual(['rgb(247, 249, 247)', 'rgb(15, 20, 18)']);
});

test('on paper there is the article alone, black on white, whatever the theme', async () => {
  const page = await open('/problems/memory-pressure-oom-killer/', { colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const part of ['nav.sidebar', '.right-sidebar', '[data-search-open]', '.copy', '.feedback'])
    expect(await page.locator(part).first().isVisible(), part).toBe(false);
  const colours = await page
    .locator('.ec-line.cmd .code span')
    .evaluateAll((spans) => [
      ...new Set(
        spans.filter((span) => !span.closest('.prompt')).map((span) => getComputedStyle(span).color),
      ),
    ]);
  expect(colours).toEqual(['rgb(0, 0, 0)']);
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  await page.context().close();
});

test(
  'a page that was read, and sixty problems that were not, open without a network',
  { timeout: 120_000 },
  async () => {
    const page = await open('/commands/ss/');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // The first visit was before the worker; the next one is kept.
    await page.reload();
    const kept = () =>
      page.evaluate(async () =>
        (await (await caches.open('rootnote-pages-1')).keys()).map(({ url }) => new URL(url).pathname),
      );
    await expect
      .poll(async () => (await kept()).filter((path) => path.startsWith('/problems/')).length, {
        timeout: 60_000,
      })
      .toBeGreaterThanOrEqual(60);
    expect(await kept()).toContain('/commands/ss/');
    await page.context().setOffline(true);
    for (const [path, text] of [
      ['/commands/ss/', 'ss -ltnp'],
      ['/problems/filesystem-almost-full/', 'df'],
      ['/', 'What do you see?'],
    ] as const) {
      await page.goto(rootnote.url + path);
      expect(await page.locator('main').innerText()).toContain(text);
      expect(await page.locator('body').evaluate((body) => getComputedStyle(body).fontSize)).toBe('16px');
      expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0);
    }
    await expect(page.goto(`${rootnote.url}/commands/du/`)).rejects.toThrow();
    await page.context().close();
  },
);

test(
  'nothing sticks out sideways on a small phone, and nothing moves while a page loads',
  { timeout: 120_000 },
  async () => {
    const kinds = [
      '/problems/memory-pressure-oom-killer/',
      '/commands/ss/',
      '/files/proc-meminfo/',
      '/concepts/tcp-states/',
      '/apps/nginx/',
      '/howto/acme-certificates/',
      '/',
      '/problems/',
      '/script/',
      '/glossary/',
    ];
    for (const width of [360, 1280]) {
      const page = await open('/', { viewport: { width, height: 740 } });
      // A line so slow that a page comes in pieces: what is painted between them must not move.
      await (
        await page.context().newCDPSession(page)
      ).send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 20,
        downloadThroughput: 150_000,
        uploadThroughput: 100_000,
      });
      await page.addInitScript(() => {
        const moved = Object.assign(globalThis, { moved: 0 });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) moved.moved += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      for (const path of kinds) {
        await page.goto(rootnote.url + path);
        const seen = await page.evaluate(() => ({
          beyond: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          moved: (globalThis as unknown as { moved: number }).moved,
        }));
        expect(seen, `${path} at ${width}`).toEqual({ beyond: 0, moved: 0 });
      }
      await page.context().close();
    }
  },
);
