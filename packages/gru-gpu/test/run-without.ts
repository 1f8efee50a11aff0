import { spawnSync } from "node:child_process";

/**
 * Opens an engine in a separate process and returns the error's code and message.
 *
 * @param hidden a package that this process cannot find
 * @param ownDriver replace the machine's driver by the installed software driver
 */
export function runWithout(
  environment: Record<string, string>,
  options: string,
  hidden?: string,
  ownDriver = false,
): { code: string; message: string } {
  const program = `
    const engine = await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)});
    const config = { nItems: 2, embeddingDim: 1, hiddenDim: 1, numLayers: 1, dropout: 0, maxSeqLen: 1 };
    const open = () => engine.createGpuEngine({ config, ...${options} });
    const { withSoftwareDriver } = await import(${JSON.stringify(new URL("../dist/device/runtime-node.js", import.meta.url).href)});
    const { code, message } = await (${ownDriver} ? withSoftwareDriver(open) : open()).catch((error) => error);
    console.log(JSON.stringify({ code, message }));
    process.exit();`;
  const loader = `data:text/javascript,${encodeURIComponent(`
    export async function resolve(name, context, next) {
      if (name === ${JSON.stringify(hidden ?? null)}) throw Object.assign(new Error("not found"), { code: "ERR_MODULE_NOT_FOUND" });
      return next(name, context);
    }`)}`;
  const args = ["--no-warnings", "--experimental-loader", loader, "--input-type=module", "--eval", program];
  const done = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...environment } });
  const line = done.stdout.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`no answer: ${done.stdout}${done.stderr}`);
  return JSON.parse(line);
}
