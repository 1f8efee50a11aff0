import { expect, test } from "vitest";
import { type Frame, FrameReader, frameHeader, jsonBody, jsonOf, kinds, limits } from "./frames.js";

const stream = (...frames: readonly Frame[]) =>
  Buffer.concat(frames.flatMap(({ kind, body }) => [frameHeader(kind, body.byteLength), new Uint8Array(body)]));

const frames: readonly Frame[] = [
  { kind: kinds.hello, body: jsonBody({ rank: 1 }) },
  { kind: kinds.heartbeat, body: new ArrayBuffer(0) },
  { kind: kinds.heartbeat, body: new ArrayBuffer(0) },
  { kind: kinds.partial, body: Float32Array.of(1, 2, 3).buffer },
];

test.each([1, 3, 8, 9, 1000])("frames are the same in pieces of %i bytes", (piece) => {
  const reader = new FrameReader();
  const found: Frame[] = [];
  const bytes = stream(...frames);
  for (let at = 0; at < bytes.length; at += piece) {
    reader.read(bytes.subarray(at, at + piece), (frame) => found.push(frame));
  }
  expect(found).toEqual(frames);
  expect(jsonOf(found[0]!)).toEqual({ rank: 1 });
});

test("a stranger sends no long frame, and no kind that does not exist", () => {
  const long = frameHeader(kinds.hello, limits.stranger + 1);
  expect(() => new FrameReader().read(long, () => {})).toThrow(/65537 bytes/);
  const trusted = new FrameReader();
  trusted.limit = limits.rank;
  expect(() => trusted.read(long, () => {})).not.toThrow();
  const web = new TextEncoder().encode("GET / HTTP/1.1\r\n");
  expect(() => new FrameReader().read(web, () => {})).toThrow(RangeError);
  const unknown = frameHeader(99 as never, 0);
  expect(() => new FrameReader().read(unknown, () => {})).toThrow(/kind 99/);
});
