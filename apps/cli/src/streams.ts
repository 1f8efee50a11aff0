/**
 * Keeps a run alive whose progress cannot be written: stderr's reader may close, its disk may be full, its terminal may be
 * closed. Errors on stdout are different: requested results are lost, so the program fails, unless the reader closed the pipe (`|
 * head`).
 */
export function surviveStreams(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
    const { code } = cause;
    // A write after stdout was closed: the first error has been reported.
    if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
    process.stderr.write(`kshot: standard output: Cannot be written (${code ?? cause.message}).\n`);
    lost = true;
    process.exitCode = 1;
  });
}

let lost = false;

/** Whether requested output is lost. */
export function outputLost(): boolean {
  return lost;
}
