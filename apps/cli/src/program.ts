import { readFileSync } from "node:fs";

/** Version of the command line, from its package.json. */
export const version: string = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

/** The command that called this program: the script of the workspace, or its name. */
export function asCalled(): string {
  return process.env.npm_lifecycle_event === "start" ? "pnpm --filter cli start" : "kshot";
}
