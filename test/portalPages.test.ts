// The portal of a large house in a real browser: two hundred servers and sixty open incidents, on a phone, a tablet and a desk.
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announce } from '#prisma/notify.ts';
import { axeViolations } from '../bench/kb/axe.ts';
import { openBrowser } from './browser.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { type Rootnote, startRootnote } from './rootnote.ts';

const longName = 'a-very-long-name-of-a-container.production.eu-central-1.compute.internal.example.org';
const subject = { kind: 'filesystem', name: '/' };
const bodyOf = (severity: string) => ({
  root: {
    key: 'disk.full filesystem:/',
    problem: 'disk.full',
    subject,
    score: 1,
    chain: ['disk.full'],
    hops: [],
    symptoms: [],
    explanation: '/ is full.',
  },
  problems: [
    {
      id: 'disk.full',
      severity,
      since: Date.now() / 1000 - 300,
      subject,
      summary: '/ is full.',
      evidence: [{ what: 'space used on /', value: 99, unit: '%', normal: 'below 87 %', source: 'fs' }],
      article: '/problems/disk-full/#check',
      confidence: 1,
    },
  ],
  ruledOut: [],
});
let database: TestDatabase;
let rootnote: Rootnote;
let browser: Browser;
let organizationId: string;
let session: Awaited<ReturnType<BrowserContext['storageState']>>;

