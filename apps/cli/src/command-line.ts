import { whole } from "@kshot/contract";
import { usageError } from "@kshot/contract/errors";
import { helpOfProgram } from "./program-help.js";

/** Largest number of words of a command line. The time to read them grows with the square of their number (19 s for 32,000). */
const mostWords = 10_000;

/**
 * Runs one command in this process. It writes to the standard streams and sets `process.exitCode`.
 *
 * @param typed the words after the program's name
 */
export async function runCommandLine(typed: readonly string[]): Promise<void> {
  if (typed.length > mostWords) {
    const error = usageError({
      where: "the command line",
      found: `${whole(typed.length)} words`,
      expected: `at most ${whole(mostWords)}`,
      todo: "Give long lists in a file or as a pattern: --history-file FILE, --input 'folder/*.csv'",
    });
    process.stderr.write(`kshot: ${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  const inputs = inputsOf(typed);
  if (inputs.length === 0 || (inputs.length === 1 && /^(--help|-h)$/.test(inputs[0]!))) {
    process.stdout.write(helpOfProgram());
    return;
  }
  // The library is loaded for commands only: the help of the program is shown without it.
  const { runApplication } = await import("./application.js");
  await runApplication(inputs, typed.includes("--debug"));
  process.exitCode = contractCode(Number(process.exitCode ?? 0));
}

/**
 * The typed words in the library's form. `pnpm start -- train` passes on the separator, and `--debug` is not a flag of a command:
 * both are removed. Words after another `--` are unchanged.
 */
export function inputsOf(typed: readonly string[]): string[] {
  const words = typed[0] === "--" ? typed.slice(1) : typed;
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const flags = words.slice(0, end).filter((word) => word !== "--debug");
  return [...flags.flatMap(shortened).map(asInCode), ...words.slice(end)];
}

/** The library's codes −4 and −5 (also seen as 252 and 251) mean wrong usage; its other negative codes mean failure. */
function contractCode(code: number): number {
  if (code === -4 || code === -5 || code === 252 || code === 251) return 2;
  return code < 0 ? 1 : code;
}

/** `--top-items 5` as `--topItems 5`: the library compares a mistyped name with the names in code. */
function asInCode(word: string): string {
  const [, name, value = ""] = /^--([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(=.*)?$/s.exec(word) ?? [];
  return name === undefined ? word : `--${name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())}${value}`;
}

/** `--k 5` and `--k=5` as `-k 5`: the library takes names of one letter only with one hyphen. */
function shortened(word: string): string[] {
  const match = /^--([a-z])(?:=(.*))?$/.exec(word);
  if (!match) return [word];
  return match[2] === undefined ? [`-${match[1]}`] : [`-${match[1]}`, match[2]];
}
