import { KshotError } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type Tensor } from "./index.js";

/** An independent implementation of the format, with Buffer and without code of this package. */
function independentReader(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes);
  const headerBytes = buffer.readUInt32LE(0) + 2 ** 32 * buffer.readUInt32LE(4);
  const text = buffer.toString("utf8", 8, 8 + headerBytes);
  const header = JSON.parse(text);
  const data = buffer.subarray(8 + headerBytes);
  const read = (name: string) => {
    const { dtype, data_offsets: offsets } = header[name];
    const place = data.subarray(offsets[0], offsets[1]);
    if (dtype === "I32") return Array.from({ length: place.length / 4 }, (_, i) => place.readInt32LE(4 * i));
    return dtype === "F32"
      ? Array.from({ length: place.length / 4 }, (_, i) => place.readFloatLE(4 * i))
      : Array.from({ length: place.length / 8 }, (_, i) => place.readDoubleLE(8 * i));
  };
  return { headerBytes, text, header, read, dataBytes: data.length };
}

const weight: Tensor = { name: "fc.weight", shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, -0) };
const bias: Tensor = { name: "fc.bias", shape: [2], values: Float32Array.of(0.1, Infinity) };

const anyTensors = fc.uniqueArray(
  fc
    .record({
      name: fc.string({ minLength: 1, unit: "grapheme" }).filter((name) => name !== "__metadata__"),
      shape: fc.array(fc.nat(4), { maxLength: 3 }),
      type: fc.constantFrom("F64", "F32", "I32"),
    })
    .chain(({ name, shape, type }) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const limits = { minLength: size, maxLength: size };
      const values: fc.Arbitrary<Tensor["values"]> =
        type === "F64" ? fc.float64Array(limits) : type === "F32" ? fc.float32Array(limits) : fc.int32Array(limits);
      return values.map((array) => ({ name, shape, values: array }));
    }),
  { selector: ({ name }) => name, maxLength: 6 },
);