beforeAll(async () => {
  database = await freshDatabase();
  rootnote = await startRootnote({
    DATABASE_URL: database.url,
    AUTH_SECRET: randomBytes(32).toString('hex'),
  });
  browser = await openBrowser();
  const { db } = database;
  organizationId = (await db.organization.findFirstOrThrow()).id;
  const now = new Date();
  await db.server.createMany({
    data: Array.from({ length: 200 }, (_, i) => ({
      id: `server${i}`,
      organizationId,
      hostname: i === 7 ? longName : `web${String(i).padStart(3, '0')}.example.org`,
      tokenHash: `hash ${i}`,
      lastReportAt: now,
    })),
  });
  await db.incident.createMany({
    data: [
      ...Array.from({ length: 60 }, (_, i) => incident(`incident${i}`, i, i % 4 ? 'warning' : 'critical')),
      incident('aside', 60, 'info'),
    ],
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(rootnote.signInLink);
  session = await context.storageState();
  await context.close();
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await rootnote?.remove();
  await database?.drop();
}, 60_000);

function incident(id: string, server: number, severity: 'critical' | 'warning' | 'info') {
  const openedAt = new Date();
  return {
    id,
    organizationId,
    serverId: `server${server}`,
    rootKey: `disk.full filesystem:/ ${id}`,
    ruleId: 'disk.full',
    severity,
    title: `/ of number ${server} is full.`,
    openedAt,
    updatedAt: openedAt,
    body: bodyOf(severity),
  };
}

async function open(path: string, width = 1280): Promise<Page> {
  const context = await browser.newContext({ storageState: session, viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => expect.soft(error.message).toBe(''));
  await page.goto(rootnote.url + path);
  await untilLive(page);
  return page;
}

/** The page is there before its script is. */
const untilLive = (page: Page) =>
  page.locator('[data-live="live"]').waitFor({ state: 'attached', timeout: 20_000 });

const paths = [
  '',
  'incidents/',
  'incidents/incident0/',
  'servers/server7/',
  'maintenance/',
  'channels/',
  'settings/',
].map((path) => `/portal/${path}`);

test(
  'nothing sticks out, and the places stand in one line, from a narrow phone to a desk',
  { timeout: 180_000 },
  async () => {
    for (const width of [360, 820, 1440]) {
      for (const path of paths) {
        const page = await open(path, width);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect.soft(beyond, `${path} at ${width}`).toBeLessThanOrEqual(0);
        const tops = await page
          .locator('header nav a')
          .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
        const cramped = await page
          .locator('.state')
          .evaluateAll((words) =>
            words.filter((w) => w.scrollWidth > w.clientWidth).map((w) => w.textContent),
          );
        expect.soft(cramped, `states of ${path} at ${width}`).toEqual([]);
        expect.soft(new Set(tops).size, `lines of places at ${width}`).toBe(1);
        await page.context().close();
      }
    }
  },
);

test('axe finds nothing, in the light and in the dark', { timeout: 180_000 }, async () => {
  expect(await axeViolations(browser, rootnote.url, paths, { storageState: session })).toEqual([]);
});

test(
  'what is wrong now comes first, the worst of it on top; the choice is a link',
  { timeout: 60_000 },
  async () => {
    const page = await open('/portal/incidents/');
    const severities = await page.locator('.incident .incident-state').allInnerTexts();
    expect(severities).toHaveLength(50);
    expect(severities.slice(0, 16).map((text) => text.trim())).toEqual([
      ...Array<string>(15).fill('Critical'),
      'Warning',
    ]);
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.waitForURL(/after=/);
    await untilLive(page);
    expect(await page.locator('.incident').count()).toBe(11);
    await page.getByPlaceholder('Filter').fill('web005 full');
    await page.waitForURL(/words=web005\+full/);
    await page.waitForFunction(() => document.querySelectorAll('.incident').length === 1);
    const again = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    expect(await again.locator('.incident').count()).toBe(1);
    await page.context().close();
    await again.context().close();
  },
);

test(
  'the tab counts what is open and its icon shows the worst of it, also in the background',
  { timeout: 90_000 },
  async () => {
    const { db } = database;
    const page = await open('/portal/settings/');
    const icon = () => page.locator('link[rel="icon"]').getAttribute('href');
    expect(await page.title()).toBe('(60) Settings · Rootnote');
    expect(await icon()).toBe('/favicon-critical.svg');
    expect((await fetch(rootnote.url + (await icon())!)).headers.get('content-type')).toContain('image/svg');
    await db.incident.updateMany({ where: { severity: 'critical' }, data: { state: 'resolved' } });
    await announce(db, { organizationId, kind: 'incident' });
    await expect.poll(() => page.title(), { timeout: 30_000 }).toBe('(45) Settings · Rootnote');
    expect(await icon()).toBe('/favicon-warning.svg');
    expect(await page.locator('nav .badge').innerText()).toMatch(/^45/);

    // Nobody looks: the stream ends, and it is asked for once a minute.
    const hidden = await open('/portal/settings/');
    await hidden.clock.install();
    await hidden.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await hidden.locator('[data-live="resting"]').waitFor({ state: 'attached' });
    await db.incident.create({ data: incident('later', 3, 'critical') });
    // The minute may begin a moment after the page says that it rests.
    const afterAMinute = () => hidden.clock.runFor(61_000).then(() => hidden.title());
    await expect.poll(afterAMinute, { timeout: 30_000 }).toBe('(46) Settings · Rootnote');
    await page.context().close();
    await hidden.context().close();
  },
);

test(
  'by keyboard: the list of keys, a server by its name, a place by its letter',
  { timeout: 60_000 },
  async () => {
    const page = await open('/portal/');
    await page.keyboard.press('?');
    await page.locator('dialog#shortcuts[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await page.keyboard.type('web042');
    await page
      .locator('#rn-search-results a')
      .filter({ hasText: 'web042.example.org' })
      .waitFor({ timeout: 20_000 });
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/portal\/servers\/server42\//);
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForURL(/\/portal\/incidents\//);
    await page.context().close();
  },
);

test(
  'when the session has ended, the page says so and leads back to itself',
  { timeout: 60_000 },
  async () => {
    const page = await open('/portal/incidents/?state=all');
    await database.db.session.deleteMany();
    await page.getByPlaceholder('Filter').fill('x');
    const notice = page.locator('[data-live="signed-out"]');
    await notice.waitFor({ timeout: 20_000 });
    expect(await notice.innerText()).toContain('You are signed out');
    expect(await notice.getByRole('link').getAttribute('href')).toBe(
      `/signin/?next=${encodeURIComponent('/portal/incidents/?state=all&words=x')}`,
    );
    await page.context().close();
  },
);
