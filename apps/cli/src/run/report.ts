import { spawn } from "node:child_process";
import { relative } from "node:path";
import { usageError } from "@kshot/contract";
import { writeReportPage } from "@kshot/experiment";
import type { ReportFlags } from "../flags/report.js";
import { typedIn, typedPath } from "../paths.js";
import { anonymousPageOf, pageOf } from "../report-page.js";
import { print, warnOfDamage } from "../terminal/print.js";
import { modelOf } from "./model.js";

/** `kshot report`. */
export async function runReport(
  { out, figures, open, model, anonymous }: ReportFlags,
  ...paths: string[]
): Promise<void> {
  if (figures !== undefined) {
    if (out === undefined && (open || model !== undefined)) {
      throw usageError({
        where: "--figures without --out",
        found: `${open ? "--open" : "--model"}, which is about the page`,
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
    page: anonymous ? anonymousPageOf : pageOf,
    ...(model === undefined ? {} : { model: await modelOf(model) }),
  });
  print(`${relative(typedIn(), file) || file}: ${count} ${count === 1 ? "result" : "results"}\n`);
  if (open) openInBrowser(file);
}

/** Opens a file with the system's program. If no browser starts, the path is still printed. */
function openInBrowser(file: string): void {
  const { command, before } = opener();
  const child = spawn(command, [...before, file], { detached: true, stdio: "ignore" });
  child.on("error", () => process.stderr.write(`No browser could be started (${command}); open ${file} yourself.\n`));
  child.unref();
}

/** The program that opens a file on this system, and the words before the file's name. */
function opener(): { command: string; before: readonly string[] } {
  if (process.platform === "darwin") return { command: "open", before: [] };
  if (process.platform === "win32") return { command: "cmd", before: ["/c", "start", ""] };
  return { command: "xdg-open", before: [] };
}
