import type { DataSet, KshotErrorCode, KshotErrorParts } from "@kshot/contract";

/** What the reading thread is asked. */
export interface ReadRequest {
  readonly directory: string;
  readonly options: { readonly k: number; readonly q: number };
}

/** What it answers: the data, or what was wrong. */
export type ReadAnswer =
  | { readonly data: DataSet }
  | { readonly code: KshotErrorCode; readonly parts: KshotErrorParts }
  | { readonly message: string };

/** The memory of all columns, to be handed over instead of copied. */
export function buffersOf(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    if (buffer instanceof ArrayBuffer && !found.includes(buffer)) found.push(buffer);
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const own of Object.values(value)) buffersOf(own, found);
  }
  return found;
}
