// The main job on real input, as a person does it: from an empty page to an alert that explains itself, and to its end.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { ruleCatalogue } from '#core/ruleCatalogue.ts';
import { openBrowser } from './browser.ts';
import { addEmailChannel } from './portalSteps.ts';
import { type Mailbox, mailText, openMailbox } from './mailbox.ts';
import { answers, type Nginx, prepareNginx } from './nginx.ts';
import { projectRoot, type Rootnote, runAgent, startRootnote } from './rootnote.ts';

const interval = 5;
let nginx: Nginx;
let mailbox: Mailbox;
let rootnote: Rootnote;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (await answers(80))
    throw new Error('This test serves a website on port 80, and something listens there already.');
  nginx = prepareNginx(80, { 'index.html': '<h1>Shop</h1>', '.git/HEAD': 'ref: refs/heads/main\n' });
  await nginx.start();
  mailbox = await openMailbox();
  rootnote = await startRootnote({ SMTP_URL: mailbox.url, PROBE_INTERVAL: String(interval) });
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
}, 400_000);

afterAll(async () => {
  await browser?.close();
  await rootnote?.remove();
  await mailbox?.close();
  await nginx?.remove();
}, 60_000);

test('from the sign-in link to the resolved incident', { timeout: 240_000 }, async () => {
  const thirdParties: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(rootnote.url) && !/^(data|blob):/.test(request.url()))
      thirdParties.push(request.url());
  });

  // Sign in with the printed link; it works once.
  await page.goto(rootnote.signInLink);
  expect(new URL(page.url()).pathname).toBe('/portal/');
  const stranger = await browser.newContext();
  const second = await stranger.newPage();
  await second.goto(rootnote.signInLink);
  expect(new URL(second.url()).pathname).not.toBe('/portal/');
  await stranger.close();

  // The empty page says what to do next, with the line to paste.
  const line = await page.locator('[data-install-line]').first().innerText();
  expect(line).toContain(`${rootnote.url}/agent`);
  expect(line).toContain(rootnote.enrolmentKey);
  const script = await (await fetch(`${rootnote.url}/agent`)).text();
  expect(script).toMatch(/^#!\/bin\/sh\n/);

  // A channel for mail.
  await page.goto(`${rootnote.url}/portal/channels/`);
  await addEmailChannel(page, 'admin@example.org');

  // The real agent runs on this machine; the server appears without a reload.
  await page.goto(`${rootnote.url}/portal/`);
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const hostname = (await import('node:os')).hostname();
  const sent = await runAgent(['--url', rootnote.url, '--key', rootnote.enrolmentKey]);
  expect(sent).toMatchObject({ code: 0 });
  const link = page.getByRole('link', { name: hostname }).first();
  await link.waitFor({ timeout: 15_000 });
  expect(await page.evaluate(() => 'notReloaded' in window)).toBe(true);

  // Its page shows what it is.
  await link.click();
  await page.waitForURL(/\/portal\/servers\//);
  for (const fact of ['hostname', 'os', 'kernel', 'cpu', 'load', 'memory', 'disks', 'interfaces', 'ports']) {
    const shown = page.locator(`[data-fact="${fact}"]`).first();
    await shown.waitFor({ timeout: 10_000 });
    expect((await shown.innerText()).trim(), fact).not.toBe('');
  }
  expect(await page.locator('[data-fact="ports"]').first().innerText()).toMatch(/\b80\b/);

  // Monitors set themselves up from the nginx that was found, say why, and are probed.
  const state = (key: string, wanted: string) =>
    page.locator(`[data-monitor="${key}"][data-state="${wanted}"]`).first().waitFor({ timeout: 30_000 });
  await state('port tcp 127.0.0.1:80', 'up');
  await state('http http://127.0.0.1/', 'up');
  await state('ping 127.0.0.1', 'up');
  expect(await page.locator('[data-monitor="http http://127.0.0.1/"]').first().innerText()).toMatch(
    /nginx listens on/,
  );

  // The readable /.git is reported within one interval (and its confirmation).
  await state('exposed http://127.0.0.1/', 'down');
  await mailAbout(/\.git/, 'the exposed /.git');

  // nginx is stopped: one incident, one mail, one line on the page.
  await nginx.stop();
  await state('http http://127.0.0.1/', 'down');
  const alert = await mailAbout(
    /Homepage|nginx/i,
    'the stopped website',
    (text) => !/\.git\/HEAD/.test(text.split('\n\n')[0]!),
  );
  expect(alert.to).toEqual(['admin@example.org']);
  const text = mailText(alert);
  expect(text).toContain(hostname);
  expect(text).toMatch(/refused/);
  const article = new RegExp(`${rootnote.url}(/problems/[a-z0-9-]+/)#([a-z0-9-]+)`).exec(text);
  expect(article, 'a link to the heading of an article').not.toBeNull();
  const incident = page.locator('[data-incident]').filter({ hasText: /Homepage|nginx/i });
  await incident.first().waitFor({ timeout: 15_000 });

  // The link opens the article, which has that heading.
  const reader = await browser.newPage();
  await reader.goto(`${rootnote.url}${article![1]}#${article![2]}`);
  expect(await reader.locator(`#${article![2]}`).count()).toBe(1);
  await reader.close();

  // The inside view agrees a minute later: still the same incident, no second mail.
  const before = websiteMails().length;
  expect(before).toBe(1);
  expect(await runAgent(['--url', rootnote.url, '--key', rootnote.enrolmentKey])).toMatchObject({ code: 0 });
  await new Promise((done) => setTimeout(done, 5000));
  expect(websiteMails().length).toBe(before);

  // nginx is started again: the incident resolves and says so.
  await nginx.start();
  await state('http http://127.0.0.1/', 'up');
  const resolved = () =>
    websiteMails().filter((mail) => /^Subject:.*\[?resolved/im.test(mailText(mail))).length;
  // As the timer does each minute: a report that was written while nginx was still starting is followed by another.
  for (let report = 0; report < 3 && !resolved(); report++) {
    expect(await runAgent(['--url', rootnote.url, '--key', rootnote.enrolmentKey])).toMatchObject({
      code: 0,
    });
    for (let waited = 0; waited < 25 && !resolved(); waited++)
      await new Promise((done) => setTimeout(done, 1000));
  }
  expect(resolved()).toBe(1);

  // The same machine asked three times with the key: it is one server, not three.
  await page.goto(`${rootnote.url}/portal/`);
  await page.getByRole('link', { name: hostname }).first().waitFor();
  const servers = await page
    .locator('a[href*="/portal/servers/"]')
    .evaluateAll((links) => links.map((one) => new URL((one as HTMLAnchorElement).href).pathname));
  expect(new Set(servers).size).toBe(1);

  expect(thirdParties).toEqual([]);
  expect(rootnote.output()).not.toMatch(/ended \(/);
});

test('each rule leads to a page that has its heading', { timeout: 60_000 }, async () => {
  const lost: string[] = [];
  for (const [rule, { article }] of Object.entries(ruleCatalogue)) {
    const answer = await fetch(rootnote.url + article);
    const anchor = article.split('#')[1]!;
    if (answer.status !== 200 || !(await answer.text()).includes(` id="${anchor}"`)) lost.push(rule);
    if ((await fetch(`${rootnote.url}/alerts/${rule}/`)).status !== 200) lost.push(`/alerts/${rule}/`);
  }
  expect(lost).toEqual([]);
});

test('the knowledge base stands while the database does not answer', { timeout: 90_000 }, async () => {
  const lock = readFileSync(join(rootnote.data, 'database/postgres/postmaster.pid'), 'utf8');
  const database = Number(lock.split('\n')[0]);
  // Stopped, not killed: nobody can reach it, and nobody may start a second one beside it.
  process.kill(database, 'SIGSTOP');
  const article = await fetch(`${rootnote.url}/problems/website-down/`);
  expect(article.status).toBe(200);
  expect(await article.text()).toContain('id="check"');
  expect((await fetch(`${rootnote.url}/`)).status).toBe(200);
  process.kill(database, 'SIGCONT');
});

test('who sits at the server gets a sign-in link without mail while it runs, and a sentence when it does not', async () => {
  const signIn = (data: string) =>
    promisify(execFile)(process.execPath, ['portal/signInCli.ts'], {
      cwd: projectRoot,
      env: { PATH: process.env.PATH, ROOTNOTE_DATA: data },
    });
  const { stdout } = await signIn(rootnote.data);
  const response = await fetch(stdout.trim(), { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('set-cookie')).toContain('session');
  await expect(signIn(join(rootnote.data, 'nowhere'))).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('npm start') as string,
  });
});

test('Ctrl+C stops everything, and the next start finds its data again', { timeout: 90_000 }, async () => {
  expect(await rootnote.stop()).toBe(0);
  await expect(fetch(rootnote.url)).rejects.toThrow();
  const again = await startRootnote({ ROOTNOTE_DATA: rootnote.data });
  try {
    expect(again.output()).not.toContain('Building');
    expect(again.enrolmentKey).toBe(rootnote.enrolmentKey);
  } finally {
    expect(await again.stop()).toBe(0);
  }
});

/** Mails about the website that is down, whatever they call the cause; the leak has mails of its own. */
function websiteMails() {
  return mailbox.mails.filter((mail) => {
    const subject = /^Subject: ?(.*(?:\r?\n[ \t].*)*)/im.exec(mailText(mail))?.[1] ?? '';
    return /Homepage|nginx|refuse/i.test(subject) && !/private file|readable|\.git/i.test(subject);
  });
}

async function mailAbout(pattern: RegExp, what: string, also: (text: string) => boolean = () => true) {
  const find = () =>
    (what === 'the stopped website' ? websiteMails() : mailbox.mails).find(
      (mail) => pattern.test(mailText(mail)) && also(mailText(mail)),
    );
  await expect.poll(find, { timeout: 40_000, message: `a mail about ${what}` }).toBeDefined();
  return find()!;
}
