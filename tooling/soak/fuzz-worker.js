// One thread of soak:fuzz: runs command lines in this process and reports their results.
import { parentPort } from "node:worker_threads";
import { runCommandLine } from "../../apps/cli/dist/command-line.js";
import { allowMultiplyAdd } from "../../apps/cli/dist/multiply-add.js";

allowMultiplyAdd();
parentPort.on("message", async ({ args, folder }) => {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text) => {
      said[name] = (said[name] + text).slice(-20_000);
      return true;
    };
  }
  process.exitCode = undefined;
  process.env.INIT_CWD = folder;
  process.argv = [process.execPath, "kshot", ...args];
  let thrown;
  try {
    await runCommandLine(args);
  } catch (error) {
    thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  parentPort.postMessage({ status: Number(process.exitCode ?? 0), ...said, thrown, memory: process.memoryUsage().rss });
});
parentPort.postMessage("ready");
