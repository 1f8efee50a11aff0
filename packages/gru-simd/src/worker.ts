import { gruParameterLayout } from "@kshot/gru-layout";
import { Kernel } from "./kernel.js";
import { failureOf } from "./pool/failure-of.js";
import type { WorkerAnswer, WorkerStart } from "./pool/messages.js";
import { Share, stop } from "./pool/serve.js";
import { cell, type SharedWork } from "./pool/shared-work.js";
import { UnitExecutor } from "./unit-executor.js";

/** A worker of the pool: takes units of the current call until none are left, and adds to shared results in the order of units. */
function start(
  { module, optimiser, config, worker }: WorkerStart,
  port: { post(answer: WorkerAnswer): void; listen(handler: (work: SharedWork) => void): void },
): void {
  const ready = Kernel.create(module, config).then(
    (kernel) => new UnitExecutor(kernel, gruParameterLayout(config), config.nItems, optimiser),
  );
  port.listen(async (shared) => {
    const control = new Int32Array(shared.control);
    try {
      const share = new Share(await ready, shared, worker);
      while (share.next());
      Atomics.sub(control, cell.left, 1);
      port.post({ call: shared.call });
    } catch (error) {
      stop(control);
      port.post({ call: shared.call, failure: failureOf(error, control[cell.at + worker], worker) });
    }
  });
  port.post({ loaded: true });
}

// The first message is the start. No top-level await: not every bundler's worker format has it.
const parentPort = globalThis.process?.getBuiltinModule?.("node:worker_threads")?.parentPort;
if (parentPort) {
  parentPort.once("message", (first: WorkerStart) =>
    start(first, {
      post: (answer) => parentPort.postMessage(answer),
      listen: (handler) => parentPort.on("message", handler),
    }),
  );
} else {
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent) => void) | null;
    postMessage(value: unknown): void;
  };
  scope.onmessage = ({ data }) =>
    start(data as WorkerStart, {
      post: (answer) => scope.postMessage(answer),
      listen: (handler) => {
        scope.onmessage = (event) => handler(event.data as SharedWork);
      },
    });
}
