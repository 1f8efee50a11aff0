/** Makes the host throw: memory cannot grow any further. */
@external("host", "outOfMemory")
declare function outOfMemory(bytes: f64): void;

const page: u64 = 65536;
/** A cache line: no two buffers share one. */
const alignment: u64 = 64;

/** Everything below stays allocated; everything above belongs to the current call. */
let floor: u64 = (u64(__heap_base) + alignment - 1) & ~(alignment - 1);
let top: u64 = floor;
/** The end of what `release` leaves. */
let held: u64 = floor;

/** `bytes` uninitialised bytes; valid until the next `release`. Memory grows as needed and is reused afterwards. */
export function allocate(bytes: usize): usize {
  const start = top;
  const end = (start + u64(bytes) + alignment - 1) & ~(alignment - 1);
  const held = u64(memory.size()) * page;
  if (end > held) {
    const missing = (end - held + page - 1) / page;
    if (end >= u64(1) << 32 || memory.grow(i32(missing)) < 0) {
      outOfMemory(f64(end));
      unreachable();
    }
  }
  top = end;
  return usize(start);
}

/** `allocate`, filled with zeros. */
export function allocateZeroed(bytes: usize): usize {
  const start = allocate(bytes);
  memory.fill(start, 0, bytes);
  return start;
}

/** Address of the next buffer, for `rewind`. */
export function mark(): u64 {
  return top;
}

/** Frees everything allocated since `mark`. */
export function rewind(to: u64): void {
  top = to;
}

/** Frees everything allocated since `keep`, or since `hold` if not `all`. */
export function release(all: bool): void {
  if (all) held = floor;
  top = held;
}

/** Keeps all current allocations until `release` of all. */
export function hold(): void {
  held = top;
}

/** Makes all current allocations permanent. */
export function keep(): void {
  floor = held = top;
}
