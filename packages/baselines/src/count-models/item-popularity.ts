import { defineCountModel } from "./count-model.js";

/** Popularity as a probability: p₀(b) = (n_b + 1)/(n + items), n_b train pairs with label b. The expert that reads no history. */
export const itemPopularity = defineCountModel({
  name: "popularity",
  defaults: {},
  fit: () => ({}),
  open: () => () => -1,
  backOff: () => 0,
});
