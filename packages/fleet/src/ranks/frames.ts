import type { Socket } from "node:net";

/** What a frame holds. JSON up to `message`, binary from `vector` on. */
export const kinds = {
  heartbeat: 0,
  hello: 1,
  challenge: 2,
  proof: 3,
  accepted: 4,
  join: 5,
  refused: 6,
  message: 7,
  vector: 8,
  losses: 9,
  partial: 10,
  total: 11,
} as const;

export type FrameKind = (typeof kinds)[keyof typeof kinds];

/** One frame: 4 bytes length of the body, 4 bytes kind, both little-endian, then the body. */
export interface Frame {
  readonly kind: FrameKind;
  readonly body: ArrayBuffer;
}

const headerBytes = 8;

/** Longest body before the other side has proved that it has the token, and after. */
export const limits = { stranger: 2 ** 16, rank: 2 ** 31 - 1 } as const;

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  private readonly header = new Uint8Array(headerBytes);
  private body: Uint8Array<ArrayBuffer> | undefined;
  private filled = 0;
  limit: number = limits.stranger;

  /**
   * @param bytes the next bytes of the stream, in pieces of any size
   * @param take receives each frame that is complete, in order
   * @throws `RangeError` for a frame that is longer than the limit or of an unknown kind
   */
  read(bytes: Uint8Array, take: (frame: Frame) => void): void {
    for (let at = 0; at < bytes.length || this.body?.length === 0; ) {
      const into = this.body ?? this.header;
      const count = Math.min(into.length - this.filled, bytes.length - at);
      into.set(bytes.subarray(at, at + count), this.filled);
      at += count;
      this.filled += count;
      if (this.filled < into.length) return;
      this.filled = 0;
      if (this.body === undefined) this.body = this.begin();
      else {
        const frame = { kind: this.kind(), body: this.body.buffer };
        this.body = undefined;
        take(frame);
      }
    }
  }

  private begin(): Uint8Array<ArrayBuffer> {
    const length = new DataView(this.header.buffer).getUint32(0, true);
    if (length > this.limit) throw new RangeError(`a frame of ${length} bytes`);
    if (!Object.values(kinds).includes(this.kind())) throw new RangeError(`a frame of kind ${this.kind()}`);
    return new Uint8Array(length);
  }

  private kind(): FrameKind {
    return new DataView(this.header.buffer).getUint32(4, true) as FrameKind;
  }
}

/** The header of a frame. */
export function frameHeader(kind: FrameKind, length: number): Uint8Array {
  const header = new Uint8Array(headerBytes);
  const view = new DataView(header.buffer);
  view.setUint32(0, length, true);
  view.setUint32(4, kind, true);
  return header;
}

/** JSON as a frame's body. */
export function jsonBody(value: unknown): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer;
}

/** The JSON in a frame's body. @throws `SyntaxError` */
export function jsonOf({ body }: Frame): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

/** Frames over a TCP connection. */
export class FramedSocket {
  private readonly reader = new FrameReader();
  /** When the last bytes came, by `performance.now()`. */
  heard = performance.now();

  /**
   * @param onFrame receives frames in order; if it throws, the connection ends
   * @param onEnd called once, with the reason, when no more frames come
   */
  constructor(
    private readonly socket: Socket,
    onFrame: (frame: Frame) => void,
    onEnd: (reason: string) => void,
  ) {
    let reason = "the connection was closed";
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      this.heard = performance.now();
      try {
        this.reader.read(bytes, onFrame);
      } catch (cause) {
        reason = `not a message of kshot: ${cause instanceof Error ? cause.message : cause}`;
        socket.destroy();
      }
    });
    socket.on("error", (cause) => {
      reason = cause.message;
    });
    socket.on("close", () => onEnd(this.ended ?? reason));
  }

  private ended: string | undefined;

  /** From now on, bodies of any length. */
  trust(): void {
    this.reader.limit = limits.rank;
  }

  send(kind: FrameKind, body: ArrayBuffer = new ArrayBuffer(0)): void {
    if (!this.socket.writable) return;
    this.socket.cork();
    this.socket.write(frameHeader(kind, body.byteLength));
    if (body.byteLength > 0) this.socket.write(new Uint8Array(body));
    this.socket.uncork();
  }

  /** Ends the connection after everything was sent. */
  end(): void {
    this.socket.end();
  }

  /** Ends the connection at once, for a reason that `onEnd` receives. */
  destroy(reason: string): void {
    this.ended = reason;
    this.socket.destroy();
  }
}
