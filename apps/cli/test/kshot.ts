import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, onTestFinished, vi } from "vitest";
import { runCommandLine } from "../src/command-line.js";
import { allowMultiplyAdd } from "../src/multiply-add.js";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));

allowMultiplyAdd();

/** What a command printed, and its exit code. */
interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, as typed in a folder. One at a time: the standard streams are captured. */
export async function kshot(args: readonly string[], folder: string): Promise<Done> {
  const { argv, exitCode } = process;
  const { INIT_CWD, npm_lifecycle_event } = process.env;
  const said = { stdout: "", stderr: "" };
  const captured = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  process.argv = [process.execPath, main, ...args];
  process.exitCode = undefined;
  process.env.INIT_CWD = folder;
  delete process.env.npm_lifecycle_event;
  try {
    await runCommandLine(args);
    return { status: Number(process.exitCode ?? 0), ...said };
  } finally {
    for (const stream of captured) stream.mockRestore();
    process.argv = argv;
    process.exitCode = exitCode;
    restore("INIT_CWD", INIT_CWD);
    restore("npm_lifecycle_event", npm_lifecycle_event);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Runs the built command line in a separate process, to its end. */
export function kshotProcess(args: readonly string[], folder: string): Done {
  const { INIT_CWD, npm_lifecycle_event, ...environment } = process.env;
  const done = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: "utf8", env: environment });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Starts the built command line and returns at once. */
export function kshotChild(
  args: readonly string[],
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): ChildProcess {
  const { INIT_CWD, npm_lifecycle_event, ...environment } = process.env;
  return spawn(process.execPath, [main, ...args], { cwd: folder, env: { ...environment, ...variables } });
}

/** A temporary folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A temporary folder for all tests of a file. */
export function keptFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Events of `users` people, `perUser` each, ten minutes apart: person u walks items in steps of 1 + u mod 3, so that there is
 * something to learn. All in one session each.
 */
export function writeEvents(file: string, { users = 40, perUser = 24, items = 12 } = {}): void {
  const rows = ["user,item,time"];
  for (let u = 0; u < users; u++) {
    for (let e = 0; e < perUser; e++) {
      rows.push(`u${u},course-${(u + e * (1 + (u % 3))) % items},${1_600_000_000 + u * 1_000_000 + e * 600}`);
    }
  }
  writeFileSync(file, `${rows.join("\n")}\n`);
}
