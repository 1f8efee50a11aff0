#!/usr/bin/env node
import v8 from "node:v8";
import { type CommandContext, run, type StricliDynamicCommandContext } from "@stricli/core";
import { application } from "./application.js";

// Node 20 holds back WebAssembly's multiply-add, which it has: its V8 is one version short of the one that lets it out by itself.
if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");

// `pnpm start -- train` hands the separator on; `--debug` belongs to no command: it only lets stacks through.
const typed = process.argv.slice(2);
const inputs = (typed[0] === "--" ? typed.slice(1) : typed).filter((word) => word !== "--debug").flatMap(shortened);
const debug = typed.includes("--debug");

// Node types an unset exit code as undefined, the library as null; both mean "none yet".
const context = { process } as unknown as StricliDynamicCommandContext<CommandContext>;
await run(application({ debug }), inputs.length === 0 ? ["--help"] : inputs, context);

// The library's own codes for wrong usage (−4, −5, also seen as 252 and 251) are 2 in the contract; its other negative codes are failures.
const code = Number(process.exitCode ?? 0);
if (code === -4 || code === -5 || code === 252 || code === 251) process.exitCode = 2;
else if (code < 0) process.exitCode = 1;

/** `--k 5` and `--k=5` as `-k 5`: the library takes names of one letter only with one hyphen. */
function shortened(word: string): string[] {
  const match = /^--([a-z])(?:=(.*))?$/.exec(word);
  if (!match) return [word];
  return match[2] === undefined ? [`-${match[1]}`] : [`-${match[1]}`, match[2]];
}
