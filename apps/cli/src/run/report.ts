import { relative } from "node:path";
import { usageError } from "@kshot/contract";
import { requireDifferentOutputs, writeReportPage } from "@kshot/experiment";
import { openInBrowser } from "../browser/open-in-browser.js";
import type { ReportFlags } from "../flags/report.js";
import { typedIn, typedPath } from "../paths.js";
import { pageOf } from "../report-page.js";
import { print, warnOfDamage } from "../terminal/print.js";
import { modelOf } from "./model.js";

/** `kshot report`. */
export async function runReport(
  { out, figures, open, model, anonymous }: ReportFlags,
  ...paths: string[]
): Promise<void> {
  requireDifferentOutputs({ "--out": out, "--figures": figures });
  if (figures !== undefined) {
    if (out === undefined && (open || model !== undefined)) {
      throw usageError({
        where: "--figures without --out",
        found: `${open ? "--open" : "--model"}, which only affects the page`,
        expected: "--out FILE.html as well, or none of the page's flags",
      });
    }
    const { writeFigures } = await import("./report-figures.js");
    await writeFigures(figures, paths, { anonymous });
    if (out === undefined) return;
  }
  if (out === undefined) {
    throw usageError({
      where: "report",
      found: "neither --out nor --figures",
      expected: "--out FILE.html for a page, --figures DIR for pictures and tables, or both",
    });
  }
  if (!/\.html?$/i.test(out)) {
    throw usageError({ where: "--out", found: `"${out}"`, expected: "a file that ends in .html" });
  }
  const file = typedPath(out);
  const count = await writeReportPage({
    onDamage: warnOfDamage,
    paths: paths.map(typedPath),
    out: file,
    anonymous,
    page: pageOf,
    ...(model === undefined ? {} : { model: await modelOf(model) }),
  });
  print(`${relative(typedIn(), file) || file}: ${count} ${count === 1 ? "result" : "results"}\n`);
  if (open) openInBrowser(file);
}
