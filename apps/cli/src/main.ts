#!/usr/bin/env node
// Loaded in a try, so that a machine without memory or open files for the program itself gets a paragraph too.
try {
  await import("./start.js");
} catch (cause) {
  const { cannotStart } = await import("./cannot-start.js");
  process.stderr.write(cannotStart(cause));
  process.exitCode = 1;
}
