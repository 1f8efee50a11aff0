import { failedError, KshotError } from "@kshot/contract";
import { gruParameterLayout } from "@kshot/gru-layout";
import { Kernel } from "./kernel.js";
import { Performer } from "./perform.js";
import type { WorkerAnswer, WorkerStart } from "./pool/messages.js";
import { cell, type SharedWork, viewWork } from "./pool/shared-work.js";
import type { Schedule } from "./work.js";

/** A pool's worker: takes units of the call at hand until there are none, adding to shared results in the order of units. */
async function start(
  { module, config, worker }: WorkerStart,
  port: { post(answer: WorkerAnswer): void; listen(handler: (work: SharedWork) => void): void },
): Promise<void> {
  const ready = Kernel.create(module, config).then(
    (kernel) => new Performer(kernel, gruParameterLayout(config), config.nItems),
  );
  port.listen(async (shared) => {
    const control = new Int32Array(shared.control);
    try {
      serve(await ready, shared, worker, control);
      port.post({});
    } catch (error) {
      const { code, parts } = KshotError.isInstance(error)
        ? error
        : failedError({ where: `worker ${worker}`, found: error instanceof Error ? error.message : String(error) });
      const { cause: _, ...told } = parts;
      stop(control);
      port.post({ failure: { at: control[cell.at + worker], code, parts: told } });
    }
  });
}

function serve(performer: Performer, shared: SharedWork, worker: number, control: Int32Array): void {
  const work = viewWork(shared);
  performer.begin(work);
  const schedule: Schedule = {
    at: (index) => Atomics.store(control, cell.at + worker, index),
    inTurn(unit, add) {
      for (;;) {
        const turn = Atomics.load(control, cell.turn);
        // Another worker failed: nobody will read the sums.
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
    performer.unit(work, unit, schedule);
  }
}

/** Wakes whoever waits for a turn that will not come. */
function stop(control: Int32Array): void {
  Atomics.store(control, cell.stop, 1);
  Atomics.add(control, cell.turn, 1 << 20);
  Atomics.notify(control, cell.turn);
}

const node = globalThis.process?.getBuiltinModule?.("node:worker_threads");
if (node?.parentPort) {
  const { parentPort, workerData } = node;
  await start(workerData as WorkerStart, {
    post: (answer) => parentPort.postMessage(answer),
    listen: (handler) => parentPort.on("message", handler),
  });
} else {
  // In a browser the first message is the start.
  const scope = globalThis as unknown as {
    onmessage: ((event: MessageEvent) => void) | null;
    postMessage(value: unknown): void;
  };
  scope.onmessage = ({ data }) => {
    start(data as WorkerStart, {
      post: (answer) => scope.postMessage(answer),
      listen: (handler) => {
        scope.onmessage = (event) => handler(event.data as SharedWork);
      },
    });
  };
}
