/** A problem that the engine works around; not an error. */
export interface SimdWarning {
  /** `WORKERS_NOT_LOADED`: the engine computes with one thread, because its workers do not load. */
  readonly code: "WORKERS_NOT_LOADED";
  /** The problem and the advice, in one paragraph. */
  readonly message: string;
}

/** The warning for workers that do not load. */
export function workersNotLoaded(reason: string, workers: number): SimdWarning {
  return {
    code: "WORKERS_NOT_LOADED",
    message:
      `SIMD engine: its ${workers} workers do not load: ${reason}. It continues with one thread; results are the same. ` +
      "Where a bundler moved the worker's script, serve @kshot/gru-simd/worker and pass createSimdEngine({ worker }), or pass workers: 1.",
  };
}

/** The default: a process warning in Node, the console elsewhere. */
export function reportWarning({ code, message }: SimdWarning): void {
  const emit = globalThis.process?.emitWarning;
  if (emit !== undefined) emit(message, { type: "KshotWarning", code });
  else console.warn(`${code}: ${message}`);
}
