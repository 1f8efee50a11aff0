const titles: Readonly<Record<string, string>> = {
  "meta-sgd": "Meta-SGD",
  maml: "MAML",
  fomaml: "FOMAML",
  reptile: "Reptile",
  anil: "ANIL",
  "residual-maml": "Residual MAML",
  gru: "Plain GRU",
  "gru-finetuned": "Fine-tuned GRU",
  "gru-context": "GRU with context",
  popularity: "Popularity",
  recent: "Recent items",
  markov: "Markov",
  "item-knn": "Item-kNN",
  "session-knn": "Session-kNN",
  ideal: "Ideal observer",
};

/** What an algorithm is called; one that this page does not know by its own name. */
export function algorithmTitle(name: string): string {
  return titles[name] ?? name;
}

export const windowTitles = {
  first: "first window: a person's first K + Q pairs",
  last: "last window: a person's last K + Q pairs, as in the notebook",
} as const;

export const splitTitles = { test: "test people", val: "validation people" } as const;
