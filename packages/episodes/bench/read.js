/**
 * Seconds to read, check and index a data folder of the original's size: about 213,000 train pairs and 66,000 train episodes.
 *
 *   node bench/read.js [--users 37000] [--runs 5]
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  campusCsv,
  campusOptions,
  createCampus,
  dataFolderFiles,
  prepareEvents,
  readDataFolder,
} from "../dist/index.js";

const { values } = parseArgs({
  options: { users: { type: "string", default: "37000" }, runs: { type: "string", default: "5" } },
});
const folder = await mkdtemp(join(tmpdir(), "kshot-bench-"));
try {
  const campus = createCampus(campusOptions({ dataSeed: 42, users: Number(values.users) }));
  const events = join(folder, "events.csv");
  await writeFile(events, campusCsv(campus));
  const data = await prepareEvents({
    inputs: [events],
    columns: { user: "user", item: "item", time: "time" },
    sessionGap: 1800,
    maxPrefix: 50,
    split: [0.6, 0.2, 0.2],
    k: 5,
    q: 10,
    dataSeed: 42,
  });
  for (const [path, content] of dataFolderFiles(data, {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  console.log(`train: ${data.train.pairs.length} pairs, ${data.train.episodes.length} episodes`);
  const seconds = [];
  for (let run = 0; run < Number(values.runs); run++) {
    const start = performance.now();
    const read = await readDataFolder(folder, { k: 5, q: 10 });
    seconds.push((performance.now() - start) / 1000);
    if (read.fingerprint !== data.fingerprint) throw new Error("the read data differ from the written data");
  }
  seconds.sort((a, b) => a - b);
  console.log(
    `read: median ${seconds[seconds.length >> 1].toFixed(2)} s, from ${seconds[0].toFixed(2)} to ${seconds.at(-1).toFixed(2)} s`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
