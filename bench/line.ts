// npm run bench   Measures the straight line on this machine: from report to page, from outage to mail, the agent's cost, cold and warm
// start. Times are medians; machines are noisy, so quote the ratios of one run.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { addEmailChannel } from '../test/portalSteps.ts';
import { openBrowser } from '../test/browser.ts';
import { openMailbox } from '../test/mailbox.ts';
import { answers, prepareNginx } from '../test/nginx.ts';
import { projectRoot, runAgent, startRootnote } from '../test/rootnote.ts';
import { askedOf } from './askedOf.ts';
import { median } from './processCpu.ts';

askedOf(import.meta);

const rounds = 5;
const interval = 5;
const rows: { what: string; median: string; note: string }[] = [];
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

if (await answers(80))
  throw new Error('This bench serves a website on port 80, and something listens there already.');

// Cold: nothing built, no database. Warm: everything there.
rmSync(join(projectRoot, 'dist'), { recursive: true, force: true });
const mailbox = await openMailbox();
const variables = { SMTP_URL: mailbox.url, PROBE_INTERVAL: String(interval) };
let started = performance.now();
const first = await startRootnote(variables);
const cold = performance.now() - started;
await first.remove();
const warm: number[] = [];
for (let round = 0; round < 3; round++) {
  started = performance.now();
  const again = await startRootnote(variables);
  warm.push(performance.now() - started);
  await again.remove();
}
rows.push({ what: 'npm start, cold (build, new database)', median: seconds(cold), note: 'one run' });
rows.push({
  what: 'npm start, warm build, new database',
  median: seconds(median(warm)),
  note: `${(cold / median(warm)).toFixed(1)} × faster than cold`,
});

const nginx = prepareNginx(80, { 'index.html': '<h1>Shop</h1>' });
await nginx.start();
const rootnote = await startRootnote(variables);
const browser = await openBrowser();
try {
  const page = await browser.newPage();
  await page.goto(rootnote.signInLink);
  await page.goto(`${rootnote.url}/portal/channels/`);
  await addEmailChannel(page, 'bench@example.org');
  await page.goto(`${rootnote.url}/portal/`);
  await runAgent(['--url', rootnote.url, '--key', rootnote.enrolmentKey]);
  const server = page.locator('a[href*="/portal/servers/"]').first();
  await server.waitFor();
  await server.click();
  await page.waitForURL(/\/portal\/servers\//);
  const web = (state: string) =>
    page.locator(`[data-monitor="http http://127.0.0.1/"][data-state="${state}"]`).first();
  await web('up').waitFor({ timeout: 60_000 });

  // From POST to visible: the time of the newest report on the page.
  const visible: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const newest = page
      .getByText(/last report/)
      .locator('time')
      .first();
    const before = await newest.getAttribute('datetime');
    await new Promise((done) => setTimeout(done, 1500));
    await runAgent(['--url', rootnote.url, '--key', rootnote.enrolmentKey]);
    started = performance.now();
    while ((await newest.getAttribute('datetime')) === before && performance.now() - started < 30_000) {
      await new Promise((done) => setTimeout(done, 10));
    }
    visible.push(performance.now() - started);
  }
  rows.push({
    what: 'report answered 202 to visible on the page',
    median: seconds(median(visible)),
    note: `${rounds} rounds`,
  });

  // From "nginx stopped" to "mail accepted", beyond the probe's own interval.
  const beyond: number[] = [];
  for (let round = 0; round < 3; round++) {
    const mails = mailbox.mails.length;
    started = Date.now();
    await nginx.stop();
    while (mailbox.mails.length === mails && Date.now() - started < 60_000)
      await new Promise((done) => setTimeout(done, 20));
    beyond.push((mailbox.mails.at(-1)?.at ?? Number.NaN) - started - interval * 1000);
    await nginx.start();
    await web('up').waitFor({ timeout: 60_000 });
    await new Promise((done) => setTimeout(done, 3000));
  }
  rows.push({
    what: `nginx stopped to mail accepted, beyond the interval of ${interval} s`,
    median: seconds(median(beyond)),
    note: 'confirmation included; 3 rounds',
  });
} finally {
  await browser.close();
  await rootnote.remove();
  await nginx.remove();
  await mailbox.close();
}

// CPU of one minute run of the agent against one bare cat of all files that its report shows.
const report = execFileSync('sh', ['agent/rootnote.sh', '--print', '--rhythm=minute'], {
  cwd: projectRoot,
  encoding: 'utf8',
});
const files = [
  ...new Set([
    ...[...report.matchAll(/^=== cat (\S+)$/gm)].map(([, path]) => path!),
    ...[...report.matchAll(/^(\/(?:proc|sys)\/[^:\s]+):/gm)].map(([, path]) => path!),
  ]),
].join(' ');
const cpu = (command: string) => {
  const output = execFileSync('sh', ['-c', `${command} >/dev/null 2>&1; times`], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  const numbers = [
    ...output
      .trim()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, rest]) => Number(minutes) * 60_000 + Number(rest) * 1000);
  return numbers.reduce((a, b) => a + b, 0);
};
const agent = median(Array.from({ length: 11 }, () => cpu('sh agent/rootnote.sh --print --rhythm=minute')));
const cat =
  median(Array.from({ length: 11 }, () => cpu(`for i in 1 2 3 4 5 6 7 8 9 10; do cat ${files}; done`))) / 10;
rows.push({
  what: 'agent, one minute run, CPU',
  median: `${agent.toFixed(0)} ms`,
  note: `${(agent / cat).toFixed(1)} × a bare cat of the same ${files.split(' ').length} files and patterns (${cat.toFixed(1)} ms)`,
});

console.table(rows);
