import { blankComments } from "./blank-comments.js";

/** One import, re-export or dynamic import of a source file. */
export interface Import {
  /** What is imported from; undefined when a dynamic import computes it. */
  readonly from: string | undefined;
  /** Names taken, as the other module calls them; `*` for a whole namespace, a default or a dynamic import. */
  readonly names: readonly string[];
}

const statement =
  /(?:^|[;}\n])\s*(?:import|export)\s+(?:type\s+)?((?:[\w$]+\s*,\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\}|[\w$]+)?)\s*from\s*(["'])([^"'\n]+)\2/g;
const bare = /(?:^|[;}\n])\s*import\s*(["'])([^"'\n]+)\1/g;
const dynamic = /(?<![\w$.])(?:import|require)\s*\(\s*(?:(["'`])([^"'`\n$]+)\1\s*[,)])?/g;
const inType = /typeof\s+$/;

/** All imports of a TypeScript source, types included: a published declaration needs its packages too. */
export function importsOf(source: string): Import[] {
  const code = blankComments(source);
  const found: Import[] = [];
  for (const [, clause, , from] of code.matchAll(statement)) found.push({ from, names: namesOf(clause) });
  for (const [, , from] of code.matchAll(bare)) found.push({ from, names: [] });
  for (const match of code.matchAll(dynamic)) {
    // `typeof import("x")` is erased, but still needs the package's types.
    found.push({ from: match[2], names: inType.test(code.slice(0, match.index)) ? [] : ["*"] });
  }
  return found;
}

function namesOf(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause);
  const outside = clause.replace(/\{[^}]*\}/, "").replace(/[\s,]/g, "");
  const inside = (braces?.[1] ?? "")
    .split(",")
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, "")
        .replace(/\s+as\s+.*$/, ""),
    )
    .filter((name) => name !== "");
  return outside === "" ? inside : ["*", ...inside];
}
