import { dataError, isRecord, isTextRecord, type KshotError, parseJson } from "@kshot/contract";
import { isLittleEndian, littleEndian } from "./encode-safetensors.js";
import {
  lengthBytes,
  maxHeaderBytes,
  metadataKey,
  type Safetensors,
  sizeOf,
  type Tensor,
  type TensorValues,
} from "./safetensors.js";

/** Bytes per value of the types that are read. */
const dtypes = { F64: 8, F32: 4, F16: 2, BF16: 2, I32: 4 } as const;
type Dtype = keyof typeof dtypes;

/** A tensor's position after checks; `begin` and `end` in bytes of the data. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file with F64, F32, F16, BF16 and I32 tensors. Other types are refused with an error that names the type.
 * F16 and BF16 are widened to float32, which represents all their values. The values are copied, so `bytes` may be reused.
 *
 * @param file name of the file in errors
 * @throws `DATA` for a file that is truncated or longer than its header says, an invalid header, or tensors that overlap, leave
 * gaps, exceed the data or do not fill their shape.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { metadata, places, dataStart } = decodeHead(bytes, bytes.length, file);
  return {
    tensors: places.map((place) => tensorFrom(place, bytes.subarray(dataStart + place.begin, dataStart + place.end))),
    metadata,
  };
}

/** Number of bytes of a file's head: its length field and header. @param bytes the first 8 bytes of the file, or more */
export function headBytes(bytes: Uint8Array, fileBytes: number, file: string): number {
  if (bytes.length < lengthBytes) {
    throw broken(file, `${fileBytes} bytes`, `at least ${lengthBytes}, the length of the header`);
  }
  const declared = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes)) {
    throw broken(file, `a header of ${declared} bytes`, `at most ${maxHeaderBytes}; this is not a safetensors file`);
  }
  const dataStart = lengthBytes + Number(declared);
  if (dataStart > fileBytes) {
    throw broken(file, `${fileBytes} bytes`, `at least ${dataStart}, header included; the file is cut off`);
  }
  return dataStart;
}

/** The content of a file's head, checked against the file's size. @param bytes the file's head, or more of the file */
export function decodeHead(
  bytes: Uint8Array,
  fileBytes: number,
  file: string,
): { readonly metadata: Record<string, string>; readonly places: readonly TensorPlace[]; readonly dataStart: number } {
  const dataStart = headBytes(bytes, fileBytes, file);
  const header = readHeader(bytes.subarray(lengthBytes, dataStart), file);
  const metadata = readMetadata(header[metadataKey], file);
  const places = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => readEntry(name, value, file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of places) {
    if (begin !== at) {
      const what = begin < at ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
      throw broken(`${file}, tensor ${name}`, `data_offsets [${begin}, ${end}], which ${what}`, `a start at ${at}`);
    }
    at = end;
  }
  if (dataStart + at !== fileBytes) {
    const what = dataStart + at > fileBytes ? "the file is cut off" : "the file has bytes that belong to no tensor";
    throw broken(file, `${fileBytes} bytes`, `${dataStart + at}, as its header says; ${what}`);
  }
  return { metadata, places, dataStart };
}

function readHeader(bytes: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw broken(`${file}, header`, "bytes that are not text", "JSON in UTF-8", cause);
  }
  if (!text.startsWith("{")) {
    throw broken(`${file}, header`, `text that begins with ${JSON.stringify(text.slice(0, 1))}`, 'a "{"');
  }
  return parseJson(text, `${file}, header`) as Record<string, unknown>;
}

function readMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isTextRecord(value)) {
    throw broken(`${file}, ${metadataKey}`, JSON.stringify(value).slice(0, 80), "an object of texts");
  }
  return value;
}

function readEntry(name: string, value: unknown, file: string): TensorPlace {
  const where = `${file}, tensor ${name}`;
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== "string" || !Object.hasOwn(dtypes, dtype)) {
    throw broken(where, `dtype ${JSON.stringify(dtype)}`, "F64, F32, F16, BF16 or I32");
  }
  if (!isCounts(shape)) throw broken(where, `shape ${JSON.stringify(shape)}`, "a list of integers of 0 or more");
  const [begin, end, ...more] = isCounts(offsets) ? offsets : [];
  if (begin === undefined || end === undefined || more.length > 0 || end < begin) {
    throw broken(where, `data_offsets ${JSON.stringify(offsets)}`, "[begin, end] in bytes");
  }
  const size = sizeOf(shape) * dtypes[dtype as Dtype];
  if (end - begin !== size) {
    throw broken(where, `${end - begin} bytes`, `${size}, shape [${shape.join(", ")}] of ${dtype}`);
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
}

/** A tensor from its bytes in a file; the values are copied. */
export function tensorFrom({ name, dtype, shape }: TensorPlace, bytes: Uint8Array): Tensor {
  const values = emptyValues(dtype, sizeOf(shape));
  if (isLittleEndian && isStored(dtype)) {
    littleEndian(values).set(bytes);
    return { name, shape, values };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = dtypes[dtype];
  for (let i = 0, at = 0; i < values.length; i++, at += width) values[i] = readers[dtype](view, at);
  return { name, shape, values };
}

/** Whether values are stored in the type that they are computed with. */
export function isStored(dtype: TensorPlace["dtype"]): boolean {
  return dtype === "F64" || dtype === "F32" || dtype === "I32";
}

/** Empty array for the values of a tensor. */
export function emptyValues(dtype: TensorPlace["dtype"], size: number): TensorValues {
  return dtype === "F64" ? new Float64Array(size) : dtype === "I32" ? new Int32Array(size) : new Float32Array(size);
}

const readers: Readonly<Record<Dtype, (view: DataView, at: number) => number>> = {
  F64: (view, at) => view.getFloat64(at, true),
  F32: (view, at) => view.getFloat32(at, true),
  F16: (view, at) => ofHalf(view.getUint16(at, true)),
  BF16: (view, at) => ofBrainFloat(view.getUint16(at, true)),
  I32: (view, at) => view.getInt32(at, true),
};

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function ofHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function ofBrainFloat(bits: number): number {
  word.setUint32(0, bits * 0x10000);
  return word.getFloat32(0);
}

/** The error of a file that is damaged. */
export function broken(where: string, found: string, expected: string, cause?: unknown): KshotError {
  return dataError({ where, found, expected, todo: "Write the file again, or use another copy of it", cause });
}