describe("encodeSafetensors", () => {
  it("writes the bytes of the format", () => {
    const bytes = encodeSafetensors([bias], { kshot: "{}" });
    const header = '{"__metadata__":{"kshot":"{}"},"fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}      ';
    expect(header.length % 8).toBe(0);
    const expected = Buffer.concat([
      Buffer.from([header.length, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from(header),
      Buffer.from("cdcccc3d0000807f", "hex"),
    ]);
    expect(Buffer.from(bytes).toString("latin1")).toBe(expected.toString("latin1"));
  });

  it("is read by an independent reader", () => {
    fc.assert(
      fc.property(anyTensors, (tensors) => {
        const { headerBytes, text, header, read, dataBytes } = independentReader(
          encodeSafetensors(tensors, { a: "ö", b: "" }),
        );
        expect(headerBytes % 8).toBe(0);
        expect(text).toMatch(/^\{.*\} *$/su);
        expect(header.__metadata__).toEqual({ a: "ö", b: "" });
        expect(dataBytes).toBe(tensors.reduce((sum, { values }) => sum + values.byteLength, 0));
        for (const { name, shape, values } of tensors) {
          expect(header[name].shape).toEqual(shape);
          expect(header[name].data_offsets[0] % values.BYTES_PER_ELEMENT).toBe(0);
          expect(read(name)).toEqual([...values]);
        }
      }),
    );
  });

  it("keeps the order and gives the same bytes for the same tensors", () => {
    const numbered: Tensor[] = ["b", "10", "2", "a"].map((name) => ({ name, shape: [], values: Float32Array.of(1) }));
    const bytes = encodeSafetensors(numbered);
    expect(decodeSafetensors(bytes, "x").tensors.map(({ name }) => name)).toEqual(["b", "10", "2", "a"]);
    expect(encodeSafetensors(numbered)).toEqual(bytes);
  });

  const refused: [string, Tensor[], RegExp][] = [
    ["a name twice", [bias, bias], /fc\.bias: a name that another/],
    ["a reserved name", [{ ...bias, name: "__metadata__" }], /reserved/],
    ["values that do not fill the shape", [{ ...bias, shape: [3] }], /2 values\. Expected 3/],
    ["a negative dimension", [{ ...bias, shape: [-1, -2] }], /shape \[-1, -2\]/],
  ];
  it.each(refused)("refuses %s", (_, tensors, message) => {
    expect(() => encodeSafetensors(tensors)).toThrow(message);
  });
});

/** A file from a header and a number of data bytes. */
function file(header: unknown, dataBytes: number): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

describe("decodeSafetensors", () => {
  it("reads back every bit", () => {
    fc.assert(
      fc.property(anyTensors, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata), "x");
        expect(read.metadata).toEqual({ ...metadata });
        const byName = new Map(read.tensors.map((tensor) => [tensor.name, tensor]));
        expect(byName.size).toBe(tensors.length);
        for (const tensor of tensors) expect(byName.get(tensor.name)).toEqual(tensor);
      }),
    );
  });

  it("reads from the middle of a buffer, at any alignment", () => {
    const bytes = encodeSafetensors([weight, bias]);
    const moved = new Uint8Array(bytes.length + 3);
    moved.set(bytes, 3);
    expect(decodeSafetensors(moved.subarray(3), "x").tensors).toEqual([weight, bias]);
  });

  it("reads tensors in the order of their data, for any order of the header", () => {
    const header = {
      second: { dtype: "F32", shape: [1], data_offsets: [4, 8] },
      first: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
    };
    expect(decodeSafetensors(file(header, 8), "x").tensors.map(({ name }) => name)).toEqual(["first", "second"]);
  });

  it("refuses every truncation, and one extra byte, naming the file", () => {
    const bytes = encodeSafetensors([weight, bias], { kshot: "{}" });
    for (let length = 0; length < bytes.length; length++) {
      let error: unknown;
      try {
        decodeSafetensors(bytes.subarray(0, length), "model.safetensors");
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${length} bytes`).toMatchObject({
        code: "DATA",
        message: expect.stringContaining("model.safetensors"),
      });
    }
    expect(() => decodeSafetensors(Buffer.concat([bytes, Buffer.alloc(1)]), "x")).toThrow(/belong to no tensor/);
  });

  const one = (entry: object) => ({ w: { dtype: "F32", shape: [2], data_offsets: [0, 8], ...entry } });
  const cases: [string, unknown, number, RegExp][] = [
    [
      "a type that is not read",
      one({ dtype: "I64" }),
      8,
      /tensor w: dtype "I64"\. Expected F64, F32, F16, BF16 or I32/,
    ],
    ["no type", one({ dtype: undefined }), 8, /dtype undefined/],
    ["a type with the name of an object's method", one({ dtype: "toString" }), 8, /dtype "toString"/],
    ["a shape that does not fit", one({ shape: [3] }), 8, /8 bytes\. Expected 12, shape \[3\] of F32/],
    ["an invalid shape", one({ shape: [1.5] }), 8, /shape \[1.5\]/],
    ["offsets backwards", one({ data_offsets: [8, 0] }), 8, /data_offsets \[8,0\]/],
    ["one offset", one({ data_offsets: [0] }), 8, /data_offsets \[0\]/],
    ["a gap at the start", one({ data_offsets: [4, 12] }), 12, /gap/],
    ["an end beyond the file", one({}), 4, /cut off/],
    [
      "an overlap",
      { ...one({}), v: { dtype: "F32", shape: [1], data_offsets: [4, 8] } },
      8,
      /tensor v: data_offsets \[4, 8\], which overlaps/,
    ],
    ["an entry that is null", { w: null }, 0, /tensor w: dtype undefined/],
    ["metadata that is not text", { __metadata__: { a: 1 } }, 0, /__metadata__.*object of texts/],
    ["metadata that is a list", { __metadata__: ["a"] }, 0, /object of texts/],
    ["a header that is a list", "[]", 0, /header: text that begins with "\["/],
    ["a header that is not JSON", '{"w": ', 0, /header, line 1, column \d+: Not JSON/],
    ["a header of no bytes", "", 0, /header: text that begins with ""/],
  ];
  it.each(cases)("refuses %s", (_, header, dataBytes, message) => {
    let error: unknown;
    try {
      decodeSafetensors(file(header, dataBytes), "x");
    } catch (thrown) {
      error = thrown;
    }
    expect(KshotError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: "DATA", message: expect.stringMatching(message) });
  });

  it("refuses another kind of file by its impossible header", () => {
    expect(() => decodeSafetensors(Buffer.from("PK\u0003\u0004 and the rest of a zip file"), "x")).toThrow(
      /not a safetensors file/,
    );
  });
});

it.each<[string, number, number]>([
  ["F16", 0x3c00, 1],
  ["F16", 0xc000, -2],
  ["F16", 0x3555, 0.333251953125],
  ["F16", 0x0001, 2 ** -24],
  ["F16", 0x7bff, 65504],
  ["F16", 0xfc00, -Infinity],
  ["BF16", 0x3f80, 1],
  ["BF16", 0xc049, -3.140625],
  ["BF16", 0x0080, 2 ** -126],
])("reads %s %i as float32", (dtype, bits, value) => {
  const header = new TextEncoder().encode(JSON.stringify({ w: { dtype, shape: [1], data_offsets: [0, 2] } }));
  const bytes = new Uint8Array(8 + header.length + 2);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  view.setUint16(8 + header.length, bits, true);
  expect(decodeSafetensors(bytes, "m").tensors).toEqual([{ name: "w", shape: [1], values: Float32Array.of(value) }]);
});
