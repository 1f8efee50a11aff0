/** The bytes of a text of hexadecimal digits in lower case, two for each byte. */
export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  // In Node: the loop, which is not compiled yet when it runs, takes 8 ms for the kernels.
  if (globalThis.Buffer !== undefined) return new Uint8Array(globalThis.Buffer.from(hex, "hex"));
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = 16 * digit(hex.charCodeAt(2 * i)) + digit(hex.charCodeAt(2 * i + 1));
  }
  return bytes;
}

/** "0" to "9" are 48 to 57, "a" to "f" 97 to 102. */
function digit(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
