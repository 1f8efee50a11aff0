import type { MetaTrainedValues, ResidentStart } from "@kshot/contract";
import { usage } from "../device/usage.js";

/** θ, α and their moments on the card: m and v of θ, then of α. */
export class ResidentBuffers {
  readonly theta: GPUBuffer;
  readonly alpha: GPUBuffer;
  readonly moments: GPUBuffer;
  readonly settings: GPUBuffer;
  readonly adapting: ResidentStart["adapting"];

  constructor(
    device: GPUDevice,
    private readonly size: number,
    { theta, alpha, adapting }: ResidentStart,
  ) {
    const buffer = (label: string, bytes: number) =>
      device.createBuffer({ label, size: bytes, usage: usage.storage | usage.copySource | usage.copyTarget });
    this.adapting = adapting;
    this.theta = buffer("theta", 4 * size);
    this.alpha = buffer("alpha", 4 * size);
    this.moments = buffer("moments", 16 * size);
    // Words: 18 for two Adam steps, 2 for the range of α, 1 for the number of parts, 2 for each part.
    this.settings = buffer("settings", 4 * (21 + 2 * adapting.length));
    const { queue } = device;
    queue.writeBuffer(this.theta, 0, Float32Array.from(theta.parameters));
    queue.writeBuffer(this.alpha, 0, Float32Array.from(alpha.parameters));
    for (const [i, { firstMoment, secondMoment }] of [theta, alpha].entries()) {
      queue.writeBuffer(this.moments, 8 * i * size, Float32Array.from(firstMoment));
      queue.writeBuffer(this.moments, (8 * i + 4) * size, Float32Array.from(secondMoment));
    }
  }

  /** The parts of the buffers that the host reads back, in the order that `values` expects. */
  parts(): readonly { buffer: GPUBuffer; at: number; floats: number }[] {
    return [
      { buffer: this.theta, at: 0, floats: this.size },
      { buffer: this.alpha, at: 0, floats: this.size },
      { buffer: this.moments, at: 0, floats: 4 * this.size },
    ];
  }

  /** @param read `[6·size]` what was read back of `parts()` */
  values(read: Float32Array): MetaTrainedValues {
    const part = (i: number) => read.slice(i * this.size, (i + 1) * this.size);
    const trained = (parameters: number, moment: number) => ({
      parameters: part(parameters),
      firstMoment: Float64Array.from(part(moment)),
      secondMoment: Float64Array.from(part(moment + 1)),
    });
    return { theta: trained(0, 2), alpha: trained(1, 4) };
  }

  destroy(): void {
    for (const buffer of [this.theta, this.alpha, this.moments, this.settings]) buffer.destroy();
  }
}
