import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import { it } from "vitest";
import { inPage, pageWithResults } from "../src/index.js";
import { exampleResults } from "../src/open/example.js";
import { manyResults } from "./many-results.js";
import { resultSets } from "./result-sets.js";
import { settled } from "./settled.js";

interface Shown {
  readonly data: { readonly items: readonly string[] };
  readonly evaluations: readonly { readonly people: { readonly user: readonly string[] } }[];
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

/** Pictures of every section at three widths in both colour schemes, and a print, to look at: `pnpm --filter report-viewer shots`. KSHOT_RESULTS: results files, by commas. */
it.skipIf(!chromiumPath || process.env.KSHOT_SHOTS === undefined)("screenshots", { timeout: 600_000 }, async () => {
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
    "no-adaptation": resultSets["rates of 0 except for one tensor"]!().map(inPage),
    "two-data-sets": resultSets["two data sets"]!().map(inPage),
    hostile: exampleResults().map(hostile),
    "many-methods": resultSets["every method, three seeds each"]!().map(inPage),
    "many-items": [...manyResults({ people: 300, seeds: 1 })],
  };
  for (const [name, results] of Object.entries(sets)) {
    writeFileSync(join(folder, `${name}.html`), pageWithResults(page, results));
  }
  const browser = await openChromium();
  try {
    for (const width of [1280, 768, 390]) {
      for (const dark of [false, true]) {
        const tab = await browser.newPage({
          viewport: { width, height: 900 },
          colorScheme: dark ? "dark" : "light",
          reducedMotion: "reduce",
        });
        const look = `${width}${dark ? "-dark" : ""}`;
        await tab.goto(pathToFileURL(join(folder, "empty.html")).href);
        await tab.screenshot({ path: join(out, `empty-${look}.png`) });
        await tab.goto(pathToFileURL(join(folder, "full.html")).href);
        await tab.addStyleTag({ content: ".bar { position: static }" }).catch(() => undefined);
        await settled(tab);
        await tab.waitForTimeout(500);
        for (const section of ["answer", "clicks", "try", "rates", "training", "adaptation", "runs"]) {
          await tab
            .locator(`section[aria-labelledby="${section}-title"]`)
            .screenshot({ path: join(out, `${section}-${look}.png`) });
        }
        if (width === 1280 && !dark) await tab.pdf({ path: join(out, "print.pdf"), preferCSSPageSize: true });
        for (const name of Object.keys(sets)) {
          await tab.goto(pathToFileURL(join(folder, `${name}.html`)).href);
          await settled(tab);
          await tab.screenshot({ path: join(out, `${name}-${look}.png`), fullPage: true });
          if (width === 1280 && !dark) await tab.pdf({ path: join(out, `${name}.pdf`), preferCSSPageSize: true });
        }
        await tab.close();
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
