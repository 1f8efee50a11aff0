import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, FileChooser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pageWithResults, reportPage } from "../src/index.js";
import { exampleResults } from "../src/open/example.js";
import { chromiumPath, openChromium } from "./chromium.js";
import { bigResults } from "./results-file.js";

const folder = mkdtempSync(join(tmpdir(), "kshot-viewer-"));
const built = fileURLToPath(new URL("../dist/index.html", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const file = (name: string) => join(folder, name);
const address = (name: string) => pathToFileURL(file(name)).href;

let browser: Browser;
let opened: Page[] = [];
const complaints: string[] = [];
const requests: string[] = [];

beforeAll(async () => {
  const page = readFileSync(built, "utf8");
  const [gru, sgd] = exampleResults();
  writeFileSync(file("empty.html"), page);
  writeFileSync(file("full.html"), pageWithResults(page, [gru, sgd, seeded(sgd, 43)]));
  writeFileSync(file("big.json"), JSON.stringify(bigResults()));
  writeFileSync(file("gru.json"), JSON.stringify(gru));
  writeFileSync(file("sgd.json"), JSON.stringify(sgd));
  writeFileSync(file("broken.json"), JSON.stringify(sgd).slice(0, 3000));
  writeFileSync(file("other.json"), '{"name":"</script><img src=x onerror=\'window.hacked=1\'>","schema":"<b>x</b>"}');
  if (chromiumPath) browser = await openChromium();
});
afterEach(async () => {
  for (const page of opened) await page.close();
  opened = [];
  expect(complaints.splice(0)).toEqual([]);
  expect(requests.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function seeded(result: unknown, seed: number): unknown {
  const own = structuredClone(result) as { config: { seed: number }; volatile: { runId: string } };
  own.config.seed = seed;
  own.volatile.runId = `seed ${seed}`;
  return own;
}

/** A page from disk, whose errors and requests are counted. */
async function open(
  name: string,
  { width = 1280, dark = false, hash = "" }: { width?: number; dark?: boolean; hash?: string } = {},
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  // The machine may be busy: a test's own limit is the only one.
  page.setDefaultTimeout(110_000);
  opened.push(page);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(address(name) + hash);
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) requests.push(request.url());
  });
  return page;
}

/** Drops files on the page as a person would. */
async function drop(page: Page, names: readonly string[]): Promise<void> {
  const texts = names.map((name) => ({ name, text: readFileSync(file(name), "utf8") }));
  const transfer = await page.evaluateHandle((list) => {
    const data = new DataTransfer();
    for (const { name, text } of list) data.items.add(new File([text], name, { type: "application/json" }));
    return data;
  }, texts);
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

describe.skipIf(!chromiumPath)("the built page in Chromium, from disk", () => {
  it("explains itself when empty, and shows its example", async () => {
    const page = await open("empty.html");
    await expect(page.textContent("main")).resolves.toMatch(/Drop results files of kshot anywhere/);
    await page.click("text=Show the example");
    await page.waitForSelector("#figure-comparison svg");
    await expect(page.textContent(".answer")).resolves.toMatch(
      /^Few-shot Meta-SGD 0\.\d{3} against plain GRU 0\.\d{3}: [+−]0\.\d{3}, 95 % interval [+−]0\.\d{3} to [+−]0\.\d{3}/,
    );
    for (const id of ["differences", "for-whom", "rates", "gates", "rates-over-training", "heat-map"]) {
      expect(await page.locator(`#figure-${id} svg`).count(), id).toBe(1);
    }
    for (const id of ["validation", "meta-loss", "alpha", "time", "steps", "people"]) {
      expect(await page.locator(`#figure-${id} svg`).count(), id).toBe(1);
    }
  });

  it("draws a dropped file of 10,000 iterations, and says how long that took", async () => {
    const page = await open("empty.html");
    const text = readFileSync(file("big.json"), "utf8");
    const measure = (name: string) =>
      page.evaluate(
        async ([content, own]) => {
          const data = new DataTransfer();
          data.items.add(new File([content!], own!));
          const start = performance.now();
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
          while (!document.querySelector("#figure-people svg"))
            await new Promise((next) => requestAnimationFrame(next));
          await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
          return performance.now() - start;
        },
        [text, name],
      );
    const milliseconds = await measure("big.json");
    console.log(`a results file of ${(text.length / 2 ** 20).toFixed(1)} MB drawn in ${Math.round(milliseconds)} ms`);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    // Markup in a course's name is shown as it is written.
    await page.getByLabel("Tensor of the heat map").selectOption("embedding.weight");
    expect(await page.locator("#figure-heat-map img").count()).toBe(0);
    expect(await page.textContent("#figure-heat-map")).toContain("</script>");
  });

  it("compares two files, and tells of the one that is broken", async () => {
    const page = await open("empty.html");
    await drop(page, ["gru.json", "broken.json", "sgd.json", "other.json"]);
    await page.waitForSelector("#figure-differences svg");
    const problems = await page.locator(".problem").allTextContents();
    expect(problems[0]).toMatch(/^broken\.json: is not JSON; it ends in the middle/);
    expect(problems[1]).toMatch(/^other\.json: is JSON of the kind "<b>x<\/b>"/);
    expect(await page.locator("#figure-comparison svg").textContent()).toContain("Plain GRU");
    expect(await page.locator("#figure-comparison svg").textContent()).toContain("Meta-SGD");
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    // Pasted text opens too.
    await page.click("text=Close all");
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
      },
      readFileSync(file("gru.json"), "utf8"),
    );
    await page.waitForSelector("#figure-comparison svg");
    expect(await page.textContent("#runs-title ~ .cards")).toContain("pasted text");
  });

  it("refuses a file larger than a page can hold, before reading it", async () => {
    const page = await open("empty.html");
    await page.evaluate(() => {
      const huge = new File(["{}"], "huge.json");
      Object.defineProperty(huge, "size", { value: 200 * 2 ** 20 });
      const data = { files: [huge] };
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: data });
      document.body.dispatchEvent(event);
    });
    await page.waitForSelector(".problem");
    expect(await page.textContent(".problem")).toMatch(/^huge\.json: 200 MB, more than the 150 MB/);
  });

  it("keeps the view in its address and finds it again", async () => {
    const page = await open("full.html");
    await page.getByLabel("Metric").selectOption("mrr");
    await page.getByLabel("Window").selectOption("last");
    await page.keyboard.press("3");
    await page.check("text=all, not only those that differ");
    const hash = await page.evaluate(() => location.hash);
    expect(new URLSearchParams(hash.slice(1)).get("metric")).toBe("mrr");
    const answer = await page.textContent(".answer");
    await page.reload();
    expect(await page.evaluate(() => location.hash)).toBe(hash);
    expect(await page.textContent(".answer")).toBe(answer);
    expect(await page.textContent("h3 >> nth=0")).toMatch(/MRR of every method/);
    expect(await page.isChecked("text=all, not only those that differ")).toBe(true);
    expect(await page.getAttribute('nav button:has-text("Training")', "aria-current")).toBe("true");
    requests.length = 0;
  });

  it("answers keys", async () => {
    const page = await open("full.html");
    // Asked for well before the key: Chromium takes a while to hand its dialogue over.
    const chooser = new Promise<FileChooser>((resolve) => page.on("filechooser", resolve));
    await page.keyboard.press("?");
    expect(await page.locator(".help").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator(".help").count()).toBe(0);
    await page.keyboard.press("4");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("adaptation-title");
    const before = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.keyboard.press("t");
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe(before);
    await page.keyboard.press("o");
    expect((await chooser).isMultiple()).toBe(true);
  });

  it("saves figures as SVG, PNG and CSV, and shows them as tables", async () => {
    const page = await open("full.html");
    const save = async (kind: string) => {
      const download = page.waitForEvent("download");
      await page.click(`#figure-comparison >> role=button[name=/save as ${kind}/]`);
      const path = await (await download).path();
      return readFileSync(path);
    };
    const png = await save("PNG");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const size = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(size[0]).toBeGreaterThan(1500);
    // Not one flat colour: what is drawn compresses to more than a blank sheet of that size.
    expect(png.length).toBeGreaterThan(8000);
    const svg = (await save("SVG")).toString();
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toContain("var(--");
    const csv = (await save("CSV")).toString();
    expect(csv.split("\r\n")).toHaveLength(3);
    await page.click("#figure-comparison >> text=Table");
    expect(await page.locator("#figure-comparison tbody tr").count()).toBe(2);
    // A saved picture is a page of its own to nobody: nothing was requested.
    await page.hover("#figure-comparison [data-tip] >> nth=0");
    expect(await page.textContent(".tip")).toMatch(/95 %/);
  });

  describe.each([
    { width: 1280, dark: false },
    { width: 1280, dark: true },
    { width: 390, dark: false },
    { width: 390, dark: true },
  ])("at $width pixels, dark: $dark", (look) => {
    it.each(["empty.html", "full.html"])(
      "%s has no violation that axe finds, and does not scroll sideways",
      async (name) => {
        const page = await open(name, look);
        if (name === "full.html") {
          await page.waitForSelector("#figure-people svg");
          await page.click("#figure-rates >> text=Table");
        }
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(wide).toBeLessThanOrEqual(0);
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          (
            globalThis as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run(),
        );
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`),
        ).toEqual([]);
      },
    );
  });
});

it("is one file of less than 150 kB gzipped, and asks for nothing", async () => {
  const { gzipSync } = await import("node:zlib");
  const page = readFileSync(built);
  expect(gzipSync(page).length).toBeLessThan(150_000);
  expect(page.toString()).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  expect(reportPage === undefined).toBe(false);
});
