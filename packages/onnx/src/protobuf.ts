/** A field of a protocol buffer message: its number and its value. Undefined values are left out. */
export type Field = readonly [number: number, value: Value | undefined];

/** An integer (int64, int32 or enum), text, bytes, or a message. */
export type Value = number | string | Uint8Array | readonly Field[];

const varint = 0;
const lengthDelimited = 2;
const encoder = new TextEncoder();

/**
 * Encodes one message in the wire format of Protocol Buffers, fields in the given order. Only what ONNX needs: varints and
 * length-delimited fields. Source: protobuf.dev, "Encoding".
 *
 * @param fields integers must be from 0 to 2⁵³ − 1
 */
export function encodeMessage(fields: readonly Field[]): Uint8Array {
  const message = new Uint8Array(sizeOf(fields));
  write(fields, message, 0);
  return message;
}

function sizeOf(fields: readonly Field[]): number {
  let size = 0;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    size += varintSize(number * 8);
    if (typeof value === "number") size += varintSize(value);
    else {
      const length = lengthOf(value);
      size += varintSize(length) + length;
    }
  }
  return size;
}

function lengthOf(value: Exclude<Value, number>): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === "string" ? encoder.encode(value).length : sizeOf(value);
}

function write(fields: readonly Field[], into: Uint8Array, start: number): number {
  let at = start;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    if (typeof value === "number") {
      at = writeVarint(number * 8 + varint, into, at);
      at = writeVarint(value, into, at);
      continue;
    }
    at = writeVarint(number * 8 + lengthDelimited, into, at);
    at = writeVarint(lengthOf(value), into, at);
    if (value instanceof Uint8Array) into.set(value, at);
    else if (typeof value === "string") into.set(encoder.encode(value), at);
    else write(value, into, at);
    at += lengthOf(value);
  }
  return at;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

function writeVarint(value: number, into: Uint8Array, start: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) into[at++] = (rest % 128) + 128;
  into[at++] = rest;
  return at;
}
