// A real Chromium out of npm, headless, for tests that look at pages as a person does.
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';

export async function openBrowser(): Promise<Browser> {
  return driver.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: true,
  });
}
