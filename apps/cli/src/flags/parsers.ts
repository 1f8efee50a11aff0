import { type AskedMetric, askedMetric, askedMetricForms, nearest, usageError } from "@kshot/contract";

/** A parser of one flag's value. The flag's name is added to its errors. */
export type Parser<T> = (input: string) => T;

/** A whole number from `least` to `most`: `500`, but not `5e2`, `0x1f4`, `five` or empty text. */
export function wholeNumber(least = 0, most = Number.MAX_SAFE_INTEGER): Parser<number> {
  return (input) => {
    const value = /^-?\d+$/.test(input) ? Number(input) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
      throw usageError({ found: `"${input}"`, expected: `a whole number ${range}` });
    }
    return value;
  };
}

/** A finite decimal number above `above` (or equal to it): `0.001`, `1e-3`. */
export function decimal(above?: number, { orEqual = false } = {}): Parser<number> {
  return (input) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(input) ? Number(input) : Number.NaN;
    if (!Number.isFinite(value) || (above !== undefined && (value < above || (value === above && !orEqual)))) {
      const range = above === undefined ? "" : orEqual ? ` of ${above} or more` : ` above ${above}`;
      throw usageError({ found: `"${input}"`, expected: `a number${range}` });
    }
    return value;
  };
}

/** A comma list, each entry by `parse`: `0,1,5`. */
export function commaList<T>(parse: Parser<T>, expected: string): Parser<T[]> {
  return (input) => {
    const entries = input.split(",").map((entry) => entry.trim());
    if (entries.some((entry) => entry === "")) {
      throw usageError({ found: `"${input}"`, expected: `${expected}, separated by commas` });
    }
    return entries.map(parse);
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): Parser<T> {
  return (input) => {
    const found = words.find((word) => word === input);
    if (found !== undefined) return found;
    const meant = nearest(input, words);
    throw usageError({
      found: `"${input}"`,
      expected: words.length > 2 ? `one of ${words.join(", ")}` : words.join(" or "),
      ...(meant === undefined ? {} : { todo: `Did you mean ${meant}?` }),
    });
  };
}

/** A metric by name: `recall@20`. */
export const metricNamed: Parser<AskedMetric> = (input) => {
  const metric = askedMetric(input);
  if (metric === undefined) {
    throw usageError({
      found: `"${input}"`,
      expected: `metrics among ${askedMetricForms}, with a whole K of 1 or more`,
    });
  }
  return metric;
};

/** Metrics by name: `accuracy@1,recall@20,coverage@10`. */
export const metricList = commaList(metricNamed, `metrics among ${askedMetricForms}`);

/** Idle seconds that end a session; null for `none`. */
export const sessionGap: Parser<number | null> = (input) => (input === "none" ? null : wholeNumber(1)(input));

/** An address: `node1:29400`, `192.0.2.7:29400`, `[::1]:29400`; port 0 is any free port. */
export const hostAndPort: Parser<string> = (input) => {
  const [, port] = /^(?:[^\s:[\]]+|\[[\da-fA-F:.%]+\]):(\d{1,5})$/.exec(input) ?? [];
  if (port !== undefined && Number(port) <= 65535) return input;
  throw usageError({ found: `"${input}"`, expected: "HOST:PORT, as node1:29400 or [::1]:29400" });
};

/** A seed of the random number generators. */
export const seed = wholeNumber(0, 4294967295);
