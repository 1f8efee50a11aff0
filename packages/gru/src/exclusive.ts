/** Runs asynchronous work one after the other: TensorFlow.js has one current backend for the whole program. */
let last: Promise<unknown> = Promise.resolve();

export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
