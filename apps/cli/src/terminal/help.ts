import type { Command, CommandContext } from "@stricli/core";
import { inKebab } from "../flags/as-typed.js";
import type { FlagHelp } from "../flags/flag.js";
import { wrapped } from "./wrap.js";

/** An example command, and its effect. */
export type Example = readonly [typed: string, does?: string];

/** Texts of a help page other than the flags. */
export interface HelpText {
  readonly fullDescription: string;
  readonly examples: readonly Example[];
}

/** Columns of a help page, and the column in which a flag's text starts. */
const width = 100;
const textColumn = 30;

type Parameters = Command<CommandContext>["parameters"];

/** `--help` of a command, at most 100 columns wide: usage, description, examples, and each flag with its words and default. */
export function commandHelp(prefix: string, { fullDescription, examples }: HelpText, parameters: Parameters): string {
  const flags = Object.entries(parameters.flags ?? {}) as [string, Shown][];
  const needed = flags
    .filter(([, flag]) => flag.kind !== "boolean" && !flag.optional && flag.default === undefined)
    .map(([name, flag]) => `--${inKebab(name)} ${flag.placeholder}`);
  const { positional } = parameters;
  const operands = operandsOf(positional);
  const usage = [
    ...[prefix, ...needed],
    ...(flags.length > needed.length ? ["[flags]"] : []),
    ...operands.map(({ name, needed }) => (needed ? name : `[${name}]`)),
  ];
  const rows: [string, string][] = [
    ...operands.map(({ name, brief }): [string, string] => [name, `${brief}.`]),
    ...flags.map(([name, flag]): [string, string] => [flagColumn(name, flag), flagText(flag)]),
    ["-h, --help", "Show this text."],
  ];
  return page([
    section(
      "USAGE",
      [usage.join(" ")].flatMap((line) => wrapped(line, width - 2, "    ")),
    ),
    wrapped(fullDescription, width),
    section("EXAMPLES", exampleLines(examples)),
    section(
      "FLAGS",
      rows.flatMap(([left, right]) => row(left, right)),
    ),
  ]);
}

interface Operand {
  readonly name: string;
  readonly brief: string;
  readonly needed: boolean;
}

/** The operands of a command: one each, or any number of one kind (`FILE…`). */
function operandsOf(positional: Parameters["positional"]): Operand[] {
  if (positional === undefined) return [];
  const name = (placeholder: string | undefined) => placeholder ?? "ARG";
  if (positional.kind === "array") {
    const { parameter, minimum = 0 } = positional;
    return [{ name: `${name(parameter.placeholder)}…`, brief: parameter.brief, needed: minimum > 0 }];
  }
  return positional.parameters.map(({ placeholder, brief, optional }) => ({
    name: name(placeholder),
    brief,
    needed: optional !== true,
  }));
}

/** `--help` of the program: its commands, each with its line. */
export function programHelp(
  name: string,
  { fullDescription, examples }: HelpText,
  commands: readonly { readonly name: string; readonly brief: string }[],
  closing: string,
): string {
  return page([
    section("USAGE", [`${name} COMMAND [flags]`]),
    wrapped(fullDescription, width),
    section("EXAMPLES", exampleLines(examples)),
    section(
      "COMMANDS",
      commands.map((command) => `${command.name.padEnd(11)}${command.brief}`),
    ),
    section("FLAGS", [
      ...row("-h, --help", "Show this text; `kshot COMMAND --help` shows a command's flags."),
      ...row("-v, --version", "Show the version."),
      ...row("--debug", "Show the stack of an error."),
    ]),
    wrapped(closing, width),
  ]);
}

/** The fields of a flag's definition of any kind. */
interface Shown extends FlagHelp {
  readonly kind: string;
  readonly brief: string;
  readonly optional?: boolean;
  readonly variadic?: boolean | string;
  readonly default?: unknown;
  readonly placeholder?: string;
}

function flagColumn(name: string, { kind, placeholder, variadic }: Shown): string {
  const value = kind === "boolean" ? "" : ` ${placeholder ?? "VALUE"}${variadic ? "…" : ""}`;
  return `--${inKebab(name)}${value}`;
}

/** The flag's sentence, then its words if the left column does not show them, then its default. */
function flagText({ kind, brief, placeholder, values, unset, default: value }: Shown): string {
  const standard = unset ?? (kind === "boolean" || value === undefined ? undefined : String(value));
  return [
    /[.!?]$/.test(brief) ? brief : `${brief}.`,
    ...(values === undefined || placeholder === values.join("|")
      ? []
      : [`One of ${values.join(", ")}.`.replace("One", placeholder === "LIST" ? "Some" : "One")]),
    ...(standard === undefined ? [] : [`Default: ${standard}.`]),
  ].join(" ");
}

function row(left: string, right: string): string[] {
  const lines = wrapped(right, width - 2 - textColumn);
  const sameLine = left.length + 2 <= textColumn;
  const indent = " ".repeat(textColumn);
  return sameLine
    ? lines.map((line, i) => (i === 0 ? left.padEnd(textColumn) : indent) + line)
    : [left, ...lines.map((line) => indent + line)];
}

/** Examples with their effect in a second column if it fits; otherwise on the line above. */
function exampleLines(examples: readonly Example[]): string[] {
  const column = 2 + Math.max(0, ...examples.filter(([, does]) => does !== undefined).map(([typed]) => typed.length));
  return examples.flatMap(([typed, does]) =>
    does === undefined
      ? wrapped(typed, width - 6, "    ").map((line, i, all) => (i < all.length - 1 ? `${line} \\` : line))
      : [`${typed.padEnd(column)}${does}`],
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)];
}

function page(parts: readonly (readonly string[])[]): string {
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
