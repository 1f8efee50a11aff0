import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { inPage, pageWithResults } from "../src/index.js";
import { exampleResults } from "../src/open/example.js";
import { manyResults } from "./many-results.js";
import { resultSets } from "./result-sets.js";
import { drawn } from "./settled.js";

interface Shown {
  readonly data: { readonly items: readonly string[] };
  readonly evaluations: readonly {
    readonly window: string;
    readonly steps: number;
    readonly people: { readonly user: readonly string[] };
  }[];
  readonly alpha: Readonly<Record<string, { readonly matrix: readonly (readonly number[])[] }>>;
}

/** The same results, without people. */
function withoutPeople(value: unknown): unknown {
  const own = value as Shown;
  const nobody = { user: [], historyLength: [], queries: [] };
  return {
    ...own,
    clicks: undefined,
    swap: undefined,
    evaluations: own.evaluations.map((one) => ({ ...one, people: nobody })),
  };
}

/** The same results, with inner rates of 0: the ranks after adapting are those before. */
function withoutAdaptation(value: unknown): unknown {
  const own = value as Shown;
  const zero = (matrix: readonly (readonly number[])[]) => matrix.map((row) => row.map(() => 0));
  return {
    ...own,
    clicks: undefined,
    history: { ...(value as { history: object }).history, alpha: {} },
    evaluations: own.evaluations.map((one) => ({
      ...(own.evaluations.find(({ window, steps }) => window === one.window && steps === 0) ?? one),
      steps: one.steps,
    })),
    alpha: Object.fromEntries(
      Object.entries(own.alpha).map(([name, tensor]) => [
        name,
        { ...tensor, histogram: { edges: [0, 1], counts: [1] }, atLow: 1, atHigh: 0, matrix: zero(tensor.matrix) },
      ]),
    ),
  };
}

/** The same results, with markup, other directions of writing and long names as items and people. */
function hostile(value: unknown): unknown {
  const own = value as Shown;
  const names = [
    "<img src=x onerror=alert(1)>",
    "\u202Eright to left",
    "x".repeat(200),
    "مساق العربية",
    "constructor",
    " ",
  ];
  return {
    ...own,
    data: { ...own.data, titles: own.data.items.map((item, i) => `${names[i % names.length]} ${item}`) },
    evaluations: own.evaluations.map((one) => ({
      ...one,
      people: { ...one.people, user: one.people.user.map((user, i) => `${names[i % names.length]} ${user}`) },
    })),
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on a page, and whether the page scrolls sideways. */
async function faultsOf(tab: Page): Promise<string[]> {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() =>
    (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run(),
  );
  return [
    ...(wide > 0 ? [`scrolls sideways by ${wide} pixels`] : []),
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" ")}`),
  ];
}

/**
 * Pictures of every section at three widths in both colour schemes, and a print, to look at: `pnpm --filter report-viewer shots`. Every
 * page is also searched for faults that axe finds, and for scrolling sideways.
 *
 * KSHOT_RESULTS: results files, by commas. KSHOT_LOOKS: only these, as `390,1280-dark`.
 */
it.skipIf(!chromiumPath || process.env.KSHOT_SHOTS === undefined)("screenshots", { timeout: 3_600_000 }, async () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const out = join(root, "shots");
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "kshot-shots-"));
  const own = process.env.KSHOT_RESULTS?.split(",").map((path) => JSON.parse(readFileSync(path, "utf8")));
  const page = readFileSync(join(root, "dist/index.html"), "utf8");
  writeFileSync(join(folder, "full.html"), pageWithResults(page, own ?? exampleResults()));
  writeFileSync(join(folder, "empty.html"), page);
  const sets: Readonly<Record<string, readonly unknown[]>> = {
    "one-person": resultSets["one person"]!().map(inPage),
    "no-person": exampleResults().map(withoutPeople),
    "no-adaptation": exampleResults().map(withoutAdaptation),
    "two-data-sets": resultSets["two data sets"]!().map(inPage),
    hostile: exampleResults().map(hostile),
    "many-methods": resultSets["every method, three seeds each"]!().map(inPage),
    "many-items": [...manyResults({ people: 300, seeds: 1 })],
  };
  for (const [name, results] of Object.entries(sets)) {
    writeFileSync(join(folder, `${name}.html`), pageWithResults(page, results));
  }
  const looks = process.env.KSHOT_LOOKS?.split(",");
  const faults: string[] = [];
  const browser = await openChromium();
  try {
    for (const width of [1280, 768, 390]) {
      for (const dark of [false, true]) {
        const look = `${width}${dark ? "-dark" : ""}`;
        if (looks !== undefined && !looks.includes(look)) continue;
        const tab = await browser.newPage({
          viewport: { width, height: 900 },
          colorScheme: dark ? "dark" : "light",
          reducedMotion: "reduce",
        });
        tab.setDefaultTimeout(600_000);
        const check = async (name: string) =>
          faults.push(...(await faultsOf(tab)).map((fault) => `${name} ${look}: ${fault}`));
        await tab.goto(pathToFileURL(join(folder, "empty.html")).href);
        await tab.screenshot({ path: join(out, `empty-${look}.png`) });
        await tab.goto(pathToFileURL(join(folder, "full.html")).href);
        // The content policy allows no further style sheet.
        await tab.locator(".bar").evaluate((bar) => {
          (bar as HTMLElement).style.position = "static";
        });
        await drawn(tab);
        for (const section of ["answer", "clicks", "try", "rates", "training", "adaptation", "runs"]) {
          await tab
            .locator(`section[aria-labelledby="${section}-title"]`)
            .screenshot({ path: join(out, `${section}-${look}.png`) });
        }
        await check("full");
        if (width === 1280 && !dark) await tab.pdf({ path: join(out, "print.pdf"), preferCSSPageSize: true });
        for (const name of Object.keys(sets)) {
          await tab.goto(pathToFileURL(join(folder, `${name}.html`)).href);
          await drawn(tab);
          await tab.screenshot({ path: join(out, `${name}-${look}.png`), fullPage: true });
          await check(name);
          if (width === 1280 && !dark) await tab.pdf({ path: join(out, `${name}.pdf`), preferCSSPageSize: true });
        }
        await tab.close();
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(faults).toEqual([]);
});
