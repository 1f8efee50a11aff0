/** Groups of the GRU's tensors that may adapt alone. */
export const adaptingGroups = ["all", "embedding", "gru", "head", "biases", "gru-biases", "output-bias"] as const;
/** A group of the GRU's tensors that may adapt alone. */
export type AdaptingGroup = (typeof adaptingGroups)[number];
