/** How often a cell of a plan may fail, where nobody says otherwise. */
export const defaultTries = 3;

/** Seconds without a sign of life after which a cell of a plan is taken over, where nobody says otherwise. */
export const defaultLease = 60;
