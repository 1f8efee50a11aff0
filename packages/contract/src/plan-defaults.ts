/** Default number of failures after which a cell of a plan is not tried again. */
export const defaultTries = 3;

/** Default seconds without renewal after which a cell of a plan is taken over. */
export const defaultLease = 60;
