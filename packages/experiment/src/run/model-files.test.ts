import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { circumstances, temporaryFolder } from "../../test/tiny.js";
import { writeSmallModel } from "../../test/write-model.js";
import { evaluateModel } from "../tools/evaluate-model.js";
import { loadNetwork } from "./model-files.js";
import { alphaFile } from "./run-files.js";

const folder = temporaryFolder();

it("a model with its rates in a separate file is read with them, and refused by evaluate without that file", async () => {
  const model = await writeSmallModel(join(folder, "run"), "maml", { rates: true });
  expect((await loadNetwork(model)).alpha).toEqual((await loadNetwork(model)).theta);
  rmSync(alphaFile(model));
  const evaluated = evaluateModel({
    ...{ model, dataDir: folder, split: "val", windows: ["first"], steps: [0, 1] },
    ...{ engine: { engine: "simd", device: "cpu" }, circumstances: circumstances(), progress: () => {} },
  });
  await expect(evaluated).rejects.toThrow(
    /maml_gru_K2\.alpha\.safetensors: no such file, next to a model of MAML\. Expected its inner learning rates.* Keep the two files together/,
  );
});

it("a model that does not adapt needs no rates", async () => {
  const model = await writeSmallModel(join(folder, "plain"), "gru");
  expect((await loadNetwork(model)).alpha).toBeNull();
});
