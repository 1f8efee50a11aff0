import { uncaught } from "./cannot-start.js";
import { runCommandLine } from "./command-line.js";
import { allowMultiplyAdd } from "./multiply-add.js";
import { outputLost, surviveStreams } from "./streams.js";

/** Runs the command line of this process to its end. A function: commands import modules of this module's bundle while it runs. */
export async function start(): Promise<void> {
  allowMultiplyAdd();
  surviveStreams();
  process.on("uncaughtException", (cause) => {
    process.stderr.write(uncaught(cause, process.argv.includes("--debug")));
    process.exit(1);
  });
  await runCommandLine(process.argv.slice(2));
  if (outputLost() && process.exitCode === 0) process.exitCode = 1;
  // Work that was abandoned may still run. The program does not wait for it.
  if (process.exitCode === 130) {
    await new Promise((resolve) => process.stderr.write("", resolve));
    process.exit(130);
  }
}
