import { step } from "./slices.js";

interface Level {
  readonly byObject: WeakMap<object, Level>;
  readonly byName: Map<string, unknown>;
}

/**
 * A memory of values that are computed once for some objects and a name, one step of a slice each. The objects do not change; a
 * value is kept as long as its objects.
 */
export function computedOnce<T>(): (of: readonly object[], name: string, compute: () => T) => T {
  const root = level();
  return (of, name, compute) => {
    let at = root;
    for (const one of of) {
      const next = at.byObject.get(one) ?? level();
      at.byObject.set(one, next);
      at = next;
    }
    if (at.byName.has(name)) return at.byName.get(name) as T;
    const value = step(compute);
    at.byName.set(name, value);
    return value;
  };
}

const level = (): Level => ({ byObject: new WeakMap(), byName: new Map() });

/** As `computedOnce`, for a long computation that stops between its steps: each is one step of a slice. */
export function computedInSteps<T>(): (of: readonly object[], name: string, start: () => Generator<void, T>) => T {
  const works = computedOnce<{ steps: Generator<void, T> | null; found: { readonly value: T } | null }>();
  return (of, name, start) => {
    const work = works(of, name, () => ({ steps: null, found: null }));
    while (work.found === null) {
      step(() => {
        const steps = work.steps ?? start();
        // A computation that ends with an error starts again.
        work.steps = null;
        const { done, value } = steps.next();
        if (done) work.found = { value };
        else work.steps = steps;
      });
    }
    return work.found.value;
  };
}
