// Lighthouse as a phone on a slow network sees the page (its default: simulated), with the Chromium out of npm.
import chromium from '@sparticuz/chromium';
import lighthouse from 'lighthouse';
import { chromium as driver } from 'playwright-core';
import { freePort } from '../../test/rootnote.ts';

export interface Score {
  path: string;
  performance: number;
  accessibility: number;
  practices: number;
  seo: number;
  /** Cumulative layout shift. */
  shift: number;
  /** What cost points, by title. */
  lost: string[];
}

/** `runs`: the middle one by performance counts, because the machine may be busy. */
export async function lighthouseScores(url: string, paths: string[], runs: number): Promise<Score[]> {
  const port = await freePort();
  const browser = await driver.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
    headless: true,
  });
  try {
    const scores: Score[] = [];
    for (const path of paths) {
      const each: Score[] = [];
      for (let run = 0; run < runs; run++) each.push(await score(url, path, port));
      scores.push(each.sort((a, b) => a.performance - b.performance)[Math.floor(runs / 2)]!);
    }
    return scores;
  } finally {
    await browser.close();
  }
}

async function score(url: string, path: string, port: number): Promise<Score> {
  const result = await lighthouse(`${url}${path}`, { port, output: 'json', logLevel: 'silent' });
  if (!result) throw new Error(`Lighthouse gave no result for ${path}`);
  const { categories, audits } = result.lhr;
  const points = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  const counted = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ weight }) => weight > 0),
  );
  return {
    path,
    performance: points('performance'),
    accessibility: points('accessibility'),
    practices: points('best-practices'),
    seo: points('seo'),
    shift: audits['cumulative-layout-shift']?.numericValue ?? NaN,
    lost: counted.flatMap(({ id }) => {
      const audit = audits[id];
      return audit && audit.score !== null && audit.score < 0.9
        ? [`${audit.title} ${audit.displayValue ?? ''}`.trim()]
        : [];
    }),
  };
}
