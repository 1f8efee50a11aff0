import { expectError } from "@kshot/engine-laws";
import { gruConfig } from "@kshot/gru-layout";
import { expect, test } from "vitest";
import { open } from "../test/adapter.js";
import { runWithout } from "../test/run-without.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4 });

test("invalid options are refused", async () => {
  await expectError(() => open({ config, memoryBytes: 1000 }), "USAGE", /memoryBytes: 1000\. Expected 1048576 or more/);
  await expectError(() => open({ config, threads: 100 as never }), "USAGE", /threads: 100\. Expected 64, 128 or 256/);
});

// On other systems WebGPU does not look for drivers in this variable.
test.skipIf(process.platform !== "linux")(
  "without an adapter the error names what is missing; nothing is computed on the processor",
  () => {
    const said = runWithout({ VK_ICD_FILENAMES: "/nowhere.json" }, "{ software: false }");
    expect(said.code).toBe("FAILED");
    expect(said.message).toMatch(/VK_ICD_FILENAMES names \/nowhere\.json, which does not exist/);
    expect(said.message).toMatch(
      /WebGPU finds no adapter \([^)]*\)\. Expected .*(libvulkan1|Vulkan, Metal).*gpu:setup/,
    );
  },
);

test("without the package the error has its name and the command that installs it", () => {
  const said = runWithout({}, "{ software: true }", "webgpu");
  expect(said.code).toBe("USAGE");
  expect(said.message).toMatch(/optional package webgpu is not installed.*npm install webgpu@0\.6\.2/);
});
