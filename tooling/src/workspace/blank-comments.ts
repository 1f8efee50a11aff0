const regexMayFollow = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|=>|\b(?:return|typeof|case|in|of|await))\s*$/;

/**
 * Source text with its comments blanked, strings and regular expressions left alone: an example in a comment is not an import.
 * Line breaks stay.
 */
export function blankComments(source: string): string {
  let out = "";
  let at = 0;
  const take = (end: number, blank: boolean) => {
    const text = source.slice(at, end);
    out += blank ? text.replace(/[^\n]/g, " ") : text;
    at = end;
  };
  while (at < source.length) {
    const two = source.slice(at, at + 2);
    const character = source[at];
    if (two === "//") take(endOr(source.indexOf("\n", at), source), true);
    else if (two === "/*") take(endOr(source.indexOf("*/", at + 2), source, 2), true);
    else if (character === '"' || character === "'" || character === "`") take(closing(source, at, character), false);
    else if (character === "/" && regexMayFollow.test(out.slice(-40))) take(closing(source, at, "/"), false);
    else take(at + 1, false);
  }
  return out;
}

function endOr(found: number, source: string, plus = 0): number {
  return found === -1 ? source.length : found + plus;
}

/** Index after the quote that closes the one at `start`. */
function closing(source: string, start: number, quote: string): number {
  let inClass = false;
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (quote === "/" && source[i] === "[") inClass = true;
    else if (quote === "/" && source[i] === "]") inClass = false;
    else if (source[i] === quote && !inClass) return i + 1;
    else if (source[i] === "\n" && quote !== "`") return i;
  }
  return source.length;
}
