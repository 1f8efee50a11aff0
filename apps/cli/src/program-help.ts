import { commandNames, commandTable } from "./command-table.js";
import { type HelpText, programHelp } from "./terminal/help.js";

const docs: HelpText = {
  fullDescription:
    "Learns to recommend from a person's first five clicks: a GRU predicts the next item, and Meta-SGD learns its initial weights and one inner learning rate per weight.",
  examples: [
    ["kshot train", "the built-in demo: trains, evaluates, compares"],
    ["kshot prepare --input events.csv --user user_id --item course_id --time timestamp --out data"],
    ["kshot train --data data", "the default settings on your data"],
    ["kshot doctor", "checks this machine's numbers"],
  ],
};

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad data or file, 130 interrupted.";

/** Name and one line of every command, in the order of the help. */
export const commandBriefs = commandNames.map((name) => ({ name, brief: commandTable[name]?.brief ?? "" }));

/** The help of the program. */
export function helpOfProgram(): string {
  return programHelp("kshot", docs, commandBriefs, exitCodes);
}
