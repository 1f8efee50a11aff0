import type { Page } from "playwright-core";

/** Waits until every part of the page is computed for the present view. The page computes its parts in turns. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.part[aria-busy="true"]') === null, null, { polling: 50 });
}

/** Waits until every section of open results is there, and every figure is drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForSelector("#runs-title");
  await settled(page);
  await page.waitForFunction(() => document.querySelector(".canvas:not(.settled), .canvas:empty") === null, null, {
    polling: 50,
  });
}
