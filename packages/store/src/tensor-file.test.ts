import { closeSync, ftruncateSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { expect, it } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { decodeSafetensors } from "./decode-safetensors.js";
import { encodeSafetensors } from "./encode-safetensors.js";
import { requireIntact } from "./require-intact.js";
import { readTensorFile, readTensorFileMetadata, writeTensorFile } from "./tensor-file.js";

const scratch = scratchFolder();
const tensors = [
  { name: "weight", shape: [2, 3], values: Float32Array.of(1, -2, 0.5, 3, 4, 5) },
  { name: "moment", shape: [3], values: Float64Array.of(1e-300, 2, 3) },
  { name: "__proto__", shape: [2], values: Int32Array.of(7, -8) },
  { name: "nothing", shape: [0], values: new Float32Array(0) },
];

it("reads what it wrote, every hash checked; the bytes are those of the format", async () => {
  await writeTensorFile(scratch.at("t"), tensors, '{"a":1}');
  const read = await readTensorFile(scratch.at("t"));
  expect(read.hashed).toBe(true);
  expect(read.metadata.kshot).toBe('{"a":1}');
  const byName = (list: typeof read.tensors) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(byName(read.tensors)).toEqual(byName(tensors));
  const bytes = new Uint8Array(readFileSync(scratch.at("t")));
  expect(decodeSafetensors(bytes, "t").tensors).toEqual(read.tensors);
  await requireIntact(bytes, "t");
  // The same bytes in shared memory, as in the threads of a server.
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  await requireIntact(shared, "t");
  await writeTensorFile(scratch.at("again"), tensors, '{"a":1}');
  expect(readFileSync(scratch.at("again")).equals(readFileSync(scratch.at("t")))).toBe(true);
});

it("refuses a file in which one bit of any byte changed, here and in a browser", async () => {
  await writeTensorFile(scratch.at("t"), tensors, '{"a":1}');
  const whole = readFileSync(scratch.at("t"));
  for (let at = 0; at < whole.length; at++) {
    const changed = Uint8Array.from(whole);
    changed[at]! ^= 1 << (at % 8);
    writeFileSync(scratch.at("t"), changed);
    await expect(readTensorFile(scratch.at("t")), `byte ${at}`).rejects.toMatchObject({ code: "DATA" });
    const inMemory = async () => {
      await requireIntact(changed, "t");
    };
    await expect(inMemory(), `byte ${at}`).rejects.toMatchObject({ code: "DATA" });
  }
});

it("names the tensor that is damaged", async () => {
  await writeTensorFile(scratch.at("t"), tensors, "{}");
  const bytes = readFileSync(scratch.at("t"));
  bytes[bytes.length - 20]! ^= 4;
  writeFileSync(scratch.at("t"), bytes);
  await expect(readTensorFile(scratch.at("t"))).rejects.toThrow(/t, tensor weight: bytes that kshot did not write/);
});

it.each([0, 4, 8, 100])("refuses a file that is truncated to %i bytes", async (length) => {
  await writeTensorFile(scratch.at("t"), tensors, "{}");
  truncateSync(scratch.at("t"), length);
  await expect(readTensorFile(scratch.at("t"))).rejects.toMatchObject({ code: "DATA" });
});

it("reads a file without hashes, and says that nothing was checked", async () => {
  writeFileSync(scratch.at("t"), encodeSafetensors(tensors, { kshot: "{}" }));
  expect((await readTensorFile(scratch.at("t"))).hashed).toBe(false);
});

it("reads the metadata of a file of 5 GB, which is too large for a single read of Node", async () => {
  const bytes = 5_000_000_000;
  const header = JSON.stringify({
    __metadata__: { kshot: '{"format":"x"}' },
    large: { dtype: "F32", shape: [bytes / 4], data_offsets: [0, bytes] },
  });
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(header.length), true);
  const file = openSync(scratch.at("large"), "w");
  writeSync(file, length);
  writeSync(file, header);
  ftruncateSync(file, 8 + header.length + bytes);
  closeSync(file);
  expect(await readTensorFileMetadata(scratch.at("large"))).toEqual({ kshot: '{"format":"x"}' });
});

it("does not write a header that it would not read", async () => {
  const titles = JSON.stringify(Array.from({ length: 40 }, () => "x".repeat(2_600_000)));
  await expect(writeTensorFile(scratch.at("t"), tensors, titles)).rejects.toMatchObject({
    code: "FAILED",
    message: expect.stringMatching(/header: \d+ bytes; not written/),
  });
  expect(names(scratch.path)).toEqual([]);
});
