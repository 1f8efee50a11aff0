/** Time and identity of a run. The caller provides them, so that this package reads no clock. */
export interface RunCircumstances {
  /** Wall clock. */
  readonly now: () => Date;
  /** Monotonic seconds. */
  readonly seconds: () => number;
  /** A new id, 32 hexadecimal digits. */
  readonly newId: () => string;
  /** The command line, for results. */
  readonly command: string;
  /** Facts of the machine: `{ node, platform, arch, cores }`. */
  readonly host: Readonly<Record<string, string | number>>;
}
