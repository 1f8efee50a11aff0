import { usage } from "./usage.js";

/** A storage buffer that is replaced by a larger one when needed; its content is lost then. */
export class GrowingBuffer {
  private buffer: GPUBuffer | undefined;

  constructor(
    private readonly device: GPUDevice,
    private readonly label: string,
    private readonly flags: number = usage.storage | usage.copySource | usage.copyTarget,
  ) {}

  /** With at least `bytes`, doubled on growth up to `most`, which is the device's limit if it is left out. */
  get(bytes: number, most = this.limit()): GPUBuffer {
    const needed = Math.max(16, Math.ceil(bytes / 4) * 4);
    if (this.buffer !== undefined && this.buffer.size >= needed) return this.buffer;
    const size = Math.max(needed, Math.min(most, 2 * (this.buffer?.size ?? 0)));
    this.buffer?.destroy();
    this.buffer = this.device.createBuffer({ label: this.label, size, usage: this.flags });
    return this.buffer;
  }

  /** Bytes of the largest buffer that the device binds, or copies to. */
  private limit(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.device.limits;
    return this.flags & usage.storage ? Math.min(maxStorageBufferBindingSize, maxBufferSize) : maxBufferSize;
  }

  destroy(): void {
    this.buffer?.destroy();
    this.buffer = undefined;
  }
}
