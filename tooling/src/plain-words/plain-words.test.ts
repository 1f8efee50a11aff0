import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type ReadText, textsOfPage, textsOfSource } from "./texts-of.js";
import { allowedTerms, exempt, notebookPage, replacedWords } from "./words.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const patterns = Object.entries(replacedWords).map(
  ([word, instead]) => [new RegExp(`(?<![\\w-])${word}(?![\\w-])`, "i"), instead] as const,
);

/** The words of a text that are replaced, each with the usual words. */
function found(text: string): string[] {
  const plain = allowedTerms.reduce((rest, term) => rest.replaceAll(term, ""), text);
  return patterns.flatMap(([pattern, instead]) => {
    const word = pattern.exec(plain)?.[0];
    return word === undefined ? [] : [`"${word}" (${instead})`];
  });
}

function textsOf(file: string): ReadText[] {
  const content = readFileSync(join(root, file), "utf8");
  return file.endsWith(".md") ? textsOfPage(content) : textsOfSource(content);
}

test("replaced words are found in comments, messages and pages, and terms are allowed", () => {
  const source =
    'const a = "it stands here"; // lies there\n/** The ends, whatever\n * they earn. */\nconst beside = 1;';
  expect(textsOfSource(source).map(({ line, text }) => [line, found(text).length])).toEqual([
    [1, 1],
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
  expect(textsOfPage("It goes on.\n```\nIt goes on.\n```\n").flatMap(({ text }) => found(text))).toHaveLength(1);
  expect(found("s stands for seconds")).toEqual([]);
});

const listed = spawnSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
test.skipIf(listed.status !== 0)("comments, messages and pages of the workspace use plain words", () => {
  const files = listed.stdout
    .split("\0")
    .filter((file) => /\.(ts|tsx|js|md)$/.test(file) && existsSync(join(root, file)))
    .filter((file) => !file.endsWith("CHANGELOG.md") && !exempt.some((start) => file.startsWith(start)));
  expect(files.length).toBeGreaterThan(1000);
  const wrong = files.flatMap((file) =>
    textsOf(file).flatMap(({ line, text }) =>
      found(file === notebookPage ? text.replace(/the notebook/gi, "") : text).map(
        (word) => `${file}:${line}: ${word}: ${text.slice(0, 160)}`,
      ),
    ),
  );
  expect(wrong).toEqual([]);
});
