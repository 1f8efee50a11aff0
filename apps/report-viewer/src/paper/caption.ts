import { fewShotOf, type Method, type Place, splitTitles, whole } from "@kshot/comparison";

/**
 * The caption below every exported figure: people, K and Q, window, data and version.
 *
 * @param title - of the figure.
 * @param version - of kshot; null: unknown.
 */
export function captionOf(
  title: string,
  { methods, place, version }: { methods: readonly Method[]; place: Place; version: string | null },
): string {
  const results = methods.flatMap(({ files }) => files.map((file) => file.results));
  const [first] = results;
  if (first === undefined) return `${title}.`;
  const people = fewShotOf(first, place)?.people.user.length;
  const prints = [...new Set(results.map(({ data }) => data.fingerprint.slice(0, 12)))].join(", ");
  const seeds = Math.max(...methods.map(({ files }) => files.length));
  return [
    `${title}.`,
    people === undefined ? "" : `n = ${whole(people)} ${splitTitles[place.split]},`,
    `${place.window} window, K = ${first.k}, Q = ${first.q}${seeds > 1 ? `, up to ${seeds} seeds` : ""};`,
    `data ${prints}${version === null ? "" : `; kshot ${version}`}.`,
  ]
    .filter(Boolean)
    .join(" ");
}
