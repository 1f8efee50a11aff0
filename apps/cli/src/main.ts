#!/usr/bin/env node
import { runCommandLine } from "./command-line.js";
import { allowMultiplyAdd } from "./multiply-add.js";

allowMultiplyAdd();
await runCommandLine(process.argv.slice(2));
