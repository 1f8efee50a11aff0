import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kshotProcess, temporaryFolder } from "./kshot.js";

it.each([
  [["--", "train", "--help"], 0, /^USAGE/, /^$/],
  [[], 0, /^USAGE/, /^$/],
  [["trian"], 2, /^$/, /^kshot: trian: no such command/],
  [["train", "--k=0"], 2, /^$/, /^kshot: --k: "0"/],
  [["inspect", "nowhere"], 3, /^$/, /^kshot: .*nowhere: no such file/],
  [["inspect", "nowhere", "--debug"], 3, /^$/, /\n {4}at /],
  [["doctor", "--golden", "broken.json"], 3, /^$/, /^kshot: .*broken\.json/],
])("a process of kshot %j ends with code %i, results on stdout, messages on stderr", (args, status, stdout, stderr) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "broken.json"), "{");
  const done = kshotProcess(args, folder);
  expect(done.stdout).toMatch(stdout);
  expect(done.stderr).toMatch(stderr);
  expect(done.status).toBe(status);
});
