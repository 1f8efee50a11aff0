import { usageError } from "@kshot/contract";
import { lengthBytes, metadataKey, sizeOf, type Tensor } from "./safetensors.js";

/**
 * Tensors as a safetensors file: the header's length as u64, the header as JSON padded with spaces to a multiple of 8 bytes,
 * the data without gaps, all little-endian. The same arguments give the same bytes; F64 tensors stand before F32 and I32 ones, so
 * that each is aligned, and otherwise the order is kept. Format: huggingface/safetensors, README, "Format".
 *
 * @throws `USAGE` for a name twice or reserved, a shape that is none, or values that do not fill their shape.
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
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

  // Written entry by entry: an object would move names that look like numbers to the front.
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

  const bytes = new Uint8Array(lengthBytes + headerBytes + offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, lengthBytes + headerBytes);
  let at = lengthBytes + headerBytes;
  for (const { values } of ordered) {
    for (let i = 0; i < values.length; i++, at += values.BYTES_PER_ELEMENT) {
      if (values instanceof Float64Array) view.setFloat64(at, values[i]!, true);
      else if (values instanceof Float32Array) view.setFloat32(at, values[i]!, true);
      else view.setInt32(at, values[i]!, true);
    }
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
