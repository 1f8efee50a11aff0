import { KshotError } from "@kshot/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  commaList,
  decimal,
  hostAndPort,
  metricList,
  metricNamed,
  oneOf,
  type Parser,
  seed,
  sessionGap,
  wholeNumber,
} from "./parsers.js";

const words = ["first", "last", "__proto__"] as const;
const parsers: readonly (readonly [string, Parser<unknown>])[] = [
  ["wholeNumber", wholeNumber(1, 500)],
  ["decimal", decimal(0)],
  ["commaList", commaList(wholeNumber(), "whole numbers")],
  ["oneOf", oneOf(words)],
  ["metricNamed", metricNamed],
  ["metricList", metricList],
  ["sessionGap", sessionGap],
  ["hostAndPort", hostAndPort],
  ["seed", seed],
];

/** Text that is nearly an argument, and any other text. */
const typed = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "1",
        "0",
        "-",
        "+",
        ".",
        ",",
        "e",
        " ",
        "@",
        ":",
        "[",
        "]",
        "none",
        "mrr",
        "recall",
        "first",
        "\0",
        "９",
      ),
    )
    .map((parts) => parts.join("")),
);

/** The value of a parser; undefined if it refuses the text, which it says in one paragraph. */
function parsed<T>(parse: Parser<T>, input: string): T | undefined {
  try {
    return parse(input);
  } catch (error) {
    if (!KshotError.isInstance(error)) throw error;
    expect([error.code, error.parts.found.length > 0]).toEqual(["USAGE", true]);
    expect(`${error.parts.expected}`).not.toBe("undefined");
    return undefined;
  }
}

it.each(parsers)("%s reads any text or refuses it with what it expects", (_, parse) => {
  fc.assert(
    fc.property(typed, (input) => void parsed(parse, input)),
    { numRuns: 300 },
  );
});

it("a whole number is read as it is written, in its range alone", () => {
  const range = fc.tuple(fc.integer(), fc.integer()).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  fc.assert(
    fc.property(range, fc.maxSafeInteger(), ([least, most], far) => {
      for (const value of [least, most, far, least - 1, most + 1, Math.floor((least + most) / 2)]) {
        const inside = value >= least && value <= most;
        expect(parsed(wholeNumber(least, most), String(value))).toBe(inside ? value : undefined);
      }
    }),
  );
});

it("a decimal is read as JavaScript writes it, above its bound alone", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, (value, bound) => {
      expect(parsed(decimal(), String(value))).toBe(Number(String(value)));
      expect(parsed(decimal(bound), String(value)) !== undefined).toBe(Number(String(value)) > bound);
      expect(parsed(decimal(bound, { orEqual: true }), String(value)) !== undefined).toBe(
        Number(String(value)) >= bound,
      );
    }),
  );
});

it("a list has its entries, with blanks around the commas or without", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.constantFrom(",", ", ", " ,\t"), (values, between) => {
      const list = commaList(wholeNumber(), "whole numbers");
      expect(list(values.join(between))).toEqual(values);
      expect(parsed(list, `${values.join(between)},`)).toBeUndefined();
    }),
  );
});

it("a word is one of the words, and no other text is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...words), typed), (input) => {
      expect(parsed(oneOf(words), input)).toBe(words.find((word) => word === input));
    }),
  );
});

it("an address has a port of at most 65535", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((ip) => `[${ip}]`),
      ),
      fc.nat(99_999),
      (host, port) => {
        expect(parsed(hostAndPort, `${host}:${port}`)).toBe(port <= 65_535 ? `${host}:${port}` : undefined);
      },
    ),
  );
});
