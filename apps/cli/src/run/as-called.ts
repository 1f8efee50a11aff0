/** How this program was called: by the script of the workspace, or by its name. */
export function asCalled(): string {
  return process.env.npm_lifecycle_event === "start" ? "pnpm --filter cli start" : "kshot";
}
