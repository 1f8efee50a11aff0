import { askedMetricForms } from "@kshot/contract";
import type { CommandContext, TypedFlagParameter } from "@stricli/core";
import { metricList, oneOf, type Parser } from "./parsers.js";

/** Help texts of a flag, in addition to the parser's fields. */
export interface FlagHelp {
  /** The allowed words. */
  readonly values?: readonly string[];
  /** The behaviour without the flag, if it is not one of its values. */
  readonly unset?: string;
}

/** Definitions of a command's flags, one for each key of the flags' type. */
export type FlagsOf<FLAGS extends object> = {
  readonly [NAME in keyof FLAGS]-?: TypedFlagParameter<FLAGS[NAME], CommandContext> & FlagHelp;
};

/** A required flag. */
export function required<T>(placeholder: string, parse: Parser<T>, brief: string) {
  return { kind: "parsed", parse, placeholder, brief } as const;
}

/** An optional flag; `unset` describes the behaviour without it. */
export function optional<T>(placeholder: string, parse: Parser<T>, brief: string, unset?: string) {
  return {
    kind: "parsed",
    parse,
    optional: true,
    placeholder,
    brief,
    ...(unset === undefined ? {} : { unset }),
  } as const;
}

/** A flag with a default, as it would be typed. */
export function standard<T>(placeholder: string, parse: Parser<T>, value: string, brief: string) {
  return { kind: "parsed", parse, default: value, placeholder, brief } as const;
}

/** A flag that can be repeated; `unset` describes the behaviour without it. */
export function several<T>(placeholder: string, parse: Parser<T>, brief: string, unset?: string) {
  return { ...optional(placeholder, parse, brief, unset), variadic: true } as const;
}

/** A required flag that can be repeated. */
export function severalRequired<T>(placeholder: string, parse: Parser<T>, brief: string) {
  return { ...required(placeholder, parse, brief), variadic: true } as const;
}

/** A flag with one of a few words as its value. */
export function words<const T extends string>(values: readonly T[]) {
  return { kind: "parsed", parse: oneOf(values), placeholder: placeholderOf(values), values } as const;
}

/** An optional flag with one of a few words. */
export function optionalWords<const T extends string>(values: readonly T[], brief: string, unset: string) {
  return { ...words(values), optional: true, brief, unset } as const;
}

/** One of a few words, with a default. */
export function standardWords<const T extends string>(values: readonly T[], value: NoInfer<T>, brief: string) {
  return { ...words(values), default: value, brief } as const;
}

/** A flag without a value; off by default. */
export function toggle(brief: string) {
  return { kind: "boolean", default: false, withNegated: false, brief } as const;
}

/** A flag without a value that is undefined if it is not given. */
export function optionalToggle(brief: string) {
  return { kind: "boolean", optional: true, withNegated: false, brief } as const;
}

/** The text of `--anonymous`, in `train`, `evaluate` and `report`. */
export const anonymousBrief =
  "Remove from the results and the page: ids and items of single people, the command line, paths";

/** Metrics in addition to the usual five, or instead of them. */
export function metricsFlag(brief: string, unset: string) {
  return optional("LIST", metricList, `${brief}, of ${askedMetricForms}`, unset);
}

/** The words, if they are short enough for a column of the help. */
function placeholderOf(values: readonly string[]): string {
  const all = values.join("|");
  return all.length <= 24 ? all : "NAME";
}
