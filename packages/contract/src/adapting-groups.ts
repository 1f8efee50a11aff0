/** Groups of the GRU's tensors. The inner steps can be limited to one of them. */
export const adaptingGroups = ["all", "embedding", "gru", "head", "biases", "gru-biases", "output-bias"] as const;
/** A group of the GRU's tensors. */
export type AdaptingGroup = (typeof adaptingGroups)[number];
