/**
 * A small WebAssembly assembler for the matrix kernel: code is a list of bytes, written with named instructions.
 *
 * Opcodes: WebAssembly core specification 2.0, section 5.4.
 */
export type Code = readonly number[];

/** Bytes of a float32. */
export const FLOAT_BYTES = 4;

const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;
type ValueType = keyof typeof valueType;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

/** Signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const simd = (opcode: number, ...immediates: number[]) => [0xfd, ...unsigned(opcode), ...immediates];
// Pointers are multiples of 4 only, so every access is declared as aligned to 4 bytes (log2 = 2).
const at = (offset: number) => [2, ...unsigned(offset)];

/** Instructions. An operand is code that leaves its value on the stack. */
export const wasm = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)],
  add: (a: Code, b: Code): Code => [...a, ...b, 0x6a],
  sub: (a: Code, b: Code): Code => [...a, ...b, 0x6b],
  mul: (a: Code, b: Code): Code => [...a, ...b, 0x6c],
  lessOrEqual: (a: Code, b: Code): Code => [...a, ...b, 0x4c],
  less: (a: Code, b: Code): Code => [...a, ...b, 0x48],

  /** `while (condition) body`. */
  loop: (condition: Code, body: Code): Code => [
    ...[0x02, 0x40, 0x03, 0x40], // block, loop
    ...[...condition, 0x45, 0x0d, 1], // leave the block unless the condition holds
    ...[...body, 0x0c, 0, 0x0b, 0x0b], // again; end, end
  ],

  f32Load: (address: Code, offset = 0): Code => [...address, 0x2a, ...at(offset)],
  f32Store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, ...at(offset)],
  f32Add: (a: Code, b: Code): Code => [...a, ...b, 0x92],
  f32Mul: (a: Code, b: Code): Code => [...a, ...b, 0x94],
  f32Zero: (): Code => [0x43, 0, 0, 0, 0],

  load: (address: Code, offset = 0): Code => [...address, ...simd(0x00, ...at(offset))],
  /** One float into all four lanes. */
  loadSplat: (address: Code, offset = 0): Code => [...address, ...simd(0x09, ...at(offset))],
  /** One float into lane 0, zeros into the others. */
  loadOne: (address: Code, offset = 0): Code => [...address, ...simd(0x5c, ...at(offset))],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...simd(0x0b, ...at(offset))],
  zero: (): Code => simd(0x0c, ...new Array<number>(16).fill(0)),
  lane: (vector: Code, lane: number): Code => [...vector, ...simd(0x1f, lane)],
  vectorAdd: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)],
  vectorMul: (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)],
} as const;

/** The code of `make(0) … make(count − 1)`, one after the other. */
export function repeat(count: number, make: (index: number) => Code): Code {
  return Array.from({ length: count }, (_, index) => make(index)).flat();
}

/** A function without result. All parameters are i32; `locals` has the number of further variables of each type, numbered in that order. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: number;
  readonly locals: readonly (readonly [ValueType, number])[];
  readonly body: Code;
}

/** The bytes of a module that imports the memory `env.memory` and exports the functions. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(new Array<number[]>(parameters).fill([valueType.i32])),
    0,
  ]);
  const memory = [...text("env"), ...text("memory"), 0x02, 0x00, ...unsigned(0)];
  const bodies = functions.map(({ locals, body }) => {
    const code = [...vector(locals.map(([type, count]) => [...unsigned(count), valueType[type]])), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([memory])),
    ...section(3, vector(functions.map((_, i) => unsigned(i)))),
    ...section(7, vector(functions.map(({ name }, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ]);
}

function section(id: number, content: Code): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly Code[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}
