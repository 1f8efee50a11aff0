import { interruptedError } from "@kshot/contract";
import { orGivenUp } from "@kshot/meta-sgd";

/** Waits for work that writes nothing; when the signal fires, it stops waiting within a second. @throws `INTERRUPTED` */
export async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const done = await orGivenUp(work, signal);
  if (done === undefined) throw interruptedError({ found: "stopped during an evaluation" });
  return done[0];
}
