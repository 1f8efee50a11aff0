import { failedError } from "@kshot/contract";
import { builtInGolden, doctor } from "@kshot/experiment";
import type { DoctorFlags } from "../flags/doctor.js";
import { typedPath } from "../paths.js";
import { inColumns } from "../terminal/columns.js";
import { textProgress } from "../terminal/progress.js";

/** `kshot doctor`. */
export async function runDoctor(flags: DoctorFlags, ...more: string[]): Promise<void> {
  const named = [...(flags.golden ?? []), ...more].map(typedPath);
  const files = named.length === 0 ? [builtInGolden()] : named;
  const { device = "cpu" } = flags;
  const rows = await doctor({ files, device, progress: textProgress(process.stderr, () => performance.now()) });
  if (flags.json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  } else {
    const table = [
      ["engine", "backend", "file", "quantity", "relative error", "tolerance", ""],
      ...rows.map((row) => [
        row.engine,
        row.backend,
        row.file,
        row.quantity,
        row.relativeError.toExponential(2),
        row.tolerance.toExponential(0),
        row.ok ? "ok" : "FAILS",
      ]),
    ];
    process.stdout.write(inColumns(table));
  }
  const failing = rows.filter((row) => !row.ok);
  const [first] = failing;
  if (first !== undefined) {
    throw failedError({
      where: "doctor",
      found: `${failing.length} of ${rows.length} quantities are outside their tolerance, the first ${first.quantity} on ${first.engine}/${first.backend} for ${first.file}: ${first.relativeError.toExponential(2)}`,
      expected: `at most ${first.tolerance.toExponential(0)}`,
      todo: "Do not trust results of this engine on this machine",
    });
  }
}
