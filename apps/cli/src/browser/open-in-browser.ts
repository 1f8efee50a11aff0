import { spawn } from "node:child_process";

/** Opens a file with the system's program. If no browser starts, the path is still printed. */
export function openInBrowser(file: string): void {
  const { command, before } = opener();
  const child = spawn(command, [...before, file], { detached: true, stdio: "ignore" });
  child.on("error", () => process.stderr.write(`No browser could be started (${command}); open ${file} yourself.\n`));
  child.unref();
}

/** The program that opens a file on this system, and the words before the file's name. */
function opener(): { command: string; before: readonly string[] } {
  if (process.platform === "darwin") return { command: "open", before: [] };
  if (process.platform === "win32") return { command: "cmd", before: ["/c", "start", ""] };
  return { command: "xdg-open", before: [] };
}
