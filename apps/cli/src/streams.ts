/**
 * A run continues if its progress cannot be written, because stderr's reader or terminal was closed or its disk is full. An error
 * on stdout loses requested results, so the program fails, unless the reader closed the pipe (`| head`).
 */
export function surviveStreams(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
    const { code } = cause;
    // This is a write after stdout was closed. The first error has been reported.
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
