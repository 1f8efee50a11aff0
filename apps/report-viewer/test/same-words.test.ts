import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import {
  adviceLines,
  askedMetricsIn,
  askedMetricTables,
  type Comparison,
  clickWorth,
  compareResults,
  compareTable,
  compareTables,
  leftOutTitle,
  methodsOf,
  type NamedResults,
  rateFinding,
  runTables,
  signed,
  stackTables,
  type Table,
  usualMetric,
  whichToUse,
} from "@kshot/comparison";
import { KshotError } from "@kshot/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inPage, pageWithResults } from "../src/index.js";
import { resultSets } from "./result-sets.js";
import { settled } from "./settled.js";

/**
 * One set of results goes to the terminal's tables and to the page, which is built and opened in Chromium. Both must show the
 * same, word by word and digit by digit. The terminal prints these tables unchanged (`kshot compare`, `kshot train`).
 */
const folder = mkdtempSync(join(tmpdir(), "kshot-same-words-"));
let browser: Browser;
/** One page for all sets, because to open a page takes longer than to load a file. */
let page: Page;
beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await openChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page's text about a window. */
interface Shown {
  readonly answer: string | null;
  readonly verdict: string | null;
  readonly advice: readonly string[];
  readonly problem: string | null;
  readonly note: string;
  readonly finding: string | null;
  readonly windows: readonly string[];
  /** Rows of the figures' tables, by method. */
  readonly figures: readonly (readonly string[])[];
  readonly differences: readonly (readonly string[])[];
  readonly groups: readonly (readonly string[])[];
  readonly asked: readonly (readonly string[])[];
  readonly askedNotes: readonly string[];
  /** The method to use. */
  readonly use: string | null;
  /** The value of each click. */
  readonly clicks: string | null;
  /** Title, note and rows of the figure of each stack, and the networks that were tried with their heading. */
  readonly stacks: readonly {
    readonly title: string;
    readonly note: string;
    readonly tried: readonly string[];
    readonly rows: readonly (readonly string[])[];
  }[];
}

async function read(page: Page): Promise<Shown> {
  const text = async (selector: string) =>
    (await page.locator(selector).count()) === 0 ? null : ((await page.textContent(selector)) ?? "").trim();
  const rows = async (id: string): Promise<string[][]> => {
    const figure = page.locator(`[id="figure-${id}"]`);
    if ((await figure.count()) === 0) return [];
    if ((await figure.locator("tbody").count()) === 0) await figure.getByText("Table").click();
    return figure
      .locator("tbody tr")
      .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
  };
  const stackIds = await page
    .locator('figure[id^="figure-experts-"]')
    .evaluateAll((list) => list.map((one) => one.id.replace(/^figure-/, "")));
  return {
    answer: await text("p.answer"),
    verdict: await text("p.verdict"),
    advice: await page.locator(".advice p").allTextContents(),
    problem: await text('section[aria-labelledby="answer-title"] p.differing'),
    note: (await page.locator('section[aria-labelledby="answer-title"] .note').allTextContents()).join(" "),
    finding: await text("p.lead:not(.worth)"),
    windows: await page
      .getByLabel("Window")
      .locator("option")
      .evaluateAll((list) => list.map((option) => (option as HTMLOptionElement).value)),
    figures: await rows("comparison"),
    differences: await rows("differences"),
    groups: await rows("for-whom"),
    asked: await page
      .locator("#asked-metrics tr")
      .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim()))),
    askedNotes: await page.locator("#asked-metrics p.note").allTextContents(),
    use: await text(".advice p.use"),
    clicks: await text("p.worth"),
    stacks: await Promise.all(
      stackIds.map(async (id) => ({
        title: (await text(`[id="figure-${id}"] h3`)) ?? "",
        note: (await text(`[id="figure-${id}"] figcaption p.note`)) ?? "",
        tried: await page.locator(`[id="${id.replace("experts", "tried")}"] :is(summary, li)`).allTextContents(),
        rows: await rows(id),
      })),
    ),
  };
}

/** The comparison, or the paragraph that the terminal prints instead. */
function compared(results: readonly NamedResults[], window?: "first" | "last"): Comparison | string {
  try {
    return compareResults(results, window ? { windows: [window] } : {});
  } catch (error) {
    if (KshotError.isInstance(error)) return error.message;
    throw error;
  }
}

