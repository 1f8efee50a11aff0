import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kshot, makeStart } from "../kshot.js";

/** Failures by a kill of the process of a cell count as tries; the plans of this soak allow any number of them. */
const settings = ["--lease", "2", "--tries", "1000"];

/** A plan of each kind: the command that makes it in a folder, and what it must give. */
const kinds = {
  suite: ["suite", "plan", "--suite", "cells.json", "--data", "data", ...settings],
  population: [
    "population",
    "plan",
    "--events",
    "people.csv",
    "--model",
    "model.safetensors",
    "--shards",
    "12",
    ...settings,
  ],
};

/** Three runs of four seeds, 12 cells of about a second, four of which start from the model of another. */
const suite = {
  format: "kshot.suite/1",
  seeds: [1, 2, 3, 4],
  settings: {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 4 },
    metasgd_config: { num_meta_iterations: 1500, meta_batch_size: 4, eval_interval: 500, checkpoint_interval: 50 },
  },
  runs: [
    { name: "sources", algorithms: ["markov", "gru"] },
    { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
    { name: "rates", algorithms: ["meta-sgd"], settings: { metasgd_config: { alpha_sharing: "row" } } },
  ],
};

/** Runs a command to its end. @param {string} folder @param {readonly string[]} args */
export async function done(folder, args) {
  const ended = await kshot(args, { cwd: folder });
  if (ended.status !== 0) throw new Error(`kshot ${args.join(" ")}: exit code ${ended.status}\n${ended.stderr}`);
  return ended.stdout;
}

/** Plans work of a kind in a new folder. @param {string} folder @param {"suite" | "population"} kind @param {string} name */
export const planned = (folder, kind, name) => done(folder, [...kinds[kind], "--out", name]);

/** Writes the inputs of both plans, and computes both without a disturbance. @param {string} folder @param {number} people */
export async function undisturbedOutcomes(folder, people) {
  await makeStart(folder);
  writeFileSync(join(folder, "cells.json"), JSON.stringify(suite));
  const rows = ["user,item,time"];
  for (let u = 0; u < people; u++)
    for (let e = 0; e < 9; e++)
      rows.push(`u${u},course-${(u + e * (1 + (u % 3))) % 12},${1_600_000_000 + u * 100 + e * 600}`);
  writeFileSync(join(folder, "people.csv"), `${rows.join("\n")}\n`);
  const outcomes = {};
  for (const kind of ["suite", "population"]) {
    const name = `whole-${kind}`;
    await planned(folder, kind, name);
    await done(folder, [kind, "work", name, "--workers", "1"]);
    outcomes[kind] = await outcome(folder, kind, name);
    if (kind === "suite") copyModel(folder, name);
  }
  return outcomes;
}

/** The model of the first cell becomes that of the population. */
function copyModel(folder, name) {
  const { runs } = JSON.parse(readFileSync(join(folder, name, "suite.json"), "utf8"));
  const models = join(folder, name, runs[1].run_tag, "models");
  const file = readdirSync(models, { recursive: true }).find((path) => /^maml\/maml_gru_K\d+\.safetensors$/.test(path));
  writeFileSync(join(folder, "model.safetensors"), readFileSync(join(models, file)));
}

/** Finishes a plan. Everything about it that must be equal: the hashes of all cells, the comparison, the files of lists. */
export async function outcome(folder, kind, name) {
  const at = (...path) => join(folder, name, ...path);
  const cells = Array.from({ length: 12 }, (_, cell) => {
    const file = at("cells", String(cell).padStart(4, "0"), "done.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).output : "not done";
  });
  const said = (await done(folder, [kind, "finish", name]))
    .replaceAll(name, "PLAN")
    .replaceAll(/\d{8}_\d{6}(_\d+)?/g, "RUN")
    // A killed cell may have evaluated the test people once more.
    .replaceAll(/evaluated \d+ times/g, "evaluated N times");
  if (kind === "suite") return { cells, said };
  const { shards, ...manifest } = JSON.parse(readFileSync(at("_MANIFEST.json"), "utf8"));
  const bytes = shards.map(({ path }) =>
    createHash("sha256")
      .update(readFileSync(at(path)))
      .digest("hex"),
  );
  return { cells, said, manifest, shards, bytes };
}
