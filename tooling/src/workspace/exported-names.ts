import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The names that a source file exports, with those of the files that it passes on (`export *`). */
export function exportedNames(file: string): Set<string> {
  const text = readFileSync(file, "utf8");
  const names = new Set<string>();
  for (const [, list = ""] of text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)) {
    for (const entry of list.split(",")) {
      const [name = ""] = entry
        .trim()
        .replace(/^type /, "")
        .split(" as ")
        .reverse();
      if (name !== "") names.add(name);
    }
  }
  const declared =
    /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|class|interface|type|enum) (\w+)/gm;
  for (const [, name = ""] of text.matchAll(declared)) names.add(name);
  for (const [, from = ""] of text.matchAll(/^export \* from "(\.[^"]*)"/gm)) {
    const inner = join(dirname(file), from.replace(/\.js$/, ".ts"));
    if (existsSync(inner)) for (const name of exportedNames(inner)) names.add(name);
  }
  return names;
}

/** An import of a package of the workspace in a page's code: `import { a, type b as c } from "@kshot/metrics"`. */
export interface PageImport {
  readonly from: string;
  readonly names: readonly string[];
}

/** The imports in the code blocks of a page. */
export function importsOfPage(markdown: string): PageImport[] {
  const blocks = [...markdown.matchAll(/^```[jt]s\n(.*?)^```/gms)].map(([, code = ""]) => code);
  return blocks.flatMap((code) =>
    [...code.matchAll(/import (?:type )?\{([^}]*)\} from "(@kshot\/[^"]+)"/g)].map(([, list = "", from = ""]) => ({
      from,
      names: list.split(",").flatMap((entry) => {
        const [name = ""] = entry
          .trim()
          .replace(/^type /, "")
          .split(" as ");
        return name === "" ? [] : [name];
      }),
    })),
  );
}
