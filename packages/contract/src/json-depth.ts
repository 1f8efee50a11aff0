/**
 * Whether a JSON text nests lists and objects deeper than a number of levels. It counts only brackets outside of strings, so it
 * also works for text that is not JSON.
 */
export function nestsDeeper(text: string, levels: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x22) at = endOfText(text, at);
    else if (character === 0x5b || character === 0x7b) {
      if (++depth > levels) return true;
    } else if (character === 0x5d || character === 0x7d) depth--;
  }
  return false;
}

/** Index of the quote that ends a text; the length of the source if the text has no end. */
function endOfText(source: string, begin: number): number {
  let end = source.indexOf('"', begin + 1);
  while (end !== -1 && isEscaped(source, end)) end = source.indexOf('"', end + 1);
  return end === -1 ? source.length : end;
}

function isEscaped(source: string, at: number): boolean {
  let slashes = 0;
  while (source.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}
