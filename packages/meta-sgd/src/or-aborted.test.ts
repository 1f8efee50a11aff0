import { expect, it } from "vitest";
import { orAborted } from "./or-aborted.js";

const after = <T>(milliseconds: number, value: T) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), milliseconds));

it("waits for work without a signal, and passes its error on", async () => {
  expect(await orAborted(after(5, 7), undefined)).toEqual([7]);
  expect(await orAborted(after(5, undefined), new AbortController().signal)).toEqual([undefined]);
  await expect(orAborted(Promise.reject(new Error("no")), new AbortController().signal)).rejects.toThrow("no");
});

it("waits half a second after the signal, then returns", async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await orAborted(after(50, 7), stop.signal)).toEqual([7]);
  const begin = performance.now();
  const never = new Promise(() => {});
  expect(await orAborted(never, stop.signal)).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(5000);
});

it("ignores an error of abandoned work", async () => {
  const stop = new AbortController();
  stop.abort();
  const failing = after(700, 0).then(() => {
    throw new Error("too late");
  });
  expect(await orAborted(failing, stop.signal)).toBeUndefined();
  await after(300, 0);
});
