/** A figure: a picture and the same in rows, for readers who cannot see it and for those who want the numbers. */
export interface Figure {
  readonly svg: string;
  /** Made when asked for: most are never looked at. */
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] };
}
