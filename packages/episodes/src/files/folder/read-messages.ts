import type { DataSet, KshotErrorCode, KshotErrorParts } from "@kshot/contract";

/** Request to the reading thread. */
export interface ReadRequest {
  readonly directory: string;
  readonly options: { readonly k: number; readonly q: number };
}

/** Its answer: the data, or the error. */
export type ReadAnswer =
  | { readonly data: DataSet }
  | { readonly code: KshotErrorCode; readonly parts: KshotErrorParts }
  | { readonly message: string };

/** The buffers of all columns, for transfer instead of copying. */
export function buffersOf(value: unknown, found: ArrayBuffer[] = []): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    const { buffer } = value;
    if (buffer instanceof ArrayBuffer && !found.includes(buffer)) found.push(buffer);
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const own of Object.values(value)) buffersOf(own, found);
  }
  return found;
}
