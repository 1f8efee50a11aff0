import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const here = fileURLToPath(new URL("..", import.meta.url));

/** A substitute package folder for @tensorflow/tfjs-node-gpu. */
export interface StandIn {
  /** package.json; text is written as it is. */
  readonly manifest: object | string;
  /** index.js, CommonJS as the real one. */
  readonly index: string;
}

/**
 * A temporary project with this package's build, its real dependencies, and the substitute package, if any, where
 * npm would put the optional peer dependency. The module loader is Node's own and finds the packages in `node_modules`.
 */
export function project(standIn?: StandIn): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-tensor-fn-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const installed = join(folder, "node_modules");
  const own = join(installed, "@kshot", "tensor-fn");
  mkdirSync(own, { recursive: true });
  cpSync(join(here, "dist"), join(own, "dist"), { recursive: true });
  cpSync(join(here, "package.json"), join(own, "package.json"));
  const dependencies = [
    "@kshot/contract",
    "@tensorflow/tfjs-core",
    "@tensorflow/tfjs-backend-cpu",
    "@tensorflow/tfjs-backend-wasm",
  ];
  for (const name of dependencies) {
    mkdirSync(dirname(join(installed, name)), { recursive: true });
    symlinkSync(realpathSync(join(here, "node_modules", name)), join(installed, name), "junction");
  }
  if (standIn !== undefined) {
    const peer = join(installed, "@tensorflow", "tfjs-node-gpu");
    mkdirSync(peer);
    const { manifest } = standIn;
    writeFileSync(join(peer, "package.json"), typeof manifest === "string" ? manifest : JSON.stringify(manifest));
    writeFileSync(join(peer, "index.js"), standIn.index);
  }
  return folder;
}

/** Runs an ES module program in a project; returns the JSON that it prints, and its stderr. */
export function run(folder: string, program: string): { found: unknown; stderr: string } {
  const file = join(folder, "program.mjs");
  writeFileSync(file, program);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  return { found: stdout === "" ? undefined : JSON.parse(stdout), stderr };
}
