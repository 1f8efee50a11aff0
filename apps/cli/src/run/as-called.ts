/** The command that called this program: the script of the workspace, or its name. */
export function asCalled(): string {
  return process.env.npm_lifecycle_event === "start" ? "pnpm --filter cli start" : "kshot";
}
