export { markov } from "./markov.js";
export { popularity } from "./popularity.js";
export type { Scorer } from "./scorer.js";
