// Steps that several end-to-end tests and benches take in the portal, as a person would.
import type { Page } from 'playwright-core';

/** Adds an email channel through the form of /portal/channels/. */
export async function addEmailChannel(page: Page, address: string): Promise<void> {
  const recipients = page.getByLabel('Recipients').first();
  // The page is there before its script is; the first press may come too early.
  for (let tries = 0; tries < 20 && !(await recipients.isVisible()); tries++) {
    await page.getByRole('button', { name: 'Email', exact: true }).click();
    await page.waitForTimeout(250);
  }
  await recipients.fill(address);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.locator('[data-channel="email"]').filter({ hasText: address }).waitFor({ timeout: 10_000 });
}
