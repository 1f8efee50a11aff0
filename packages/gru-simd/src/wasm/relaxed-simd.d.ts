/** The relaxed-simd build of assembly/, written by build.js. */
export declare const hex: string;
