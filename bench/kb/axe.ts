// axe on real pages, in the light and in the dark theme. Themes differ in colours alone, so the second one is asked for those only.
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContextOptions } from 'playwright-core';

export interface Violation {
  path: string;
  theme: string;
  rule: string;
  where: string;
}

/** `options`: a session, a size of the window. */
export async function axeViolations(
  browser: Browser,
  url: string,
  paths: string[],
  options: BrowserContextOptions = {},
): Promise<Violation[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  const found: Violation[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    // The policy of the pages lets no foreign script in, not even this one.
    const context = await browser.newContext({ ...options, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const path of paths) {
      await page.goto(url + path);
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(
        (rules) =>
          (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(
            rules ? { runOnly: rules } : {},
          ),
        colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined,
      );
      for (const { id, nodes } of violations)
        found.push({ path, theme: colorScheme, rule: id, where: String(nodes[0]?.target[0] ?? '') });
    }
    await context.close();
  }
  return found;
}
