/** Position of the first character that is not JSON. Line and column count from 1; columns are UTF-16 code units. */
export interface JsonErrorPosition {
  readonly line: number;
  readonly column: number;
  /** The text at that position, at most 20 characters. */
  readonly found: string;
  /** Whether the text ends too early: after a token, or inside a string. */
  readonly truncated: boolean;
}

const token =
  /[\t\n\r ]*(?:([[\]{}:,])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null))/y;

/** What the next token may be: a value, a key, the colon after a key, or a separator or end. */
type Expectation = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "separator";

/**
 * Finds the first syntax error in a text that `JSON.parse` refuses.
 *
 * `JSON.parse` reports a position for some errors only, and its wording differs between versions of Node.
 *
 * @param text a text that is not JSON
 * @returns the position of the first wrong token; the end of the text if it stops too early
 */
export function jsonErrorPosition(text: string): JsonErrorPosition {
  const open: ("{" | "[")[] = [];
  let expected: Expectation = "value";
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (match === null) break;
    const [whole, mark, string] = match;
    const next = step(expected, mark, string !== undefined, open);
    if (next === null) break;
    expected = next;
    at += whole.length;
  }
  while (at < text.length && "\t\n\r ".includes(text[at]!)) at++;
  return describe(text, at);
}

/** The expectation after a token, or null if the token is not allowed here. */
function step(
  expected: Expectation,
  mark: string | undefined,
  isString: boolean,
  open: ("{" | "[")[],
): Expectation | null {
  switch (expected) {
    case "key":
    case "key-or-end":
      if (isString) return "colon";
      if (mark === "}" && expected === "key-or-end") return closed(open);
      return null;
    case "colon":
      return mark === ":" ? "value" : null;
    case "separator":
      if (mark === "," && open.length > 0) return open.at(-1) === "{" ? "key" : "value";
      if ((mark === "}" && open.at(-1) === "{") || (mark === "]" && open.at(-1) === "[")) return closed(open);
      return null;
    default:
      if (mark === "{" || mark === "[") {
        open.push(mark);
        return mark === "{" ? "key-or-end" : "value-or-end";
      }
      if (mark === "]" && expected === "value-or-end") return closed(open);
      return mark === undefined ? "separator" : null;
  }
}

function closed(open: ("{" | "[")[]): Expectation {
  open.pop();
  return "separator";
}

function describe(text: string, at: number): JsonErrorPosition {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - (before.lastIndexOf("\n") + 1) + 1;
  const rest = text.slice(at, at + 20).replace(/\n.*$/s, "");
  const found = at >= text.length ? "the end of the file" : JSON.stringify(rest);
  return { line, column, found, truncated: /^(?:"(?:[^"\\]|\\.)*\\?)?$/s.test(text.slice(at)) };
}
