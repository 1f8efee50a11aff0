import fc from "fast-check";
import { expect, it } from "vitest";
import { KshotError } from "../errors.js";
import { parseJson } from "../parse-json.js";
import { parseFile, titlesSchema, vocabularySchema } from "./index.js";

const file = "course2id.json";
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "1", "\0", "\u202e", "\ud800"),
);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 12 });

/** The text of a JSON object with these entries: `JSON.stringify` would lose `__proto__` and the order of numbers. */
const textOf = (entries: readonly (readonly [string, unknown])[]) =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
const read = (text: string) => parseFile(vocabularySchema, parseJson(new TextEncoder().encode(text), file), file);

it("a vocabulary of any names has the number of each, in any order of the file", () => {
  fc.assert(
    fc.property(
      names.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        const found = read(textOf(shuffled.map((own) => [own, list.indexOf(own)])));
        expect(new Map(found)).toEqual(new Map(list.map((own, i) => [own, i])));
      },
    ),
  );
});

it("numbers that are not 0 to n − 1, each once, are refused", () => {
  const number = fc.integer({ min: -1, max: 13 });
  const wrong = fc.oneof({ weight: 4, arbitrary: number }, fc.double(), fc.string(), fc.constantFrom(null, []));
  fc.assert(
    fc.property(names, fc.nat(), wrong, (list, at, value) => {
      const place = at % list.length;
      if (Object.is(value, place)) return;
      const entries = list.map((own, i) => [own, i === place ? value : i] as const);
      // −0 is written as 0.
      if (JSON.stringify(value) === String(place)) return;
      try {
        read(textOf(entries));
      } catch (error) {
        if (!KshotError.isInstance(error)) throw error;
        expect([error.code, error.message.startsWith(`${file}: `) || error.message.startsWith(`${file}, `)]).toEqual([
          "DATA",
          true,
        ]);
        return;
      }
      expect.unreachable(`accepted ${textOf(entries)}`);
    }),
    { numRuns: 500 },
  );
});

it("titles have the name that was written, for any item", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.string({ unit: "binary" })), { selector: ([own]) => own }), (list) => {
      const found = parseFile(
        titlesSchema,
        parseJson(new TextEncoder().encode(textOf(list)), "titles.json"),
        "titles.json",
      );
      expect(new Map(found)).toEqual(new Map(list));
    }),
  );
});
