import type { Page } from "playwright-core";

/** Waits until every part of the page is computed for the present view. The page computes its parts in turns. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.part[aria-busy="true"]') === null, null, { polling: 50 });
}
