import { dataError } from "@kshot/contract";
import { typedPath } from "../paths.js";
import { readText } from "./item-list.js";

/** The token in a file, without the line end. @throws `DATA` for a file that cannot be read or is empty. */
export function tokenIn(typed: string): string {
  const file = typedPath(typed);
  const token = readText(file, "a token of 16 characters or more").trim();
  if (token.length >= 16 && !/\s/.test(token)) return token;
  throw dataError({
    where: file,
    found: token.length < 16 ? `a token of ${token.length} characters` : "spaces or several lines",
    expected: "one line, a token of 16 characters or more without spaces",
  });
}
