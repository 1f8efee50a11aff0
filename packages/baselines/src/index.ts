export { type ItemKnnOptions, itemKnn } from "./item-knn.js";
export { markov } from "./markov.js";
export { popularity } from "./popularity.js";
export { recent } from "./recent.js";
export type { Scorer } from "./scorer.js";
export { type SessionKnnOptions, sessionKnn } from "./session-knn.js";
