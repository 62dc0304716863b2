// What readers do with an article, in a real browser: come from an alert, look again, open a term, say whether it helped, mistype.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { signIncidentLink, withIncidentToken } from '#core/incidentLink.ts';
import { openBrowser } from './browser.ts';
import { freshDatabase, type TestDatabase } from './postgres.ts';
import { type Rootnote, startRootnote } from './rootnote.ts';

const secret = randomBytes(32).toString('hex');
const article = '/problems/website-down/#act-now';
let database: TestDatabase;
let rootnote: Rootnote;
let browser: Browser;
let shop: Server;
let port: number;
const asked: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  shop = createServer((_request, response) => response.end('<h1>Shop</h1>'));
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done));
  ({ port } = shop.address() as AddressInfo);
  rootnote = await startRootnote({ DATABASE_URL: database.url, AUTH_SECRET: secret });
  browser = await openBrowser();
  const { db } = database;
  const organization = await db.organization.findFirstOrThrow();
  const now = new Date();
  const server = await db.server.create({
    data: {
      organizationId: organization.id,
      hostname: 'shop1',
      tokenHash: 'x',
      local: true,
      ...(existsSync('/etc/machine-id') && { machineId: readFileSync('/etc/machine-id', 'utf8').trim() }),
    },
  });
  const monitor = await db.monitor.create({
    data: {
      organizationId: organization.id,
      serverId: server.id,
      key: 'home',
      kind: 'http',
      name: 'Homepage',
      target: `http://127.0.0.1:${port}/`,
      settings: { url: `http://127.0.0.1:${port}/` },
      reason: 'test',
      about: { unit: 'caddy.service' },
      interval: 3600,
      state: 'down',
      everUp: true,
      code: 'connect-refused',
      summary: 'refused the connection',
    },
  });
  await db.monitorSchedule.create({
    data: { monitorId: monitor.id, region: 'local', nextAt: new Date(now.getTime() + 3_600_000) },
  });
  const subject = { kind: 'monitor', name: 'Homepage' };
  await db.incident.create({
    data: {
      id: 'cm0alert',
      organizationId: organization.id,
      serverId: server.id,
      rootKey: 'svc.http_down monitor:Homepage',
      ruleId: 'svc.http_down',
      severity: 'critical',
      title: 'Homepage fails: refused the connection <b>',
      openedAt: now,
      updatedAt: now,
      body: {
        root: {
          key: 'svc.http_down monitor:Homepage',
          problem: 'svc.http_down',
          subject,
          score: 1,
          chain: ['svc.http_down'],
          hops: [],
          symptoms: [],
          explanation: '',
        },
        problems: [
          {
            id: 'svc.http_down',
            severity: 'critical',
            since: now.getTime() / 1000 - 300,
            subject,
            summary: 'Homepage fails',
            evidence: [{ what: 'memory available', value: 3, unit: '%', normal: 'above 10 %', source: 's' }],
            article,
            confidence: 1,
          },
        ],
        ruledOut: [],
      },
    },
  });
  // The web server answers before the worker has told, for the first time, that its region is there.
  await vi.waitUntil(async () => (await db.region.count()) === 1, { timeout: 60_000, interval: 100 });
}, 400_000);
afterAll(async () => {
  await browser?.close();
  await rootnote?.remove();
  shop?.close();
  await database?.drop();
}, 60_000);

async function open(token: string | undefined, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage();
  asked.length = 0;
  page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  page.on('pageerror', (error) => expect.soft(error.message).toBe(''));
  await page.goto(rootnote.url + (token ? withIncidentToken(article, token) : article));
  return page;
}
const linkFor = (seconds: number) => signIncidentLink(secret, 'cm0alert', Date.now() / 1000 + seconds);

test('shows the values, fills the commands, and looks again', { timeout: 120_000 }, async () => {
  const token = await linkFor(600);
  const page = await open(token);
  const panel = page.locator('.incident');
  await panel.getByText('shop1').waitFor();
  expect(await panel.innerText()).toContain('refused the connection <b>');
  expect(await panel.innerText()).toMatch(/memory available\s+3 %\s+normal: above 10 %/);

  // Not in the address bar, not in any request's address; it survives a reload.
  expect(page.url()).toBe(`${rootnote.url}/problems/website-down/`);
  expect(asked.filter((line) => line.includes(token))).toEqual([]);
  expect(asked.filter((line) => line.includes('/api/'))).toEqual([`POST ${rootnote.url}/api/incident`]);
  await page.reload();
  await panel.getByText('shop1').waitFor();

  const commands = page.locator('.fence .ec-line.cmd');
  expect(await commands.filter({ hasText: 'systemctl status caddy.service' }).count()).toBeGreaterThan(0);
  expect(
    await commands.filter({ hasText: 'nginx -t && systemctl reload caddy.service' }).count(),
  ).toBeGreaterThan(0);
  expect(await commands.filter({ hasText: 'https://127.0.0.1/' }).count()).toBeGreaterThan(0);

  const main = panel.getByRole('link', { name: /^Go on at: / });
  expect(await main.getAttribute('href')).toBe('#act-now');
  await panel.getByRole('button', { name: 'Check again' }).click();
  await panel.getByText(/^Checked at .*(a second look agrees|resolved)/).waitFor({ timeout: 60_000 });
  await page.context().close();
});

