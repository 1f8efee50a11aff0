import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import { answerOf, type ComparableResults, compareResults, methodsOf } from "@kshot/comparison";
import { openRecommender } from "@kshot/recommend";
import type { Browser, FileChooser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { inPage, pagePieces, pageWithResults, reportPage } from "../src/index.js";
import { chosenPerson, peopleOfClicks } from "../src/model/five-clicks.js";
import { exampleResults } from "../src/open/example.js";
import { resultSets } from "./result-sets.js";
import { bigResults } from "./results-file.js";
import { settled } from "./settled.js";

const folder = mkdtempSync(join(tmpdir(), "kshot-viewer-"));
const built = fileURLToPath(new URL("../dist/index.html", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const file = (name: string) => join(folder, name);
const address = (name: string) => pathToFileURL(file(name)).href;

let browser: Browser;
interface Opened {
  readonly page: Page;
  readonly kind: "mouse" | "touch";
}
let opened: Opened[] = [];
/** The address that a test opens, whose request is not the page's own. */
let loading: string | undefined;
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
  writeFileSync(file("alone.html"), pageWithResults(page, [printed(sgd)]));
  writeFileSync(file("ceiling.html"), pageWithResults(page, [gru, sgd, withoutRates(sgd)]));
  writeFileSync(file("strangers.html"), pageWithResults(page, [gru, ofOthers(sgd)]));
  writeFileSync(file("damaged.html"), pageWithResults(page, [gru]).replace('"schema":', '"schema"'));
  writeFileSync(file("broken.json"), JSON.stringify(sgd).slice(0, 3000));
  writeFileSync(file("other.json"), '{"name":"</script><img src=x onerror=\'window.hacked=1\'>","schema":"<b>x</b>"}');
  writeFileSync(file("hurts.html"), pageWithResults(page, [gru, hurtingNewItems(sgd)]));
  writeFileSync(file("hostile.html"), pageWithResults(page, [{ ...(gru as object), algorithm: "constructor" }, sgd]));
  const model = { name: "campus.safetensors", bytes: readFileSync(campusModel) };
  writeFileSync(file("asked.html"), pageWithResults(page, askedResults().map(inPage)));
  writeFileSync(file("model.html"), pageWithResults(page, [gru, sgd], model));
  if (chromiumPath) browser = await openChromium();
});
afterEach(async () => {
  for (const one of opened) await leave(one);
  opened = [];
  expect(complaints.splice(0)).toEqual([]);
  expect(requests.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const campusModel = createRequire(import.meta.url).resolve("@kshot/recommend/example/campus.safetensors");
const place = { split: "test", window: "first" } as const;
const named = (all: readonly unknown[]) =>
  all.map((results, i) => ({ name: `${i}`, results: results as ComparableResults }));

function seeded(result: unknown, seed: number): unknown {
  const own = structuredClone(result) as { config: { seed: number }; volatile: { runId: string } };
  own.config.seed = seed;
  own.volatile.runId = `seed ${seed}`;
  return own;
}

/** What became of the rows of two made-up files. */
const account = {
  rows: {
    read: 12_345,
    files: [
      { file: "a.csv", read: 12_000 },
      { file: "b.csv", read: 345 },
    ],
    pairs: { kept: 9_000, possible: 10_000 },
    sessionStarts: 2_000,
    dropped: {
      ...{ noUser: { count: 0 }, noTime: { count: 0 }, badRow: { count: 0 }, filtered: { count: 0 } },
      ...{
        noItem: { count: 3, first: { file: "b.csv", row: 17 } },
        repeat: { count: 342, first: { file: "a.csv", row: 4 } },
      },
      ...{ tiedTime: { count: 1_000, first: { file: "a.csv", row: 9 } }, sessionOfOne: { count: 0 } },
    },
    peopleWithoutPair: { count: 20, first: { file: "a.csv", row: 11 } },
  },
  splitTime: { moments: [1_600_000_000, 1_600_086_400] as [number, number], people: 2, events: 14 },
  served: [
    { k: 5, q: 3, people: 70 },
    { k: 3, q: 2, people: 120 },
    { k: 1, q: 1, people: 140 },
  ],
};

/** Results that were asked for further metrics, one of two for those of lists, with the account of their data. */
function askedResults() {
  return resultSets["metrics that were asked for, of lists for one of two"]!().map((named) => ({
    ...named,
    results: { ...named.results, data: { ...named.results.data, account } },
  }));
}

/** The same with its model's fingerprint. */
function printed(result: unknown): unknown {
  return { ...(result as object), model: { sha256: `0123456789ab${"c".repeat(52)}` } };
}

/** The same with another name, with steps and no rates, as the ideal observer. */
function withoutRates(result: unknown): unknown {
  const own = structuredClone(result) as Record<string, unknown>;
  return { ...own, algorithm: "ideal", alpha: {}, history: { iteration: [], metaLoss: [], validation: [], alpha: {} } };
}

/** The same, with few-shot ranks that are better than zero-shot on revisits and worse on new items. */
function hurtingNewItems(result: unknown): unknown {
  const own = structuredClone(result) as {
    evaluations: { steps: number; people: { queries: { seen: boolean; higher: number }[][] } }[];
  };
  for (const { steps, people } of own.evaluations) {
    people.queries = people.queries.map((queries, p) =>
      queries.map((query, q) => {
        const hit = steps === 0 ? (p + q) % 2 === 0 : query.seen ? (p + q) % 5 > 0 : (p + q) % 5 < 2;
        return { ...query, higher: hit ? 0 : 4 };
      }),
    );
  }
  return own;
}

/** The same, measured on other people. */
function ofOthers(result: unknown): unknown {
  const own = structuredClone(result) as { evaluations: { people: { user: string[] } }[] };
  for (const { people } of own.evaluations) people.user = people.user.map((name) => `another ${name}`);
  return own;
}

/** Position of a section's heading in the window. */
function topOf(page: Page, section: string): Promise<number> {
  return page.evaluate((id) => document.getElementById(`${id}-title`)!.getBoundingClientRect().top, section);
}

/** The section that the navigation marks. */
function current(page: Page): Promise<string | null> {
  return page.textContent("nav [aria-current]");
}

/** Pages that no test uses, by kind: to open a page takes Chromium longer than to load the file. */
const idle = { mouse: [] as Page[], touch: [] as Page[] };

/** A page, whose errors and requests are counted. */
async function newPage(touch: boolean): Promise<Page> {
  const page = await browser.newPage({ hasTouch: touch, acceptDownloads: true });
  // The machine may be busy: only the test's own limit counts.
  page.setDefaultTimeout(110_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(data|blob|about):/.test(request.url()) && request.url() !== loading) requests.push(request.url());
  });
  return page;
}

/** A file from disk in a page that is as new: without storage, without focus, with the pointer in the corner. */
async function open(
  name: string,
  {
    width = 1280,
    dark = false,
    hash = "",
    moving = false,
    touch = false,
  }: { width?: number; dark?: boolean; hash?: string; moving?: boolean; touch?: boolean } = {},
): Promise<Page> {
  const kind = touch ? "touch" : "mouse";
  const page = idle[kind].pop() ?? (await newPage(touch));
  opened.push({ page, kind });
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({
    media: null,
    colorScheme: dark ? "dark" : "light",
    reducedMotion: moving ? "no-preference" : "reduce",
  });
  await page.mouse.move(0, 0);
  loading = address(name);
  await page.goto(loading + hash);
  loading = undefined;
  // A part that is computed later replaces its figures, and a figure in use would lose the focus.
  await settled(page);
  return page;
}

/** Leaves the file, so that the next test may have the page. */
async function leave({ page, kind }: Opened): Promise<void> {
  await page.evaluate(() => sessionStorage.clear());
  await page.goto("about:blank");
  page.removeAllListeners("filechooser");
  idle[kind].push(page);
}

/** Drops files on the page. */
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
    await expect.poll(() => page.textContent("main")).toMatch(/Drop results files of kshot anywhere/);
    await page.click("text=Show the example");
    await page.waitForSelector("#figure-comparison svg");
    await expect
      .poll(() => page.textContent(".answer"))
      .toMatch(
        /^Few-shot Meta-SGD 0\.\d{3} against plain GRU 0\.\d{3}: [+−]0\.\d{3}, 95 % interval [+−]0\.\d{3} to [+−]0\.\d{3}/,
      );
    // Figures below the first screen are drawn when the page is idle.
    await page.waitForSelector("#figure-people svg");
    for (const id of [
      "gains",
      "methods-by-group",
      "coverage",
      "anatomy",
      "differences",
      "for-whom",
      "rates",
      "gates",
      "rates-over-training",
      "heat-map",
    ]) {
      expect(await page.locator(`#figure-${id} svg`).count(), id).toBe(1);
    }
    for (const id of ["validation", "meta-loss", "alpha", "time", "steps", "people"]) {
      expect(await page.locator(`#figure-${id} svg`).count(), id).toBe(1);
    }
  });

  it("draws a dropped file of 10,000 iterations, and reports the time", async () => {
    const page = await open("empty.html");
    const text = readFileSync(file("big.json"), "utf8");
    const measure = (name: string) =>
      page.evaluate(
        async ([content, own]) => {
          const data = new DataTransfer();
          data.items.add(new File([content!], own!));
          const start = performance.now();
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
          const drawn = async (figure: string) => {
            while (!document.querySelector(`#figure-${figure} svg`))
              await new Promise((next) => requestAnimationFrame(next));
            await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
            return performance.now() - start;
          };
          return [await drawn("comparison"), await drawn("people")] as const;
        },
        [text, name],
      );
    const [answer, everything] = (await measure("big.json")).map(Math.round);
    console.log(
      `a results file of ${(text.length / 2 ** 20).toFixed(1)} MB: the answer drawn in ${answer} ms, everything in ${everything} ms`,
    );
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    // Markup in a course's name is shown as it is written.
    await page.getByLabel("Tensor of the heat map").selectOption("embedding.weight");
    await settled(page);
    await expect.poll(() => page.locator("#figure-heat-map img").count()).toBe(0);
    expect(await page.textContent("#figure-heat-map")).toContain("</script>");
  });

  it("compares two files, and reports the broken one", async () => {
    const page = await open("empty.html");
    await drop(page, ["gru.json", "broken.json", "sgd.json", "other.json"]);
    await page.waitForSelector("#figure-differences svg");
    const problems = await page.locator(".problem").allTextContents();
    expect(problems[0]).toMatch(/^broken\.json is not JSON; it ends in the middle/);
    expect(problems[1]).toMatch(/^other\.json is JSON of the kind "<b>x<\/b>"/);
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
    expect(await page.textContent("#runs-title ~ section .runs")).toContain("pasted text");
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
    // Six files of 100 MB: the sixth is too much together.
    await page.evaluate(() => {
      const files = Array.from({ length: 6 }, (_, i) => {
        const one = new File(["{}"], `part-${i + 1}.json`);
        Object.defineProperty(one, "size", { value: 100 * 2 ** 20 });
        return one;
      });
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { files } });
      document.body.dispatchEvent(event);
    });
    await expect
      .poll(async () => (await page.locator(".problem").allTextContents()).join("\n"))
      .toMatch(/part-6\.json is not opened: with this file, all files together would have more than 512 MB/);
  });

  it("keeps the view in its address and finds it again", async () => {
    const page = await open("full.html");
    await page.getByLabel("Metric").selectOption("mrr");
    await page.getByLabel("Window").selectOption("last");
    await settled(page);
    await page.check("text=all, not only those that differ");
    await page.keyboard.press("5");
    const hash = await page.evaluate(() => location.hash);
    expect(new URLSearchParams(hash.slice(1)).get("metric")).toBe("mrr");
    const answer = await page.textContent(".answer");
    await page.reload();
    expect(await page.evaluate(() => location.hash)).toBe(hash);
    expect(await page.textContent(".answer")).toBe(answer);
    expect(await page.textContent("#figure-comparison h3")).toMatch(/MRR of every method/);
    expect(await page.isChecked("text=all, not only those that differ")).toBe(true);
    expect(await page.getAttribute('nav button:has-text("Training")', "aria-current")).toBe("true");
    requests.length = 0;
  });

  it("accounts for every row of the events", async () => {
    const page = await open("asked.html");
    const shown = page.locator("dl.account");
    const told = await shown.locator("dt").allTextContents();
    const lines = (await shown.locator("dd").allTextContents()).map((text, i) => `${told[i]}: ${text}`);
    expect(lines).toEqual([
      "Rows read: 12,345 (a.csv 12,000, b.csv 345)",
      "Rows without a pair: 1,345: 3 without an item (first: b.csv, row 17); 342 repeats of the item before (first: a.csv, row 4); 1,000 with the same time as the previous event (first: a.csv, row 9)",
      "Rows that begin a session: 2,000",
      "Split by time: validation begins at 2020-09-13T12:26:40.000Z, test at 2020-09-14T12:26:40.000Z; 14 events of 2 people fall between the splits, after the end of their people's split, and are filtered out",
      "Pairs: 9,000 of 10,000 possible (90.0 %)",
      "People without a pair: 20 (first: a.csv, row 11)",
      "K = 5, Q = 3: serves 70 of 144 people (48.6 %)",
      "K = 3, Q = 2: would serve 120 of 144 people (83.3 %)",
      "K = 1, Q = 1: would serve 140 of 144 people (97.2 %)",
    ]);
  });

  it("offers the metrics that the results hold, and shows what compare prints of each", async () => {
    const page = await open("asked.html");
    const choice = page.locator('label.choice:has-text("Metric") select');
    const offered = () =>
      choice.locator("option").evaluateAll((list) => list.map((one) => (one as HTMLOptionElement).value));
    const five = ["accuracy@1", "recall@5", "recall@10", "ndcg@10", "mrr"];
    expect(await offered()).toEqual([...five, "recall@3", "coverage@2", "novelty@2"]);
    await choice.selectOption("recall@3");
    await settled(page);
    const compared = compareResults(askedResults(), { metric: "recall@3" });
    const told = answerOf(compared.windows[0]!, { ...compared, place })!;
    expect(await page.textContent("p.answer")).toContain(`${told.lead}: ${told.differenceText}, ${told.intervalText}`);
    expect(await page.textContent(".advice")).toContain("One point is 0.01 of Recall@3");
    for (const id of ["comparison", "differences", "steps", "people"]) await page.waitForSelector(`#figure-${id} svg`);
    expect(await page.textContent("#figure-steps")).toContain("Recall@3 by number of inner steps");
    // Of lists, the one whose results hold it is shown, without advice.
    await choice.selectOption("coverage@2");
    await settled(page);
    const alone = compareResults(askedResults().slice(1), { metric: "coverage@2" }).windows[0]!;
    const [own] = alone.methods;
    await expect.poll(() => page.textContent("p.answer")).toContain(own!.fewShot["coverage@2"]!.value.toFixed(3));
    await expect.poll(() => page.locator(".advice").count()).toBe(0);
    expect(await page.textContent("main")).toContain(
      "Not shown: Plain GRU. The results do not contain coverage@2 (--metrics).",
    );
    expect(await page.evaluate(() => location.hash)).toContain("metric=coverage%402");
    await page.reload();
    expect(await choice.inputValue()).toBe("coverage@2");
    requests.length = 0;
  });

  it("as clicks come in, the list of five moves, and the address keeps person and clicks", async () => {
    const page = await open("full.html", { hash: "#person=gained" });
    const { k, people } = peopleOfClicks(methodsOf(named(exampleResults()))[1]!, place, "accuracy@1")!;
    const person = chosenPerson({ k, people }, "gained")!;
    const list = () => page.locator(".clicks .top .name").allTextContents();
    const names = (at: number) => person.top[at]!.map((item) => `Example course ${item + 1}`);
    expect(await page.textContent(".clicks .who")).toBe(person.user);
    await page.focus(".clicks input[type=range]");
    for (const at of k.slice(1)) {
      await page.keyboard.press("ArrowRight");
      expect(await list()).toEqual(names(at));
      await expect.poll(() => page.locator(".clicks .given .in").count()).toBe(at);
      expect(await page.textContent(".clicks [role=status]")).toContain(`rank ${person.ranks[at]}`);
    }
    await expect.poll(() => page.locator(".clicks .taken").count()).toBeGreaterThan(0);
    expect(await page.evaluate(() => location.hash)).toMatch(/person=gained&click=5$/);
    await page.fill("input[type=search]", "person 7");
    expect(await page.textContent(".clicks .who")).toBe("person 7");
  });

  it("computes a model's ranking in the page as clicks are made, from the file and from disk", async () => {
    const page = await open("model.html");
    const recommender = await openRecommender(campusModel);
    const shown = () => page.locator("section[aria-labelledby=try-title] .top li");
    const listed = () => shown().locator("bdi").allTextContents();
    const expected = async (history: readonly string[]) =>
      (await recommender.recommend(history, { top: 5 })).items.map(({ item, title }) => title ?? item);
    await expect.poll(listed).toEqual(await expected([]));
    const clicked: string[] = [];
    for (const item of [3, 0, 5, 3]) {
      const name = recommender.items[item]!;
      await page.getByLabel("Search an item").fill(recommender.titles?.[item] ?? name);
      await page.locator(".offered button").first().click();
      clicked.push(name);
      await expect.poll(listed).toEqual(await expected(clicked));
    }
    expect(await expected(clicked)).not.toEqual(await expected([]));
    expect(await page.textContent("section[aria-labelledby=try-title] [role=status]")).toMatch(
      /adapted to the last 3 pairs/,
    );
    // A file that is not a model gets a message; a dropped model replaces the one inside.
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["nothing"], "broken.safetensors"));
      document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => page.locator(".problem").first().textContent()).toMatch(/^broken\.safetensors: /);
    recommender.close();
  });

  it("runs no injected code, and treats names such as constructor as text", async () => {
    const page = await open("hostile.html");
    await page.waitForSelector("#figure-comparison svg");
    expect(await page.textContent("#figure-comparison svg")).toContain("constructor");
    expect(await page.content()).not.toContain("unsafe-inline");
    expect(await page.title()).toBe("kshot report: data eeeeeeee, 2026-01-01");
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("beforeend", '<button id="injected" onclick="window.hacked = 1">x</button>');
      document.body.append(Object.assign(document.createElement("script"), { textContent: "window.hacked = 2" }));
      document.getElementById("injected")!.click();
    });
    await expect.poll(() => complaints.length).toBeGreaterThan(0);
    expect(complaints.splice(0).every((text) => /Content Security Policy/.test(text))).toBe(true);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    // A letter in a search is not a shortcut, and the help turns shortcuts off.
    await page.locator("input[type=search]").first().focus();
    await page.keyboard.type("t5o");
    expect(await page.evaluate(() => document.documentElement.dataset.theme ?? "")).toBe("");
    await page.keyboard.press("Tab");
    await page.locator("#clicks-title").focus();
    await page.keyboard.press("?");
    await page.uncheck("text=single keys are shortcuts");
    await page.keyboard.press("Escape");
    await page.keyboard.press("t");
    expect(await page.evaluate(() => document.documentElement.dataset.theme ?? "")).toBe("");
  });

  it("opens the results of a folder that is dropped", async () => {
    mkdirSync(file("run/results"), { recursive: true });
    for (const name of ["gru.json", "sgd.json"]) cpSync(file(name), file(`run/results/${name}`));
    writeFileSync(file("run/config.json"), "{}");
    const page = await open("empty.html");
    const client = await page.context().newCDPSession(page);
    const data = { items: [], files: [file("run")], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await client.send("Input.dispatchDragEvent", { type, x: 200, y: 200, data });
    await page.waitForSelector("#figure-differences svg");
    await expect.poll(() => page.locator(".problem").count()).toBe(0);
  });

  it("is about one method, chosen once", async () => {
    const page = await open("full.html");
    const about = page.getByLabel("About");
    expect(await about.inputValue()).toBe("meta-sgd");
    await about.selectOption("gru");
    await settled(page);
    await expect
      .poll(() => page.textContent(".advice"))
      .toMatch(/support pairs do not change what Plain GRU recommends/);
    await settled(page);
    expect(await page.textContent("section[aria-labelledby=clicks-title]")).toMatch(/Plain GRU have no ranks/);
    expect(await page.textContent("section[aria-labelledby=rates-title]")).toMatch(
      /Plain GRU learned no inner rates; those of Meta-SGD are shown/,
    );
  });

  it("answers keys", async () => {
    const page = await open("full.html");
    // Requested well before the key: Chromium takes a while to open its dialogue.
    const chooser = new Promise<FileChooser>((resolve) => page.on("filechooser", resolve));
    await page.keyboard.press("?");
    await expect.poll(() => page.locator(".help").count()).toBe(1);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".help").count()).toBe(0);
    await page.keyboard.press("6");
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
    // Not one flat colour: a drawing compresses to more bytes than a blank sheet of that size.
    expect(png.length).toBeGreaterThan(8000);
    const svg = (await save("SVG")).toString();
    expect(svg).toMatch(/^<svg /);
    expect(svg).not.toContain("var(--");
    const csv = (await save("CSV")).toString();
    expect(csv.split("\r\n")).toHaveLength(3);
    await page.click("#figure-comparison >> text=Table");
    await expect.poll(() => page.locator("#figure-comparison tbody tr").count()).toBe(2);
    // Saving a picture opens no page and requests nothing.
    await page.hover("#figure-comparison [data-tip] >> nth=0");
    expect(await page.textContent(".tip")).toMatch(/95 %/);
  });

  it("the legend highlights and hides curves, and the arrow keys move the way they show", async () => {
    const page = await open("full.html");
    // The first figure shows the gain from adapting.
    await expect.poll(() => page.locator("figure").first().getAttribute("id")).toBe("figure-gains");
    const figure = page.locator("#figure-meta-loss");
    await figure.locator("svg").waitFor();
    const drawn = () =>
      figure.locator(".series").evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.series));
    expect(await drawn()).toEqual(["Plain GRU", "Meta-SGD"]);
    const entry = figure.getByRole("button", { name: "Plain GRU: shown" });
    await entry.focus();
    expect(await figure.locator(".series.pale").getAttribute("data-series")).toBe("Meta-SGD");
    await page.keyboard.press("Enter");
    expect(await drawn()).toEqual(["Meta-SGD"]);
    expect(await entry.getAttribute("aria-pressed")).toBe("false");
    await entry.press("Enter");
    expect(await drawn()).toHaveLength(2);
    // Up and down go through rows, and do nothing across columns.
    const tip = () => page.textContent(".tip");
    await page.focus("#figure-comparison .canvas");
    await page.keyboard.press("ArrowDown");
    await expect.poll(tip).toMatch(/^Meta-SGD/);
    await page.keyboard.press("ArrowRight");
    await expect.poll(tip).toMatch(/^Meta-SGD/);
    await page.keyboard.press("ArrowDown");
    await expect.poll(tip).toMatch(/^Plain GRU/);
    await page.focus("#figure-heat-map .canvas");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(tip).toContain("column 2");
    const row = (await tip())?.split("\n")[0];
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => (await tip())?.split("\n")[0]).not.toBe(row);
    expect(await tip()).toContain("column 2");
  });

  describe("sections", () => {
    it("a link to one lands on its heading, without reduced motion too", async () => {
      for (const section of ["training", "adaptation"]) {
        const page = await open("full.html", { hash: `#s=${section}`, moving: true });
        await expect.poll(() => topOf(page, section)).toBeGreaterThanOrEqual(0);
        expect(await topOf(page, section)).toBeLessThan(120);
        expect(await page.evaluate(() => location.hash)).toBe(`#s=${section}`);
      }
    });

    it("a typed address is opened, and scrolling is followed", async () => {
      const page = await open("full.html", { moving: true });
      await page.evaluate(() => {
        location.hash = "#s=rates";
      });
      await expect.poll(() => topOf(page, "rates")).toBeLessThan(120);
      expect(await current(page)).toBe("Rates");
      await page.mouse.wheel(0, 100_000);
      await expect.poll(() => current(page)).toBe("Runs");
      await expect.poll(() => page.evaluate(() => location.hash)).toBe("#s=runs");
      await page.mouse.wheel(0, -100_000);
      await expect.poll(() => current(page)).toBe("Answer");
      // By key the page scrolls past other sections to the requested one, and stays there.
      await page.keyboard.press("6");
      await expect.poll(() => topOf(page, "adaptation")).toBeLessThan(120);
      await expect.poll(() => current(page)).toBe("Adaptation");
    });
  });

  it("prints light for every theme, at a page's width", async () => {
    for (const dark of [false, true]) {
      const page = await open("full.html", { dark });
      await page.waitForSelector("#figure-people svg");
      if (!dark) await page.keyboard.press("t");
      const colours = () =>
        page.evaluate(() => {
          const style = getComputedStyle(document.documentElement);
          return ["--page", "--text", "--grid", "--accent", "--series-2", "--good"].map((name) =>
            style.getPropertyValue(name).trim(),
          );
        });
      expect((await colours())[0]).toBe("#0f1419");
      await page.emulateMedia({ media: "print" });
      expect((await colours())[0]).toMatch(/^#fff/);
      const printed = await colours();
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      expect(await page.getAttribute("#figure-comparison svg", "width")).toBe("342");
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      await page.emulateMedia({ media: "screen" });
      expect(await page.getAttribute("#figure-comparison svg", "width")).not.toBe("342");
      await page.evaluate(() => {
        document.documentElement.dataset.theme = "light";
      });
      expect(await colours()).toEqual(printed);
    }
  });

  it("prints a few full pages, with the title on the first and figures of a column's width", async () => {
    const page = await open("full.html");
    await settled(page);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(1);
    expect(sheets).toBeLessThanOrEqual(5);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".print-only .title").isVisible()).toBe(true);
    expect(await page.locator("#figure-comparison").isVisible()).toBe(true);
    expect(await page.locator("#figure-heat-map").isVisible()).toBe(false);
  });

  it("shows rates for every method that is chosen for the people", async () => {
    const page = await open("ceiling.html");
    await page.getByLabel("About").selectOption("ideal");
    await settled(page);
    await expect.poll(() => page.textContent("#figure-people")).toContain("Ideal observer");
    await expect.poll(() => page.locator("#figure-rates svg").count()).toBe(1);
    await expect.poll(() => page.textContent('section[aria-labelledby="rates-title"]')).not.toContain("No open file");
  });

  it("shows help and messages in the visible part, and closes them", async () => {
    const page = await open("full.html", { width: 390 });
    await page.keyboard.press("4");
    const focused = await page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press("?");
    expect(await page.locator(".help").evaluate((box) => box.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    expect(await page.evaluate(() => document.activeElement?.closest(".help") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe(focused);
    await drop(page, ["broken.json", "gru.json"]);
    const message = page.locator(".problem");
    await message.waitFor();
    const { top, bottom } = await message.evaluate((box) => {
      const { top, bottom } = box.getBoundingClientRect();
      return { top, bottom };
    });
    expect(top).toBeGreaterThanOrEqual(0);
    expect(bottom).toBeLessThanOrEqual(900);
    await message.getByRole("button").click();
    await expect.poll(() => message.count()).toBe(0);
  });

  describe("tips", () => {
    it("disappear when the page scrolls, at a key, and when the figure is drawn again", async () => {
      const page = await open("full.html");
      const tip = page.locator(".tip");
      const mark = page.locator("#figure-comparison [data-tip] >> nth=0");
      // A figure that is still being drawn above the mark moves it: that scroll hides the tip, too.
      const show = () =>
        expect
          .poll(async () => {
            await page.mouse.move(2, 2);
            await mark.hover();
            return tip.isVisible();
          })
          .toBe(true);
      await show();
      await page.evaluate(() => scrollBy(0, 60));
      await expect.poll(() => tip.isVisible()).toBe(false);
      await show();
      await page.keyboard.press("Shift");
      await expect.poll(() => tip.isVisible()).toBe(false);
      await show();
      await page.evaluate(() => {
        location.hash = "#metric=mrr";
      });
      await expect.poll(() => tip.isVisible()).toBe(false);
    });

    it("answer a tap", async () => {
      const page = await open("full.html", { width: 390, touch: true });
      await page.locator("#figure-people svg").scrollIntoViewIfNeeded();
      await page.tap("#figure-people [data-tip] >> nth=40");
      await expect.poll(() => page.locator(".tip").isVisible()).toBe(true);
      expect(await page.textContent(".tip")).toMatch(/person \d+.*→/);
    });

    it("are reached by the arrow keys, and definitions by Tab", async () => {
      const page = await open("full.html");
      await page.focus("#figure-meta-loss .canvas");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => page.locator(".tip").isVisible()).toBe(true);
      const first = await page.textContent(".tip");
      await page.keyboard.press("End");
      await expect.poll(() => page.textContent(".tip")).not.toBe(first);
      await page.locator("dfn >> text=Meta-SGD").first().focus();
      await expect.poll(() => page.textContent(".tip")).toMatch(/separate inner rate α for every parameter/);
    });
  });

  it("says on the first screen, wide and narrow, that adaptation hurts new items", async () => {
    for (const width of [1280, 390]) {
      const page = await open("hurts.html", { width });
      await expect.poll(() => page.textContent(".advice .headline")).toBe("Adapt? Only for revisits.");
      const reason = page.locator(".advice p >> nth=1");
      expect(await reason.textContent()).toMatch(
        /\+\d+\.\d points on revisits.*−\d+\.\d points on new items \(95 % interval −/,
      );
      expect(await reason.evaluate((one) => one.getBoundingClientRect().bottom)).toBeLessThan(900);
    }
  });

  it("lists history and top items of every person in the table", async () => {
    const page = await open("full.html");
    await page.click("#figure-people >> text=Table");
    await expect.poll(() => page.textContent("#figure-people thead")).toMatch(/took.*top before.*top after/);
    await expect.poll(() => page.textContent("#figure-people tbody tr >> nth=0")).toMatch(/Example course \d+/);
  });

  it("breaks the difference down by history in the first window too", async () => {
    const page = await open("full.html");
    await expect.poll(() => page.textContent("#figure-for-whom svg")).toMatch(/revisits.*\d+ to \d+ pairs before/s);
    const others = await open("strangers.html");
    await expect(others.textContent("#for-whom-missing")).resolves.toMatch(/different people/);
    await expect.poll(() => others.locator("#figure-for-whom").count()).toBe(0);
    // Figures of different people are not next to each other in one table.
    await expect.poll(() => others.locator("#figure-methods-by-group").count()).toBe(0);
    expect(await page.locator("#figure-methods-by-group").count()).toBe(1);
  });

  it("answers a learner's single file by its own gain", async () => {
    const page = await open("alone.html");
    await expect
      .poll(() => page.textContent(".answer"))
      .toMatch(
        /^Few-shot Meta-SGD 0\.\d{3} against zero-shot 0\.\d{3}: [+−].*\(Acc@1 on 120 test people, first window, K = 5, Q = 10\)/,
      );
  });

  it("names a model by the beginning of its fingerprint, and the whole of it on hover", async () => {
    const page = await open("alone.html");
    await page.hover(".runs code dfn");
    expect(await page.textContent(".runs code")).toBe("0123456789ab");
    expect(await page.textContent(".tip")).toContain(`0123456789ab${"c".repeat(52)}`);
  });

  it("closes the example when real results are opened", async () => {
    const page = await open("empty.html");
    await page.click("text=Show the example");
    writeFileSync(
      file("real.json"),
      readFileSync(file("sgd.json"), "utf8").replace("(made-up example, not a run)", "kshot train"),
    );
    await drop(page, ["real.json"]);
    await expect.poll(() => page.locator(".runs tbody tr").count()).toBe(1);
    await expect.poll(() => page.locator(".made-up").count()).toBe(0);
  });

  it("says that the example is made up, closes one file, and forgets the view with the last", async () => {
    const page = await open("empty.html");
    await page.click("text=Show the example");
    await expect.poll(() => page.textContent(".made-up")).toMatch(/Made-up example/);
    await page.getByLabel("Metric").selectOption("mrr");
    await settled(page);
    await page.getByRole("button", { name: "Close gru_K5_Q10.json" }).click();
    await expect.poll(() => page.locator(".runs tbody tr").count()).toBe(1);
    await page.click("text=Close all");
    expect(await page.evaluate(() => location.hash)).toBe("");
  });

  it("paints the answer without any script, and reads many results one after another", async () => {
    const [gru, sgd] = exampleResults();
    const many = Array.from({ length: 40 }, (_, seed) => seeded(sgd, seed));
    writeFileSync(file("many.html"), pageWithResults(readFileSync(built, "utf8"), [gru, ...many]));
    const noScript = await browser.newPage({ javaScriptEnabled: false });
    await noScript.goto(address("many.html"));
    const painted = await noScript.textContent(".early .headline");
    await noScript.close();
    expect(painted).toMatch(/^Adapt\? /);
    const page = await open("many.html");
    expect(await page.evaluate(() => document.querySelectorAll("script.kshot-result").length)).toBeGreaterThan(0);
    await page.waitForSelector("#figure-comparison svg");
    expect(await page.textContent(".advice .headline")).toBe(painted);
    expect(await page.locator(".early").count()).toBe(0);
  });

  it("of a run that is not finished renews itself from disk and keeps what was chosen; a stopped run has the command that continues it", async () => {
    const html = readFileSync(built, "utf8");
    const state = {
      ...{
        state: "running",
        run: "kshot/20260101_000000",
        algorithm: "Meta-SGD",
        done: 10,
        total: 60,
        secondsLeft: 90,
      },
      ...{ finished: ["Plain GRU"], waiting: [], writtenAt: new Date().toISOString(), every: 2 },
      resume: "kshot train --resume kshot/20260101_000000",
    };
    const write = (now: object) =>
      writeFileSync(file("running.html"), [...pagePieces(html, exampleResults(), undefined, now)].join(""));
    write(state);
    const page = await open("running.html");
    const banner = page.locator(".run-state");
    expect(await banner.textContent()).toContain(
      "In training: Meta-SGD, 10 of at most 60 iterations, at most 2 min left",
    );
    await page.getByLabel("Metric").selectOption("mrr");
    // A part that is computed above the position would move it.
    await settled(page);
    await page.evaluate(() => scrollTo(0, 700));
    write({ ...state, done: 20, every: 60 });
    await expect.poll(() => banner.textContent()).toContain("20 of at most 60");
    await expect.poll(() => page.getByLabel("Metric").inputValue()).toBe("mrr");
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(700);
    write({ ...state, state: "stopped" });
    await page.reload();
    expect(await banner.textContent()).toMatch(
      /was stopped\. .*To continue: kshot train --resume kshot\/20260101_000000/,
    );
    // A killed process writes nothing: an old page says that there is no news.
    write({ ...state, writtenAt: "2026-01-01T00:00:00Z" });
    await page.reload();
    expect(await banner.textContent()).toMatch(/^The run .* has written nothing since .*To continue: /);
    requests.length = 0;
  });

  it("says so when the results inside are damaged", async () => {
    const page = await open("damaged.html");
    await expect.poll(() => page.textContent(".problem")).toMatch(/results inside this page cannot be read/);
  });

  it("does not report text that was pasted by mistake as a broken file", async () => {
    const page = await open("empty.html");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData("text", "Dear colleague, see the attached");
      document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
    });
    await page.waitForSelector(".problem");
    await expect
      .poll(() => page.textContent(".problem"))
      .toMatch(/The pasted text is not a results file: a results file begins with/);
  });

  it("refuses a large file that is not ours without reading it", async () => {
    const page = await open("empty.html");
    await page.evaluate(() => {
      const large = new File([`{"rows":[${"1,".repeat(5 * 2 ** 20)}1]}`], "large.json");
      Object.defineProperty(large, "text", {
        value: () => {
          throw new Error("was read whole");
        },
      });
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { files: [large] } });
      document.body.dispatchEvent(event);
    });
    await page.waitForSelector(".problem");
    await expect.poll(() => page.textContent(".problem")).toMatch(/^large\.json is JSON without a `schema`/);
  });

  it("saves pictures in light colours from a dark page", async () => {
    const page = await open("full.html", { dark: true });
    const download = page.waitForEvent("download");
    await page.click("#figure-people >> role=button[name=/save as SVG/]");
    const saved = await download;
    expect(saved.suggestedFilename()).toBe("people-accuracy-1-test-first-meta-sgd.svg");
    const svg = readFileSync(await saved.path()).toString();
    expect(svg).toMatch(/<rect [^>]*fill="#fff/);
    expect(svg).not.toContain("#0f1419");
    expect(svg).not.toMatch(/class="(column|strip)"/);
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
        // Only colours differ between light and dark; all other rules take most of the time.
        const options = look.dark ? { runOnly: ["color-contrast", "link-in-text-block"] } : {};
        const { violations } = await page.evaluate(
          (own) =>
            (
              globalThis as unknown as {
                axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
              }
            ).axe.run(own),
          options,
        );
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" ")}`),
        ).toEqual([]);
      },
    );
  });
});

it("is one file of less than 210 kB gzipped, and asks for nothing", async () => {
  const { gzipSync } = await import("node:zlib");
  const page = readFileSync(built);
  expect(gzipSync(page).length).toBeLessThan(210_000);
  expect(page.toString()).not.toMatch(/(?:src|href)=["']?(?:https?:)?\/\//);
  expect(reportPage === undefined).toBe(false);
});