/** The numbers of a cell: `0.3124 [0.289, 0.336]` gives `0.3124`, `0.289`, `0.336`. */
function numbers(cell: string | undefined): string[] {
  return (cell ?? "").match(/[+−]?\d+\.\d+/g) ?? [];
}

const rowsOf = (table: Table | undefined) => new Map((table?.rows ?? []).map(([name = "", ...cells]) => [name, cells]));

describe.skipIf(!chromiumPath)("the terminal and the page say the same", () => {
  const html = readFileSync(fileURLToPath(new URL("../dist/index.html", import.meta.url)), "utf8");

  it("of sixteen sets", () => expect(Object.keys(resultSets)).toHaveLength(16));

  it.each(Object.entries(resultSets))("%s", async (name, make) => {
    const results = make();
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.html`);
    writeFileSync(file, pageWithResults(html, results.map(inPage)));
    const whole = compared(results);
    let said = 0;
    const same = (a: unknown, b: unknown, where: string) => {
      expect(a, where).toEqual(b);
      said++;
    };
    for (const window of ["first", "last"] as const) {
      // If there is no comparison, each window shows the reason.
      const outcome = typeof whole === "string" ? compared(results, window) : whole;
      // From another address, so that a change behind the # loads the page again.
      await page.goto("about:blank");
      await page.goto(`${pathToFileURL(file).href}#window=${window}`);
      await page.waitForSelector("#answer-title");
      await settled(page);
      const shown = await read(page);

      // The finding about the rates, if Meta-SGD learned some.
      const learned = results.find(({ results: own }) => own.algorithm === "meta-sgd");
      same(shown.finding, (learned && rateFinding(learned.results)) ?? null, "finding about rates");

      if (typeof outcome === "string") {
        same(shown.problem, outcome, "why there is no comparison");
        continue;
      }
      same(shown.problem, null, "no problem");
      const own = outcome.windows.find((one) => one.window === window);
      same(shown.windows, outcome.sameWindows ? ["first"] : ["first", "last"], "windows");
      if (own === undefined || (outcome.sameWindows && window === "last")) continue;
      const tables = compareTables(own, outcome);
      const [heads, differences] = tables;
      const text = compareTable(outcome);

      // Words: the sentence, its meaning, and people who are left out or too few.
      const lines = heads?.title ?? [];
      const [answer, verdict] = lines.slice(-2);
      same(shown.answer, answer, "sentence");
      same(shown.verdict, verdict, "verdict");
      expect(text).toContain(`${answer}\n${verdict}`);
      const advice = own.advice === null ? [] : adviceLines(own.advice);
      const [headline, reason, ...more] = shown.advice;
      same([`${headline} ${reason}`, ...more], advice, "advice");
      expect(lines.slice(1, 1 + advice.length)).toEqual(advice);
      for (const line of lines.slice(1 + advice.length, -2)) {
        expect(shown.note, "people left out, or few").toContain(line);
        said++;
      }

      // The method to use, as `train` and a run's report say it about the first window.
      if (window === "first" && results.every(({ label }) => label === undefined)) {
        const use = whichToUse(
          results.map((one) => one.results),
          { split: outcome.split },
        );
        if (use !== null) same(`${shown.use} ${own.advice?.winner}`, use, "method to use");
        expect(advice.filter((line) => line === shown.use)).toHaveLength(shown.use === null ? 0 : 1);
      }

      // The value of each click, of the method of the answer.
      const methods = methodsOf(results);
      const place = { split: outcome.split, window };
      const clicked = methods.find(({ title }) => answer?.replace(/^Few-shot /, "").startsWith(`${title} `));
      const worth = clicked === undefined ? null : clickWorth(clicked, place, usualMetric);
      same(shown.clicks, worth?.sentence ?? null, "value of the clicks");
      if (name.startsWith("ranks by number of clicks"))
        expect(shown.clicks).toMatch(/The first pair adds \+.*Pair 1 of 5 has a clear gain/);

      // The experts of each stack: the fit, the networks that were tried, weights and worths.
      const stacks = stackTables(methods);
      if (name.startsWith("stacks")) expect(stacks).toHaveLength(2);
      const ofSubject = stacks.filter(({ title: [line = ""] }) => line.startsWith(`${clicked?.title}: `));
      const expected = ofSubject.length > 0 ? ofSubject : stacks;
      same(shown.stacks.length, expected.length, "stacks");
      for (const [
        i,
        {
          title: [line = ""],
          rows,
          notes = [],
        },
      ] of expected.entries()) {
        const { title = "", note = "", tried = [], rows: cells = [] } = shown.stacks[i] ?? {};
        same(title.includes(line.slice(0, line.indexOf(": "))), true, `${line}, named`);
        const said = line.slice(line.indexOf(": ") + 2);
        same(
          note.startsWith(`${said.charAt(0).toUpperCase()}${said.slice(1)}. `),
          true,
          `${line}, in the note ${note}`,
        );
        const left = notes.filter((words) => words.startsWith(leftOutTitle));
        same(
          left.every((words) => note.includes(words)),
          true,
          `${line}, left out in the note ${note}`,
        );
        if (name.startsWith("stacks")) expect(left).toHaveLength(1);
        same(
          tried,
          notes.filter((words) => !left.includes(words)),
          `${line}, networks tried`,
        );
        same(
          cells.map(([expert, weight, more]) => [expert, weight, more === "" ? "–" : more]),
          rows.map(([expert, weight, , more]) => [expert, weight, more]),
          `${line}, experts`,
        );
      }

      // Methods by name, each figure and interval.
      const terminal = rowsOf(heads);
      same(shown.figures.map(([title]) => title).sort(), [...terminal.keys()].sort(), "methods");
      const gains = rowsOf(tables.find(({ title }) => title[0]?.startsWith("Gain from the support pairs")));
      for (const [title = "", few, low, high, zero] of shown.figures) {
        same([few, low, high], numbers(terminal.get(title)?.[1]), `${title}, figure`);
        same(zero, gains.get(title)?.[0] ?? "–", `${title}, zero-shot`);
      }
      // A run's own table, in which every method was trained once: the same again.
      if (results.length === new Set(results.map((one) => one.results.algorithm)).size) {
        const [run] = runTables(
          results.map((one) => one.results),
          { split: outcome.split },
        ).slice(window === "first" ? 0 : 1);
        for (const [title = "", zero, few] of run?.rows ?? []) {
          same(few === "–" ? zero : few, terminal.get(title)?.[1], `${title}, in the run's table`);
        }
      }

      // The requested metrics: head, rows and notes.
      const metrics = askedMetricsIn(results);
      const [asked] =
        metrics.length === 0 ? [] : askedMetricTables(results, metrics, { split: outcome.split, windows: [window] });
      same(shown.asked, asked ? [...asked.head, ...asked.rows] : [], "asked metrics");
      same(shown.askedNotes, asked?.notes ?? [], "notes below the asked metrics");

      // Paired differences, and the groups of the method of the answer.
      const paired = rowsOf(differences);
      same(shown.differences.map(([title]) => title).sort(), [...paired.keys()].sort(), "methods with a difference");
      for (const [title = "", value, low, high] of shown.differences) {
        same([value, low, high], numbers(paired.get(title)?.[0]), `${title}, difference`);
      }
      // The page shows all groups in the last window.
      const grouped = outcome.windows.find((one) => one.window === "last") ?? own;
      const groups = compareTables(grouped, outcome).find(({ title }) => title[0]?.startsWith("By group of queries"));
      const names = (groups?.head[0] ?? []).slice(1);
      const subject = own.methods.find((method) => answer?.replace(/^Few-shot /, "").startsWith(`${method.name} `));
      const cells = rowsOf(groups).get(subject?.name ?? "") ?? [];
      for (const [title = "", value, low, high] of shown.groups) {
        const at = names.findIndex((head) => head.startsWith(`${title} (`));
        if (at === -1) continue;
        const [, exact, ...ends] = numbers(cells[at]);
        expect(value).toMatch(/\d\.\d{4}$/);
        same([low, high], ends, `${title}, group`);
        const digits = grouped.methods.find(({ name: one }) => one === subject?.name)?.groups[at]?.difference;
        same([value, digits && signed(digits.value)], [digits && signed(digits.value, 4), exact], `${title}, group`);
      }
    }
    // An empty set would always agree.
    expect(said).toBeGreaterThan(1);
  });
});