test('an expired or forged link leaves the plain article, and says why', async () => {
  for (const [token, reason] of [
    [await linkFor(-5), /expired: links in alerts work for a week/],
    [(await linkFor(600)).replace('cm0alert', 'cm0other'), /not one of ours/],
  ] as const) {
    const page = await open(token);
    await page.locator('.incident').getByText(reason).waitFor();
    expect(await page.locator('mark.yours').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toContain('shop1');
    await page.reload();
    expect(await page.locator('.incident').count()).toBe(0);
    await page.context().close();
  }
});

test('the public page asks for nothing', async () => {
  const page = await open(undefined);
  await page.waitForLoadState('networkidle');
  expect(asked.filter((line) => /\/api\/|incidentPanel/.test(line))).toEqual([]);
  expect(await page.locator('.incident').count()).toBe(0);
  await page.context().close();
});

test('a term opens in place, by keyboard too, and moves nothing', async () => {
  const page = await open(undefined);
  await page.goto(`${rootnote.url}/commands/df/`);
  const term = page.locator('button.term').first();
  const before = await page.locator('main').boundingBox();
  await term.focus();
  await page.keyboard.press('Enter');
  const text = page.locator('.term-text:popover-open');
  expect(await text.innerText()).toMatch(/\w{4}.*\./s);
  expect(await page.locator('main').boundingBox()).toEqual(before);
  await page.keyboard.press('Escape');
  expect(await text.count()).toBe(0);
  await page.context().close();
});

/** Holds the search, its program and its list of names, up on the way to the page until the answer is called. A browser may have the program. */
async function holdSearch(page: Page): Promise<() => Promise<void>> {
  let isHeld = true;
  const release: (() => void)[] = [];
  await page.route(/searchDialog|\/lookup\.json/, async (route) => {
    if (isHeld) await new Promise<void>((go) => release.push(go));
    await route.continue();
  });
  return async () => {
    await expect.poll(() => release.length, { timeout: 20_000 }).toBeGreaterThan(0);
    isHeld = false;
    release.forEach((go) => go());
  };
}

test('the search takes every key from the first on, while it is still loaded', async () => {
  // What its worker fetches for a page cannot be held up.
  const page = await open(undefined, { serviceWorkers: 'block' });
  const letThrough = await holdSearch(page);
  await page.keyboard.press('/');
  await page.keyboard.type('no space left on device');
  await letThrough();
  await page.locator('#rn-search-results li').first().waitFor();
  expect(await page.locator('#rn-search-input').inputValue()).toBe('no space left on device');
  expect(await page.locator('#rn-search-results a').first().getAttribute('href')).toBe(
    '/problems/filesystem-almost-full/',
  );
  await page.context().close();
});

test('Enter before the search is there opens the first answer once it is', async () => {
  const page = await open(undefined, { serviceWorkers: 'block' });
  const letThrough = await holdSearch(page);
  await page.keyboard.press('/');
  await page.keyboard.type('no space left on device');
  await page.keyboard.press('Enter');
  await letThrough();
  await page.waitForURL(/\/problems\/filesystem-almost-full\//, { timeout: 20_000 });
  await page.context().close();
});

test('feedback is stored without a cookie', async () => {
  const page = await open(undefined);
  const box = page.locator('.feedback');
  await box.getByRole('button', { name: 'No' }).click();
  await box.getByText('Thank you.').waitFor();
  await box.getByRole('textbox').fill('Where is the log?');
  await box.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => box.getByRole('textbox').isVisible()).toBe(false);
  expect(await page.context().cookies()).toEqual([]);
  const rows = await database.db.feedback.findMany({ orderBy: { at: 'asc' } });
  expect(rows.map(({ page: path, helpful, text }) => [path, helpful, text])).toEqual([
    ['/problems/website-down/', false, null],
    ['/problems/website-down/', false, 'Where is the log?'],
  ]);
  await page.context().close();
});

test('a mistyped address leads to what was meant', async () => {
  const page = await open(undefined);
  const answer = await page.goto(`${rootnote.url}/problems/high-laod-average/`);
  expect(answer?.status()).toBe(404);
  await page.locator('#rn-found a[href="/problems/high-load-average/"]').waitFor();
  await page.context().close();
});
