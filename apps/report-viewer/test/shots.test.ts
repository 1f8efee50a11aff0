import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import { it } from "vitest";
import { pageWithResults } from "../src/index.js";
import { exampleResults } from "../src/open/example.js";

/** Pictures of every section at three widths in both colour schemes, and a print, to look at: `pnpm --filter report-viewer shots`. KSHOT_RESULTS: results files, by commas. */
it.skipIf(!chromiumPath || process.env.KSHOT_SHOTS === undefined)("screenshots", { timeout: 300_000 }, async () => {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const out = join(root, "shots");
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "kshot-shots-"));
  const own = process.env.KSHOT_RESULTS?.split(",").map((path) => JSON.parse(readFileSync(path, "utf8")));
  const page = readFileSync(join(root, "dist/index.html"), "utf8");
  writeFileSync(join(folder, "full.html"), pageWithResults(page, own ?? exampleResults()));
  writeFileSync(join(folder, "empty.html"), page);
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
        await tab.waitForTimeout(500);
        for (const section of ["answer", "clicks", "try", "rates", "training", "adaptation", "runs"]) {
          await tab
            .locator(`section[aria-labelledby="${section}-title"]`)
            .screenshot({ path: join(out, `${section}-${look}.png`) });
        }
        if (width === 1280 && !dark) await tab.pdf({ path: join(out, "print.pdf"), format: "A4" });
        await tab.close();
      }
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
