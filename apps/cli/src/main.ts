#!/usr/bin/env node
// The load is in a try, so that a lack of memory or of open files is reported as a paragraph too.
try {
  await import("./start.js");
} catch (cause) {
  const { cannotStart } = await import("./cannot-start.js");
  process.stderr.write(cannotStart(cause));
  process.exitCode = 1;
}
