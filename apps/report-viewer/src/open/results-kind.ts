/** The version of `kshot.results` that this page reads. */
export const current = 1;

/** The reason why this page cannot read a file with this `schema`; null if it can. */
export function otherKind(schema: unknown): string | null {
  const version = typeof schema === "string" ? /^kshot\.results\/(\d+)$/.exec(schema) : null;
  if (version === null) {
    const other = typeof schema === "string" ? `of the kind "${schema.slice(0, 60)}"` : "without a `schema`";
    return `is JSON ${other}, not a results file of kshot. Open files from a run's results/ folder, as metasgd_K5_Q10.json.`;
  }
  if (Number(version[1]) > current) {
    return `is of a newer kind (kshot.results/${version[1]}); this page reads kshot.results/${current}. Use the viewer of the kshot version that wrote it.`;
  }
  if (Number(version[1]) < current) {
    return `is of an older kind (kshot.results/${version[1]}); this page reads kshot.results/${current}. Train or evaluate again.`;
  }
  return null;
}
