import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pagePieces } from "../src/index.js";
import { manyResults } from "./many-results.js";
import { settled } from "./settled.js";

const full = process.env.KSHOT_SIZES !== undefined;
const folder = mkdtempSync(join(tmpdir(), "kshot-sizes-"));
const path = join(folder, "many.html");
let browser: Browser;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await openChromium();
  const html = readFileSync(fileURLToPath(new URL("../dist/index.html", import.meta.url)), "utf8");
  const results = [...manyResults(full ? {} : { people: 400, items: 2000, seeds: 1 })];
  const file = createWriteStream(path);
  for (const piece of pagePieces(html, results)) file.write(piece);
  await new Promise<void>((done) => file.end(() => done()));
}, 600_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A change of the metric is computed in short turns: `pnpm --filter report-viewer sizes` prints the times for 48 results of 2,000 people
 * and 50,000 items.
 */
it.skipIf(!chromiumPath)("a change of the metric is computed in short turns", { timeout: 900_000 }, async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(600_000);
  const started = Date.now();
  await page.goto(pathToFileURL(path).href, { waitUntil: "commit" });
  await page.waitForSelector(".headline");
  const headline = Date.now() - started;
  await page.waitForSelector("section[aria-labelledby=runs-title]");
  await settled(page);
  const all = Date.now() - started;
  const first = await change(page, "mrr");
  const other = await change(page, "recall@5");
  const back = await change(page, "mrr");
  expect(await page.textContent("#figure-comparison h3")).toContain("MRR");
  if (full) {
    const size = statSync(path).size / 2 ** 20;
    console.log(JSON.stringify({ megabytes: Math.round(size), headline, all, first, other, back }, null, 1));
  }
  // The old part stays, marked, until the new one is there.
  expect(first.busyAtOnce).toBeGreaterThan(0);
  // Each block is a small part of the computation.
  expect(first.longest * 3).toBeLessThan(first.all);
  // What was computed is known.
  expect(back.all).toBeLessThan(first.all);
  await page.close();
});

interface Times {
  /** Longest block of the page, ms. */
  readonly longest: number;
  /** Until the first visible part and all parts are new, ms. */
  readonly visible: number;
  readonly all: number;
  readonly busyAtOnce: number;
}

/** Chooses a metric as a reader does, and measures. */
async function change(page: Page, metric: string): Promise<Times> {
  return page.evaluate(async (name) => {
    const blocks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      blocks.push(...list.getEntries().map(({ duration }) => duration)),
    );
    observer.observe({ entryTypes: ["longtask"] });
    const select = [...document.querySelectorAll("select")].find((one) =>
      [...one.options].some(({ value }) => value === name),
    );
    if (select === undefined) throw new Error("no choice of the metric");
    const started = performance.now();
    select.value = name;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    const busy = () => document.querySelectorAll('.part[aria-busy="true"]').length;
    const busyAtOnce = await new Promise<number>((done) => setTimeout(() => done(busy())));
    let visible = 0;
    while (busy() > 0) {
      if (visible === 0 && document.querySelector('#answer-title + .part[aria-busy="false"]'))
        visible = performance.now() - started;
      await new Promise((done) => setTimeout(done, 5));
    }
    const all = performance.now() - started;
    await new Promise((done) => setTimeout(done, 200));
    observer.disconnect();
    return {
      longest: Math.round(Math.max(0, ...blocks)),
      visible: Math.round(visible),
      all: Math.round(all),
      busyAtOnce,
    };
  }, metric);
}
