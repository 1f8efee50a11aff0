import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = new URL("../../packages/gru-gpu/dist/index.js", import.meta.url);

/** Whether WebGPU finds a card. */
export const webGpu = () => adapterFound("WebGPU", false, "For --device gpu: ");

/** Whether WebGPU can compute on the processor, for tests without a card. */
export const softwareWebGpu = () =>
  adapterFound("WebGPU software", true, "For --device gpu-software, only for tests: ");

/** Looks for an adapter in a separate process, so that a crash of the driver does not lose the report. */
function adapterFound(what, software, purpose) {
  if (!existsSync(fileURLToPath(built))) {
    return { what, found: "the packages are not built", fits: false, advice: "The packages built:  pnpm build" };
  }
  const program = `
    const { requireGpu } = await import(${JSON.stringify(built.href)});
    const { name, message } = await requireGpu({ software: ${software} }).catch((error) => ({ message: error.message }));
    console.log(JSON.stringify({ name, message }));
    process.exit();`;
  const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  const line = done.stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) {
    return { what, found: `ended with ${done.signal ?? `code ${done.status}`}`, fits: false, advice: "A newer driver" };
  }
  const { name, message } = JSON.parse(line);
  if (name !== undefined) return { what, found: name, fits: true };
  return {
    what,
    found: message.split(". ")[0],
    fits: false,
    advice: `${purpose}${message.replace("; pnpm gpu:setup says what this machine lacks", "")}`,
  };
}
