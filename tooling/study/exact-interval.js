/**
 * The exact binomial interval (Clopper and Pearson 1934) of a share.
 *
 * @param {number} successes
 * @param {number} trials
 */
export function exactInterval(successes, trials, level = 0.95) {
  const tail = (1 - level) / 2;
  const low = successes === 0 ? 0 : solved((p) => 1 - atMost(successes - 1, trials, p) - tail);
  const high = successes === trials ? 1 : solved((p) => tail - atMost(successes, trials, p));
  return { low, high };
}

/** P(X ≤ k) of n trials with probability p. */
function atMost(k, n, p) {
  let sum = 0;
  let term = (1 - p) ** n;
  for (let i = 0; i <= k; i++) {
    sum += term;
    term *= (((n - i) / (i + 1)) * p) / (1 - p);
  }
  return sum;
}

/** The root of an increasing function on [0, 1]. */
function solved(f) {
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
