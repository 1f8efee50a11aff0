import { failedError, usageError } from "@kshot/contract";
import { lengthBytes, maxHeaderBytes, metadataKey, sizeOf, type Tensor, type TensorValues } from "./safetensors.js";

/** A file's head (length and header), and its tensors in the order of their data. */
export interface LaidOut {
  readonly head: Uint8Array;
  readonly ordered: readonly Tensor[];
}

/**
 * Encodes tensors as a safetensors file: the header's length as u64, the header as JSON padded with spaces to a multiple of 8
 * bytes, and the data without gaps, all little-endian. The same arguments give the same bytes. F64 tensors are stored before F32
 * and I32 ones, so that each is aligned; otherwise the order is kept. Format: huggingface/safetensors, README, "Format".
 *
 * @throws `USAGE` for a duplicate or reserved name, an invalid shape, or values that do not fill their shape; `FAILED` for a
 * header that is too long to be read again.
 * @example
 * ```js
 * import { decodeSafetensors, encodeSafetensors } from "@kshot/store";
 *
 * const bytes = encodeSafetensors([{ name: "fc.bias", shape: [2], values: Float32Array.of(1, 2) }], { note: "hello" });
 * const { tensors, metadata } = decodeSafetensors(bytes, "tensors.safetensors");
 * console.log(tensors[0].values, metadata.note); // Float32Array(2) [ 1, 2 ] hello
 * ```
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { head, ordered } = layOut(tensors, metadata);
  const bytes = new Uint8Array(head.length + ordered.reduce((sum, { values }) => sum + values.byteLength, 0));
  bytes.set(head);
  let at = head.length;
  for (const { values } of ordered) {
    bytes.set(littleEndian(values), at);
    at += values.byteLength;
  }
  return bytes;
}

/** The head of a safetensors file and the order of its tensors. @throws as `encodeSafetensors`. */
export function layOut(tensors: readonly Tensor[], metadata: Readonly<Record<string, string>>): LaidOut {
  const names = new Set<string>();
  for (const tensor of tensors) {
    checkTensor(tensor);
    if (names.has(tensor.name)) throw refused(tensor, "a name that another tensor has", "each name once");
    names.add(tensor.name);
  }
  const ordered = [
    ...tensors.filter(({ values }) => values instanceof Float64Array),
    ...tensors.filter(({ values }) => !(values instanceof Float64Array)),
  ];
  // Written entry by entry: an object would move names that look like integers to the front.
  const entries: string[] = [];
  if (Object.keys(metadata).length > 0) entries.push(`"${metadataKey}":${JSON.stringify(metadata)}`);
  let offset = 0;
  for (const { name, shape, values } of ordered) {
    const dtype = values instanceof Float64Array ? "F64" : values instanceof Float32Array ? "F32" : "I32";
    const entry = { dtype, shape, data_offsets: [offset, (offset += values.byteLength)] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > maxHeaderBytes) {
    throw failedError({
      where: "safetensors, header",
      found: `${headerBytes} bytes; not written`,
      expected: `at most ${maxHeaderBytes}: a longer header cannot be read`,
      todo: "Shorten item names and titles",
    });
  }
  const head = new Uint8Array(lengthBytes + headerBytes).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(header, lengthBytes);
  return { head, ordered };
}

/** Whether this machine is little-endian, as the file format. */
export const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A tensor's values as its bytes in a file: a view of them, or a copy where this machine is big-endian. */
export function littleEndian(values: TensorValues): Uint8Array {
  if (isLittleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  for (let i = 0, at = 0; i < values.length; i++, at += values.BYTES_PER_ELEMENT) {
    if (values instanceof Float64Array) view.setFloat64(at, values[i]!, true);
    else if (values instanceof Float32Array) view.setFloat32(at, values[i]!, true);
    else view.setInt32(at, values[i]!, true);
  }
  return bytes;
}

function checkTensor(tensor: Tensor): void {
  const { name, shape, values } = tensor;
  if (name === metadataKey) throw refused(tensor, "a reserved name", "another name");
  if (!shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0)) {
    throw refused(tensor, `shape [${shape.join(", ")}]`, "integers of 0 or more");
  }
  if (values.length !== sizeOf(shape)) {
    throw refused(tensor, `${values.length} values`, `${sizeOf(shape)}, shape [${shape.join(", ")}]`);
  }
}

function refused({ name }: Tensor, found: string, expected: string) {
  return usageError({ where: `safetensors, tensor ${name}`, found, expected });
}
