import type { Command, CommandContext } from "@stricli/core";
import { commandHelp, type Example } from "../terminal/help.js";

/** A command with examples, whose `--help` is written by `commandHelp`. */
export function withExamples(command: Command<CommandContext>, examples: readonly Example[]): Command<CommandContext> {
  const { brief, fullDescription = `${brief}.`, parameters } = command;
  return {
    ...command,
    formatHelp: ({ prefix }) => commandHelp(prefix.join(" "), { fullDescription, examples }, parameters),
  };
}
