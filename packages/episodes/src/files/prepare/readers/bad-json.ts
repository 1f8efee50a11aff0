const lineFeed = 0x0a;
const quote = 0x22;
const backslash = 0x5c;

/** The first place of a file that is not JSON. */
export interface BadJson {
  /** From 1. */
  readonly line: number;
  readonly found: string;
}

/** The first line that is not JSON; undefined if there is none. Blank lines are skipped. */
export async function badLine(pieces: AsyncIterable<Uint8Array>): Promise<BadJson | undefined> {
  const text = new TextDecoder();
  let [line, rest] = [1, ""];
  for await (const piece of pieces) {
    const lines = (rest + text.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const own of lines) {
      if (own.trim() !== "" && !isJson(own)) return { line, found: "a line that is no JSON" };
      line++;
    }
  }
  return rest.trim() === "" || isJson(rest) ? undefined : { line, found: "a line that is no JSON" };
}

/** The first object of a list, or of consecutive objects, that is not JSON; or the text instead of an object. */
export async function badObject(pieces: AsyncIterable<Uint8Array>): Promise<BadJson | undefined> {
  let [line, depth, begin, ended] = [1, 0, 1, false];
  let [inText, escaped] = [false, false];
  let object: number[] = [];
  let first = true;
  for await (const piece of pieces) {
    for (const own of piece) {
      const letter = String.fromCharCode(own);
      if (own === lineFeed) line++;
      if (depth === 0) {
        if (letter === "{") [depth, begin, object] = [1, line, [own]];
        else if (letter === "[" && first) first = false;
        else if (letter === "[") return { line, found: ended ? "a second list" : "a list in a list" };
        else if (letter === "]") ended = true;
        else if (own < 0x80 && !(first ? /\s/ : /[\s,]/).test(letter))
          return { line, found: `"${letter}" in place of an object` };
        continue;
      }
      object.push(own);
      if (inText) {
        if (own === quote && !escaped) inText = false;
        escaped = own === backslash && !escaped;
        continue;
      }
      if (own === quote) inText = true;
      else if (letter === "{" || letter === "[") depth++;
      else if (letter === "}" || letter === "]") depth--;
      if (depth === 0 && !isJson(new TextDecoder().decode(Uint8Array.from(object))))
        return { line: begin, found: "an object that is not JSON" };
    }
  }
  return depth > 0 ? { line: begin, found: "an object that does not end" } : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return false;
  }
}
