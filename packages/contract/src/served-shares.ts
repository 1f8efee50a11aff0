/** Shares of the people for which a data folder names smaller K and Q that serve them. */
export const servedShares = [0.5, 0.8, 0.95] as const;
