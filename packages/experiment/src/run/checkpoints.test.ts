import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import type { StoredState } from "../algorithms/index.js";
import { modelShape } from "../config/index.js";
import { Checkpoints } from "./checkpoints.js";
import { checkpointFolder } from "./run-files.js";

const directory = temporaryFolder();
const config = configSchema.parse({ algorithms: ["meta-sgd"], gru_config: { embedding_dim: 2, hidden_dim: 2 } });
const data = { items: ["a", "b"], fingerprint: "0".repeat(64) } as unknown as DataSet;
const { size } = gruParameterLayout(modelShape(config, 2));

function stateAt(iteration: number, value: number): StoredState {
  const names = ["theta", "alpha", ...["theta", "alpha"].flatMap((n) => [`${n}.firstMoment`, `${n}.secondMoment`])];
  const vectors = Object.fromEntries(names.map((name) => [name, new Float32Array(size).fill(value)]));
  return [
    vectors,
    {
      iteration,
      adam: { theta: iteration, alpha: iteration },
      best: null,
      evaluatedAt: 0,
      evaluationsWithoutBetter: 0,
      history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
      secondsPerIteration: [],
      pending: { lossSum: 0, seconds: 0, iterations: 0 },
    },
  ];
}

it.each([Number.NaN, Number.POSITIVE_INFINITY])(
  "a state with %d replaces no checkpoint, and a note says so",
  async (bad) => {
    const notes: string[] = [];
    const checkpoints = new Checkpoints({
      ...{ directory, algorithm: "meta-sgd", config, data, seconds: () => 0 },
      progress: (event) => void (event.type === "note" && notes.push(event.text)),
      lock: { stillHeld: async () => {} },
    });
    await checkpoints.save(null, stateAt(1, 0.5));
    await checkpoints.save(null, stateAt(2, bad));
    await checkpoints.save(10, stateAt(10, bad));
    expect((await checkpoints.latest())?.[1].iteration).toBe(1);
    expect(readdirSync(join(directory, checkpointFolder("meta-sgd")))).toEqual(["metasgd_latest.safetensors"]);
    expect(notes[0]).toMatch(/no checkpoint of iteration 2 is written, because theta has a value that is not finite/);
  },
);
