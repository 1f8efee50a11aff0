/** The optimiser of assembly/optimiser, written by build.js. */
export declare const hex: string;
