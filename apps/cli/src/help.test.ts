import { readFileSync } from "node:fs";
import { configSchema } from "@kshot/contract/schemas";
import { type CommandContext, run, type StricliDynamicCommandContext } from "@stricli/core";
import { describe, expect, it } from "vitest";
import { application } from "./application.js";
import { inputsOf } from "./command-line.js";
import { commandNames, commandTable } from "./command-table.js";
import { trainFlags } from "./flags/train.js";

/** The output for these arguments. */
async function shown(...typed: string[]): Promise<string> {
  let text = "";
  const write = (more: string) => (text += more);
  const process = { stdout: { write }, stderr: { write }, exitCode: undefined };
  await run(await application({ debug: false, command: typed[0] }), inputsOf(typed), {
    process,
  } as unknown as StricliDynamicCommandContext<CommandContext>);
  return text;
}

describe("--help", () => {
  it.each([[], ...commandNames.map((name) => [name])])("of kshot %s has at most 100 columns", async (...command) => {
    const text = await shown(...command, "--help");
    expect(text).toMatch(/^USAGE\n {2}kshot/);
    expect(text).toContain("EXAMPLES\n  kshot ");
    for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(100);
  });

  it.each(["suite", "population"])("of the commands of kshot %s has at most 100 columns", async (group) => {
    const own = (await shown(group, "--help")).split("COMMANDS\n")[1]?.split("\n\n")[0] ?? "";
    const names = [...own.matchAll(/^ {2}(\w+)/gm)].map(([, name = ""]) => name);
    expect(names).toContain("plan");
    for (const name of names) {
      const text = await shown(group, name, "--help");
      expect(text).toMatch(/^USAGE\n {2}kshot/);
      for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(100);
    }
  });

  it.each([
    [["suite", "work"], "kshot suite work [flags] DIR", "DIR                           Folder of the plan."],
    [["inspect"], "kshot inspect [flags] PATH…", "PATH…                         A data folder"],
    [["prepare"], "kshot prepare --out DIR [flags] [FILE…]", "FILE…                         More files"],
  ])("of kshot %s shows its operands", async (command, usage, row) => {
    const text = await shown(...command, "--help");
    expect(text).toContain(`USAGE\n  ${usage}\n`);
    expect(text).toContain(`FLAGS\n  ${row}`);
  });

  it.each(commandNames)("the list of commands has the brief of %s", async (name) => {
    const entry = commandTable[name];
    expect(entry?.brief).toBe((await entry?.load())?.brief);
  });

  it("of kshot, and the package's README, name every command", async () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const text = await shown("--help");
    for (const name of commandNames) {
      expect(text).toMatch(new RegExp(`^ {2}${name} +\\w`, "m"));
      expect(readme).toContain(`| \`${name}\``);
    }
  });

  it("shows the words of every flag, and the behaviour without it", async () => {
    const text = (await shown("train", "--help")).replaceAll(/\s+/g, " ");
    for (const [name, { values = [] }] of Object.entries(trainFlags) as [string, { values?: readonly string[] }][]) {
      expect(text).toContain(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
      for (const value of values) expect(text).toContain(value);
    }
    expect(text).toContain("--adapts NAME The tensors that adapt. One of all, embedding");
    expect((await shown("prepare", "--help")).replaceAll(/\s+/g, " ")).toContain("Default: .8,.1,.1.");
  });

  it("shows the defaults of the configuration's schema", () => {
    const { metasgd_config: meta, gru_training: gru, ...config } = configSchema.parse({});
    const expected: Readonly<Record<string, unknown>> = {
      iterations: meta.num_meta_iterations,
      innerSteps: meta.num_inner_steps,
      metaBatch: meta.meta_batch_size,
      outerLr: meta.outer_lr,
      alphaInit: meta.inner_lr_init,
      alphaRange: meta.alpha_range,
      alphaSharing: meta.alpha_sharing,
      adapts: meta.adapts,
      order: meta.order,
      mask: meta.mask,
      episodes: meta.episodes,
      evalInterval: meta.eval_interval,
      checkpointInterval: meta.checkpoint_interval,
      patience: meta.patience,
      epochs: gru.max_epochs,
      batchPairs: gru.batch_size,
      pairs: gru.pairs,
      seed: config.seed,
      dataSeed: config.data_seed,
      split: config.evaluation_split,
    };
    const unset = Object.fromEntries(
      Object.keys(expected).map((name) => [name, (trainFlags as Record<string, { unset?: string }>)[name]?.unset]),
    );
    expect(unset).toEqual(Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, String(value)])));
  });
});

describe("a mistyped word", () => {
  it.each([
    [["trian"], /trian: no such command\. Did you mean train\?/],
    [["frobnicate"], /^kshot: frobnicate: no such command\. See kshot --help\.$/],
    [["train", "--iteratons", "5"], /--iteratons: no such flag\. Did you mean --iterations\?/],
    [
      ["prepare", "--min-event-per-user", "5"],
      /--min-event-per-user: no such flag\. Did you mean --min-events-per-user\?/,
    ],
    [["prepare", "--top-items", "5", "--top-items", "6"], /for --top-items, encountered "6"/],
    [["prepare", "--top-items"], /--top-items: nothing/],
    [["prepare", "--top-items=none"], /--top-items: "none"/],
    [["train", "--frobnicate", "5"], /^kshot: --frobnicate: no such flag\. See/],
    [["train", "--algorithm", "gru,meta-sdg"], /"meta-sdg"\. Expected one of .*\. Did you mean meta-sgd\?/],
    [["train", "--algorithm", "transformer"], /"transformer"\. Expected one of [^?]*$/],
  ])("%j: the nearest is named only if it is near", async (typed, message) => {
    expect((await shown(...typed)).trim()).toMatch(message);
  });
});
