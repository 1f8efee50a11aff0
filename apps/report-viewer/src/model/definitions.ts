/** The definition of a method's name; undefined for an unknown name. */
export function methodDefinition(algorithm: string): string | undefined {
  return Object.hasOwn(methodDefinitions, algorithm) ? methodDefinitions[algorithm] : undefined;
}

const methodDefinitions: Readonly<Record<string, string>> = {
  "meta-sgd": "Meta-SGD (Li et al., 2017): learns the initial weights and a separate inner rate α for every parameter",
  maml: "MAML (Finn et al., 2017): learns the initial weights; the inner rate is one fixed number",
  fomaml: "First-order MAML: as MAML, without the second derivatives",
  reptile: "Reptile (Nichol et al., 2018): moves the initial weights towards each person's adapted weights",
  anil: "ANIL (Raghu et al., 2020): as MAML, with inner steps of the output layer only",
  "residual-maml": "Residual MAML: as MAML, with inner steps only of a correction to the output layer",
  gru: "A GRU trained on all people's pairs at once, without inner steps: a person's support pairs change nothing",
  "gru-finetuned":
    "The plain GRU, after gradient steps on a person's support pairs with a rate found on validation people",
  "gru-context": "The plain GRU that reads a person's support pairs as history, without gradient steps",
  popularity: "Ranks items by how often training people took them",
  recent: "Ranks the person's latest items first",
  markov: "Ranks by how often training people went from the last item to the next",
  "item-knn": "Ranks items by how often they are in the same histories as the person's items",
  "session-knn": "Ranks items of the training people whose histories are nearest to the person's",
  "variable-markov":
    "Markov chains of one to five items (MacKay and Peto, 1995): each longer context backs off to the shorter one",
  "sequential-rules":
    "Sequential rules (Kamehkhosh et al., 2017): items that followed the latest items of the history, nearer ones counting more",
  "sequence-knn": "Training sessions that share recent, rare items vote for what followed the latest shared item",
  "v-sknn":
    "V-SKNN (Ludewig and Jannach, 2018): the latest training sessions that share recent items vote for their items",
  stan: "STAN (Garg et al., 2019): session neighbours with decays by position, by time and by distance from the shared item",
  ease: "EASE (Steck, 2019): a linear model in closed form on the items of a person's history",
  mixture: "Counting methods stacked: their log-probabilities weighted by maximum likelihood on validation people",
  hybrid:
    "Counting methods stacked with a trained network, chosen and weighted on validation people: the network learns what counts cannot show",
  ideal: "Knows how the synthetic data were drawn: a ceiling that no method can exceed in expectation",
};

/** The definition of a word of the page. */
export const termDefinitions = {
  "few-shot": "With the support pairs: after the method has adapted to a person's K support pairs",
  "zero-shot": "Without the support pairs: the method as trained, for an unknown person",
  K: "Support pairs: a person's pairs that a method may adapt to",
  Q: "Query pairs: the pairs after the support pairs, on which a person's metric is measured",
  α: "Inner learning rate: θ′ = θ − α ∘ ∇L(support). Meta-SGD learns one for every parameter",
  "95 % interval": "Studentised bootstrap over people: as many people are drawn with replacement, 2,000 times",
} as const;

/** The role of a tensor of the model, by its name in PyTorch. */
export function tensorDefinition(name: string): string | undefined {
  if (name.startsWith("embedding.")) return "Embedding: a vector for each item";
  if (name.startsWith("fc.")) return "Output layer: from the GRU's state to a score for each item";
  const kind = /^gru\.(weight|bias)_(ih|hh)_l(\d+)/.exec(name);
  if (!kind) return undefined;
  const from = kind[2] === "ih" ? "the input (the item's embedding)" : "the state before (the hidden units)";
  return `GRU, layer ${Number(kind[3]) + 1}: ${kind[1] === "weight" ? "weights" : "biases"} on ${from}, rows stacked by gate r, z, n`;
}
