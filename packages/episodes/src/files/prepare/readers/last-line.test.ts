import { expect, it } from "vitest";
import { LastLine } from "./last-line.js";

it.each([
  ["a line", 6],
  ["a line\n", 6],
  ["long line\nshort\n", 5],
  ["long line\r\nshort\r\n\r\n\n", 5],
  ["short\nlonger line", 11],
  ["\n\n", 0],
  ["", 0],
])("the last line of %j has %d bytes, however it is cut into pieces", (text, bytes) => {
  const all = Buffer.from(text);
  for (let size = 1; size <= all.length + 1; size++) {
    const line = new LastLine();
    for (let at = 0; at < all.length; at += size) line.add(all.subarray(at, at + size));
    expect(line.bytes, `${size}`).toBe(bytes);
  }
});
