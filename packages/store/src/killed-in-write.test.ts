import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";

const scratch = scratchFolder();
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const layer = fileURLToPath(new URL("../../../tooling/soak/fault-layer.js", import.meta.url));

/** Replaces a file under a lock, and a folder; prints its end. */
const program = `
  import { withFolderHeld, writeFileAtomic, writeFolderAtomic } from ${JSON.stringify(built)};
  const content = process.env.CONTENT;
  const rule = { wrote: () => true, own: () => true };
  await withFolderHeld(".", "work", () => writeFileAtomic("file", ["begin ", content, " end"]));
  await writeFolderAtomic("folder", [["a", content], ["b/c", content]], rule);
  console.log("done");
`;

/** Runs the program with a fault at its n-th operation on files. */
async function run(fault: string, text: number): Promise<{ readonly said: string; readonly signal: string | null }> {
  const child = spawn(process.execPath, [`--import=${layer}`, "--input-type=module", "-e", program], {
    cwd: scratch.path,
    env: { ...process.env, KSHOT_FAULT: fault, CONTENT: String(text) },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  const [, signal] = await once(child, "close");
  return { said, signal };
}

const content = (...path: string[]) => readFileSync(scratch.at(...path), "utf8");

const finished = ["file", "folder"];

it("a process killed at any operation on files, also in the middle of a write, leaves whole files; the next one continues and cleans up", async () => {
  // Each run begins with what the killed one before it left, and is killed one operation later.
  let at = 1;
  for (; ; at++) {
    const { said, signal } = await run(`kill:${at}`, at);
    if (existsSync(scratch.at("file"))) expect(content("file"), `killed at ${at}`).toMatch(/^begin \d+ end$/);
    if (existsSync(scratch.at("folder"))) {
      expect(names(scratch.at("folder")), `killed at ${at}`).toEqual(["a", "b"]);
      expect(content("folder", "a"), `killed at ${at}`).toBe(content("folder", "b", "c"));
    }
    // A run that has fewer operations ends.
    if (signal === null) {
      expect(said).toBe("done\n");
      break;
    }
  }
  // Locks, writes, renames and folders were met.
  expect(at).toBeGreaterThan(12);
  expect(names(scratch.path)).toEqual(finished);
  expect([content("file"), content("folder", "a")]).toEqual([`begin ${at} end`, `${at}`]);
});

it.each(["ENOSPC", "EMFILE"])("%s from any operation on: the content stays, and nothing else remains", async (code) => {
  expect((await run("kill:0", 0)).said).toBe("done\n");
  for (const at of [1, 4, 7, 10]) {
    const { said } = await run(`${code}:${at}`, at);
    expect(said, `at ${at}`).not.toMatch(/done/);
    expect(said, `at ${at}`).toMatch(/no space is left|too many open files/);
    expect([content("folder", "a"), content("folder", "b", "c")]).toEqual(["0", "0"]);
    expect(content("file")).toMatch(/^begin \d+ end$/);
    // EMFILE also strikes the removal of a temporary file: the next process removes it.
    if (code === "ENOSPC") expect(names(scratch.path), `at ${at}`).toEqual(finished);
  }
  expect((await run("kill:0", 11)).said).toBe("done\n");
  expect(names(scratch.path)).toEqual(finished);
});
