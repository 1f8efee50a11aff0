import { relative } from "node:path";
import { type FigureFiles, withoutPeople, writeReportFigures } from "@kshot/experiment";
import { figuresForPaper, paperWidths } from "@kshot/report-viewer/paper";
import { findBrowser } from "../browser/find-browser.js";
import { openPictureMaker, type PictureMaker } from "../browser/picture-maker.js";
import { typedIn, typedPath } from "../paths.js";
import { version } from "../program.js";
import { print, warnOfDamage } from "../terminal/print.js";

/** `kshot report --figures`: every figure of the page as files for a paper; `anonymous`: without people's names and items. */
export async function writeFigures(
  directory: string,
  paths: readonly string[],
  { anonymous }: { readonly anonymous: boolean },
): Promise<void> {
  const browser = findBrowser();
  const folder = typedPath(directory);
  const count = await writeReportFigures({
    ...{ directory: folder, version, onDamage: warnOfDamage },
    paths: paths.map(typedPath),
    files: (results, scratch) => filesOf(anonymous ? withoutPeople(results) : results, { browser, scratch }),
  });
  print(`${relative(typedIn(), folder) || folder}: ${count} files\n`);
  if (browser === undefined)
    print("No PNG and PDF: no Chromium or Chrome was found. Install one, or set CHROMIUM to its path.\n");
}

async function* filesOf(
  results: Parameters<typeof figuresForPaper>[0],
  { browser, scratch }: { readonly browser: string | undefined; readonly scratch: string | undefined },
): FigureFiles {
  const { figures, values } = figuresForPaper(results, { version });
  yield ["all-values.csv", values];
  let maker: PictureMaker | undefined;
  try {
    for (const { name, svg, latex, markdown, csv } of figures) {
      for (const inches of paperWidths) {
        const file = `${name}-${inches}in`;
        yield [`${file}.svg`, svg[inches]];
        if (browser === undefined || scratch === undefined) continue;
        maker ??= await openPictureMaker(browser, scratch);
        yield [`${file}.png`, await maker.png(svg[inches])];
        yield [`${file}.pdf`, await maker.pdf(svg[inches])];
      }
      yield [`${name}.csv`, csv];
      if (latex !== null) yield [`${name}.tex`, latex];
      if (markdown !== null) yield [`${name}.md`, markdown];
    }
  } finally {
    await maker?.close();
  }
}
