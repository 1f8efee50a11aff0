/**
 * Keeps a run alive whose output nobody takes: progress goes to stderr, and a reader that went away, a full disk or a closed terminal
 * behind it ends no run. What cannot be written to stdout is another matter: results that were asked for are lost, so the program fails,
 * unless the reader itself went away (`| head`).
 */
export function surviveStreams(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
    const { code } = cause;
    // Written to after it was closed: the first error has said why.
    if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
    process.stderr.write(`kshot: standard output: Cannot be written (${code ?? cause.message}).\n`);
    lost = true;
    process.exitCode = 1;
  });
}

let lost = false;

/** Whether something that was to be printed is lost. */
export function outputLost(): boolean {
  return lost;
}
