/** The pieces of a file as one array. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array> | Uint8Array | string): Promise<Uint8Array> {
  if (pieces instanceof Uint8Array) return pieces;
  if (typeof pieces === "string") return new TextEncoder().encode(pieces);
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece.slice());
  return Buffer.concat(all);
}
