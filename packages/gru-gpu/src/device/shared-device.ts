import { KshotError } from "@kshot/contract";
import { compile, type Kernels } from "../run/compile.js";
import { deviceLost, outOfMemory, refused } from "./gpu-errors.js";
import { type GpuAdapterDescription, type OpenDevice, openDevice } from "./open-device.js";

/** The kind of a device, and the threads of a workgroup that its kernels are compiled for. */
export interface DeviceKind {
  readonly software: boolean;
  readonly threads: GpuThreads;
}

/** Threads of a workgroup. */
export type GpuThreads = 64 | 128 | 256;

/**
 * A device with its compiled kernels, shared by the engines of a process: compiling takes seconds, and a card has one queue.
 *
 * Calls of all engines run one after the other. The device is freed with its last user.
 */
export class SharedDevice {
  readonly device: GPUDevice;
  readonly adapter: GpuAdapterDescription;
  private lost: { reason: string; message: string } | undefined;
  private slot: Slot | undefined;
  private compiling: Promise<Kernels> | undefined;
  private last: Promise<void> = Promise.resolve();

  private constructor(
    /** Dawn in Node stays loaded as long as `gpu` is referenced. */
    private readonly opened: OpenDevice,
    private readonly threads: GpuThreads,
  ) {
    this.device = opened.device;
    this.adapter = opened.adapter;
    this.device.lost.then((info) => {
      this.lost = info;
      if (this.slot) retire(this.slot);
    });
  }

  /** The process's device of a kind, opened at the first call; `release` it. @throws as `openDevice` */
  static async acquire(kind: DeviceKind): Promise<SharedDevice> {
    const key = `${kind.software ? "software" : "card"}, ${kind.threads} threads`;
    let slot = devices.get(key);
    if (slot === undefined) {
      slot = { key, opening: SharedDevice.open(kind), users: 0 };
      devices.set(key, slot);
    }
    // Counted before it is open, so that another user's release meanwhile does not free it.
    slot.users += 1;
    try {
      const shared = await slot.opening;
      shared.slot = slot;
      if (shared.lost) retire(slot);
      return shared;
    } catch (error) {
      retire(slot);
      throw error;
    }
  }

  private static async open({ software, threads }: DeviceKind): Promise<SharedDevice> {
    return new SharedDevice(await openDevice({ software }), threads);
  }

  /** The kernels, compiled at the first call. @throws `FAILED` for one that this driver does not compile */
  compiled(): Promise<Kernels> {
    return (this.compiling ??= this.alone(() => compile(this.device, this.adapter, this.threads)));
  }

  release(): void {
    const { slot } = this;
    if (slot === undefined) return;
    slot.users -= 1;
    if (slot.users > 0) return;
    retire(slot);
    this.opened.device.destroy();
  }

  /**
   * Runs a call when the previous ones have ended; an error of the device becomes an error of the call.
   *
   * @param refused called before the next call if the device refused this one: the buffers that it created may be invalid
   */
  alone<T>(call: () => Promise<T>, refused?: () => void): Promise<T> {
    const result = this.last.then(() => this.guarded(call, refused));
    this.last = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  private async guarded<T>(call: () => Promise<T>, onRefusal: () => void = () => {}): Promise<T> {
    const { device, adapter } = this;
    if (this.lost) throw deviceLost(adapter, this.lost);
    for (const scope of errorScopes) device.pushErrorScope(scope);
    const [result] = await Promise.allSettled([call()]);
    const refusals: (GPUError | null)[] = [];
    for (const _ of errorScopes) refusals.unshift(await device.popErrorScope().catch(() => null));
    if (this.lost) throw deviceLost(adapter, this.lost);
    // A buffer that was not allocated is also invalid where it is used: the first error is the reason.
    const refusal = refusals.find((found) => found !== null);
    if (refusal) onRefusal();
    // A `KshotError` is more specific than the device's error that follows it.
    if (result.status === "rejected" && (KshotError.isInstance(result.reason) || !refusal)) throw result.reason;
    if (refusal && refusal === refusals[0]) throw outOfMemory(adapter, undefined, refusal);
    if (refusal) throw refused(adapter, refusal.message, refusal);
    return (result as PromiseFulfilledResult<T>).value;
  }
}

/** Kinds of errors that a call is watched for, in the order of their causes. */
const errorScopes = ["out-of-memory", "validation", "internal"] as const;

/** A device that is open or being opened, and how many use it or wait for it. */
interface Slot {
  readonly key: string;
  readonly opening: Promise<SharedDevice>;
  users: number;
}

/** Devices in use, by kind. */
const devices = new Map<string, Slot>();

/** New engines open a new device from now on. */
function retire(slot: Slot): void {
  if (devices.get(slot.key) === slot) devices.delete(slot.key);
}
