/**
 * The code of each `@example` in a source file's comments.
 *
 * @throws for an example that is not in \`\`\`js: no test would run it
 */
export function examplesIn(source: string): string[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(([comment]) => {
    const text = comment.replace(/^\s*\* ?/gm, "");
    return text
      .split("@example")
      .slice(1)
      .map((example) => {
        const [, code] = /^\s*```js\n([\s\S]*?)```/.exec(example) ?? [];
        if (code === undefined) throw new Error(`an example needs code in \`\`\`js, found ${example.slice(0, 80)}`);
        return code;
      });
  });
}

/**
 * What an example says that it prints: the comments of its `console.log(…); // …`.
 *
 * @returns the comment and the number of the printed line, from 0; each call of console.log prints one
 */
export function expectedLines(code: string): { readonly line: number; readonly expected: string }[] {
  return [...code.matchAll(/console\.log\(.*\);(?: \/\/ (.*))?$/gm)].flatMap(([, expected], line) =>
    expected === undefined ? [] : [{ line, expected }],
  );
}

/** Whether a printed line is as a comment says: equal except for white space; `…` stands for anything. */
export function matches(found: string, expected: string): boolean {
  const flat = (text: string) => text.replace(/\s+/g, " ").trim();
  const parts = flat(expected).split("…");
  const pattern = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`).test(flat(found));
}
