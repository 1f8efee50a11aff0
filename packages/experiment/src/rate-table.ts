import type { RateAnalysis } from "@kshot/contract/schemas";

/**
 * The learned rates as the notebook prints them (cell 07c-09): mean, unbiased standard deviation, least and greatest α of each
 * tensor, then what the layers say of its hypothesis, that tastes (the embeddings) adapt faster than dynamics (the GRU).
 */
export function rateTable(rates: RateAnalysis): string {
  const names = Object.keys(rates);
  const width = Math.max("Learned rates".length, ...names.map((name) => name.length));
  const line = (name: string, values: readonly string[]) =>
    `${name.padEnd(width)}${values.map((value) => value.padStart(11)).join("")}`;
  const head = line("Learned rates", ["mean α", "std α", "min α", "max α"]);
  const rule = "─".repeat(head.length);
  const rows = names.map((name) => {
    const { mean, std, min, max } = rates[name]!;
    return line(name, [mean.toFixed(6), std === null ? "–" : std.toFixed(6), min.toFixed(6), max.toFixed(6)]);
  });
  return [rule, head, rule, ...rows, rule, ...rateInsights(rates).map((insight) => `${insight}.`)].join("\n");
}

/** What the means of the layers say of the notebook's hypothesis; empty where a layer is missing. */
export function rateInsights(rates: RateAnalysis): string[] {
  const [embedding, gru, output] = ["embedding.weight", "gru.weight_hh_l0", "fc.weight"].map(
    (name) => rates[name]?.mean,
  );
  if (embedding === undefined || gru === undefined || output === undefined) return [];
  const [fast, slow] =
    embedding > gru ? ["faster", "as the notebook expected"] : ["slower", "against what the notebook expected"];
  return [
    `Embeddings adapt ${fast} than the GRU's hidden weights (mean α ${embedding.toFixed(4)} and ${gru.toFixed(4)}), ${slow}; the output layer's is ${output.toFixed(4)}`,
  ];
}
