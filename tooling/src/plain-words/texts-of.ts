/** A text for readers: a comment, a message or a line of a page, with its line in the file, from 1. */
export interface ReadText {
  readonly line: number;
  readonly text: string;
}

/**
 * The comments of a TypeScript or JavaScript file, and its string literals with a blank in them, without template expressions.
 *
 * @param source the file's content
 */
export function textsOfSource(source: string): ReadText[] {
  const texts: ReadText[] = [];
  let inBlock = false;
  for (const [i, content] of source.split("\n").entries()) {
    const line = i + 1;
    const trimmed = content.trim();
    if (inBlock || trimmed.startsWith("/*") || trimmed.startsWith("//")) {
      if (trimmed.startsWith("/*")) inBlock = true;
      if (trimmed.includes("*/")) inBlock = false;
      texts.push({ line, text: trimmed });
      continue;
    }
    const comment = /\s\/\/ (.*)$/.exec(content)?.[1];
    if (comment !== undefined) texts.push({ line, text: comment });
    for (const [, , text = ""] of content.matchAll(/(["`])((?:(?!\1).)+)\1/g)) {
      if (text.includes(" ")) texts.push({ line, text: text.replace(/\$\{[^}]*\}/g, "…") });
    }
  }
  return texts;
}

/**
 * The lines of a Markdown page outside code blocks.
 *
 * @param page the file's content
 */
export function textsOfPage(page: string): ReadText[] {
  let inCode = false;
  return page.split("\n").flatMap((text, i) => {
    if (text.trimStart().startsWith("```")) inCode = !inCode;
    return inCode ? [] : [{ line: i + 1, text }];
  });
}
