import { usageError } from "@kshot/contract";

/** A model that is served. */
export interface ModelFileChoice {
  /** Its name in requests. */
  readonly name: string;
  /** Path of its file. */
  readonly file: string;
}

/**
 * Reads `[NAME=]FILE` as on the command line. The default name of a model is its file name without folder and extension.
 *
 * @throws `USAGE` for no model, an empty name or file, or a duplicate name.
 */
export function namedModels(texts: readonly string[]): ModelFileChoice[] {
  const models = texts.map((text): ModelFileChoice => {
    const [, name, file] = /^(?:([\w.-]+)=)?(.*)$/s.exec(text) ?? [];
    if (file === undefined || file === "") {
      throw usageError({ where: "--model", found: JSON.stringify(text), expected: "FILE or NAME=FILE" });
    }
    return { name: name ?? (file.split(/[\\/]/).at(-1) ?? file).replace(/\.safetensors$/, ""), file };
  });
  if (models.length === 0) throw usageError({ where: "--model", found: "no model", expected: "at least one" });
  for (const [i, { name }] of models.entries()) {
    if (models.findIndex((other) => other.name === name) < i) {
      throw usageError({
        where: "--model",
        found: `two models called ${JSON.stringify(name)}`,
        expected: "each name once",
        todo: "Name them with NAME=FILE",
      });
    }
  }
  return models;
}
