import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromiumPath, openChromium } from "@kshot/chromium";
import { afterAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kshot-running-"));
let run: ChildProcess | undefined;
let browser: Browser | undefined;

afterAll(async () => {
  run?.kill();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page of the run, once it is written. */
function pageOfRun(): string | undefined {
  const runs = join(folder, "runs/reports/kshot");
  const [name] = existsSync(runs) ? readdirSync(runs) : [];
  const path = join(runs, name ?? "", "report.html");
  return name !== undefined && existsSync(path) ? path : undefined;
}

test.skipIf(!chromiumPath)(
  "a run writes its page from the first validation on; the open page renews itself from disk and keeps the chosen metric",
  { timeout: 300_000 },
  async () => {
    run = spawn(
      process.execPath,
      // Without an early stop, so that the run is longer than the page's interval on a fast machine too.
      [
        ...[cli, "train", "--preset", "demo", "--algorithm", "gru,maml,meta-sgd", "--out", "runs"],
        ...["--iterations", "6000", "--patience", "0"],
      ],
      {
        cwd: folder,
        env: { ...process.env, INIT_CWD: folder },
        stdio: "ignore",
      },
    );
    const ended = new Promise<number | null>((resolve) => run?.on("exit", resolve));
    await expect.poll(pageOfRun, { timeout: 120_000, interval: 200 }).toBeDefined();
    const path = pageOfRun() ?? "";
    browser = await openChromium();
    const page = await browser.newPage();
    await page.goto(pathToFileURL(path).href);
    const state = page.locator(".run-state");
    await expect.poll(() => state.textContent(), { timeout: 60_000 }).toContain("In training:");
    const first = await state.textContent();
    await page.getByLabel("Metric").selectOption("mrr");
    await page.evaluate(() => {
      (globalThis as { before?: boolean }).before = true;
    });
    // A page that was loaded again has no mark of the page before.
    await expect
      .poll(() => page.evaluate(() => (globalThis as { before?: boolean }).before), { timeout: 120_000, interval: 500 })
      .toBeUndefined();
    // The page of an ended run has no state.
    await expect.poll(() => state.allTextContents(), { timeout: 60_000 }).not.toContain(first);
    expect(await page.getByLabel("Metric").inputValue()).toBe("mrr");
    // The page is never half written.
    expect(readFileSync(path, "utf8").trimEnd()).toMatch(/<\/html>$/);
    expect(await ended).toBe(0);
    await expect.poll(() => state.count(), { timeout: 60_000 }).toBe(0);
    expect(await page.getByLabel("Metric").inputValue()).toBe("mrr");
    await expect.poll(() => page.locator("#figure-comparison").textContent()).toContain("Meta-SGD");
  },
);
