// `node test/readmePicture.ts`: takes the README's picture anew, of a simulated server whose database takes the memory. The product
// runs, the reports go in as an agent sends them, Chromium opens the page.
import { join } from 'node:path';
import { openBrowser } from './browser.ts';
import { projectRoot, startRootnote } from './rootnote.ts';
import { epochOfStart } from './scenarios/machine.ts';
import { memoryScenarios } from './scenarios/memory.ts';
import { reportsOf } from './scenarios/scenario.ts';

const scenario = memoryScenarios.find((s) => s.name.startsWith('MariaDB buffer pool larger than RAM'))!;
const texts = [...reportsOf(scenario)];
const lastAt = Number(/ epoch=(\d+)/.exec(texts.at(-1)!)![1]);
const shift = Math.floor(Date.now() / 1000) - lastAt;

/** The scenario plays in the past: all its times, moved so that its last report is sent now. */
function moved(text: string): string {
  return text
    .replace(/\b1\d{9}\b/g, (epoch) =>
      Math.abs(Number(epoch) - epochOfStart) < 400 * 86_400 ? String(Number(epoch) + shift) : epoch,
    )
    .replace(/\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g, (_all, day, time) => {
      const at = new Date(Date.parse(`${day}T${time}Z`) + shift * 1000);
      return `${at.toUTCString().slice(0, 3)} ${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
    });
}

const rootnote = await startRootnote({});
const browser = await openBrowser();
try {
  const agent = await (await fetch(`${rootnote.url}/agent`)).arrayBuffer();
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', agent))
    .toString('hex')
    .slice(0, 12);
  let token = rootnote.enrolmentKey;
  for (const text of texts) {
    const answer = await fetch(`${rootnote.url}/api/report`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain; charset=utf-8' },
      body: moved(text).replace(/ sha256=\S+/, ` sha256=${hash}`),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${said}`);
    token = /^token (\S+)$/m.exec(said)?.[1] ?? token;
  }
  const page = await browser.newPage({ viewport: { width: 1280, height: 880 } });
  await page.goto(rootnote.signInLink);
  await page.getByRole('link', { name: 'web1' }).first().click({ timeout: 60_000 });
  await page.waitForURL(/\/portal\/servers\//);
  for (let tries = 0; tries < 30; tries++) {
    await page.reload();
    if (
      await page
        .getByText(/buffer pool/i)
        .first()
        .isVisible()
    )
      break;
    await page.waitForTimeout(2000);
  }
  const file = join(projectRoot, 'site/assets/screenshot.png');
  await page.screenshot({ path: file });
  console.log(`wrote ${file}`);
} finally {
  await browser.close();
  await rootnote.remove();
}
