import { failedError, KshotError, messageOf } from "@kshot/contract";
import { gruParameterLayout } from "@kshot/gru-layout";
import { Kernel } from "./kernel.js";
import type { WorkerAnswer, WorkerStart } from "./pool/messages.js";
import { cell, type SharedWork, viewWork } from "./pool/shared-work.js";
import { UnitExecutor } from "./unit-executor.js";
import type { Schedule } from "./work.js";

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
      serve(await ready, shared, worker, control);
      port.post({});
    } catch (error) {
      const { code, parts } = KshotError.isInstance(error)
        ? error
        : failedError({ where: `worker ${worker}`, found: messageOf(error) });
      const { cause: _, ...told } = parts;
      stop(control);
      port.post({ failure: { at: control[cell.at + worker], code, parts: told } });
    }
  });
  port.post({ loaded: true });
}

function serve(executor: UnitExecutor, shared: SharedWork, worker: number, control: Int32Array): void {
  const work = viewWork(shared);
  executor.begin(work);
  const schedule: Schedule = {
    at: (index) => Atomics.store(control, cell.at + worker, index),
    inTurn(unit, add) {
      for (;;) {
        const turn = Atomics.load(control, cell.turn);
        // Another worker failed: the sums are not read.
        if (Atomics.load(control, cell.stop) === 1) return;
        if (turn === unit) break;
        Atomics.wait(control, cell.turn, turn);
      }
      add();
      Atomics.add(control, cell.turn, 1);
      Atomics.notify(control, cell.turn);
    },
  };
  for (;;) {
    const unit = Atomics.add(control, cell.next, 1);
    if (unit >= work.units.length || Atomics.load(control, cell.stop) === 1) return;
    executor.unit(work, unit, schedule);
  }
}

/** Wakes the workers that wait for a turn after a failure. */
function stop(control: Int32Array): void {
  Atomics.store(control, cell.stop, 1);
  Atomics.add(control, cell.turn, 1 << 20);
  Atomics.notify(control, cell.turn);
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
