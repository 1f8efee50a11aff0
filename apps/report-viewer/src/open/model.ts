import { KshotError, messageOf } from "@kshot/contract";
import { openRecommender, type Recommender } from "@kshot/recommend";
import { signal } from "@preact/signals";

/** A model that the page computes with. */
export interface OpenedModelFile {
  readonly name: string;
  readonly recommender: Recommender;
}

/** The model to try; null if there is none. */
export const model = signal<OpenedModelFile | null>(null);

/** The model in the page's data before it is opened. */
export const waiting = signal<{ readonly name: string; readonly bytes: string } | null>(null);

/** Whether a file is one of a model, by its name. */
export const isModelFile = (name: string): boolean => /\.safetensors$/i.test(name);

/**
 * Opens a model's file in the page.
 *
 * @returns a paragraph about the problem; null if it opened.
 */
export async function openModelFile(name: string, bytes: Uint8Array): Promise<string | null> {
  try {
    const recommender = await openRecommender(bytes);
    model.value?.recommender.close();
    model.value = { name, recommender };
    waiting.value = null;
    return null;
  } catch (error) {
    return `${name}: ${KshotError.isInstance(error) ? error.message : `cannot be opened (${messageOf(error)}).`}`;
  }
}

/** Opens the model in the page's data. */
export async function openWaiting(): Promise<string | null> {
  const own = waiting.value;
  if (own === null) return null;
  waiting.value = null;
  const text = atob(own.bytes);
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return openModelFile(own.name, bytes);
}

/** Reads the model from its element of the page: `{name, bytes}`, the bytes in base64. */
export function findModel(text: string): void {
  if (text === "") return;
  const { name, bytes } = JSON.parse(text) as Partial<Record<string, unknown>>;
  if (typeof name === "string" && typeof bytes === "string") waiting.value = { name, bytes };
}
