/**
 * Changes some bytes of a file: flips bits, cuts, repeats, swaps, and writes numbers and texts that are difficult for readers.
 *
 * @param {Buffer} bytes
 * @param {() => number} random in [0, 1)
 * @returns {Buffer}
 */
export function mutate(bytes, random) {
  let now = Buffer.from(bytes);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) now = mutateOnce(now, random);
  return now;
}

const below = (n, random) => Math.floor(random() * n);
const texts = [
  ...[
    "__proto__",
    "constructor",
    "\0",
    "\u{feff}",
    "\x1b[2J",
    "\u202e",
    "null",
    "NaN",
    "1e999",
    "-0",
    "[[[[[[[[",
    '{"a":',
    '""',
  ],
  ...[
    "../../victim",
    "/etc/passwd",
    "9007199254740993",
    "-1",
    "4294967296",
    "true",
    "\r\n",
    ";",
    "\t",
    '"',
    "\ud800",
    "'); DROP",
  ],
];
const words = [0, 1, 0x7f, 0xff, 0x7fffffff, 0xffffffff, 0x80000000, 0xfffffffe];

function mutateOnce(bytes, random) {
  const at = below(bytes.length, random);
  const length = 1 + below(Math.min(64, bytes.length - at), random);
  switch (below(9, random)) {
    case 0:
    case 1:
      bytes[at] ^= 1 << below(8, random);
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(texts[below(texts.length, random)]),
        bytes.subarray(at),
      ]);
    case 6:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(words[below(words.length, random)], at);
      return bytes;
    case 7: {
      // A number in a text.
      const text = bytes.toString("latin1");
      const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
      if (numbers.length === 0) return bytes;
      const found = numbers[below(numbers.length, random)];
      const other = texts[below(texts.length, random)];
      return Buffer.from(text.slice(0, found.index) + other + text.slice(found.index + found[0].length), "latin1");
    }
    default:
      for (let i = at; i < at + length; i++) bytes[i] = below(256, random);
      return bytes;
  }
}
