// Error of Adam with float32 moments against float64 moments, both with float32 parameters, after 10,000 steps of noisy
// gradients. Prints the error of each relative to the distance that the parameters moved with everything in float64.      node
// tooling/bench/adam-precision.js

const round = Math.fround;
const [count, steps, rate, epsilon] = [2000, 10_000, 1e-3, 1e-8];
const [meanKept, squareKept] = [0.9, 0.999];

let seed = 12345;
const uniform = () => (seed = (1103515245 * seed + 12345) >>> 0) / 2 ** 32;
const normal = () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform());

const scales = Array.from({ length: count }, () => 10 ** (-8 + 8 * uniform()));
const exact = new Float64Array(count);
const doubles = { p: new Float32Array(count), m: new Float64Array(count), v: new Float64Array(count) };
const singles = { p: new Float32Array(count), m: new Float32Array(count), v: new Float32Array(count) };

for (let step = 1; step <= steps; step++) {
  const stepSize = rate / (1 - meanKept ** step);
  const rootCorrection = 1 / Math.sqrt(1 - squareKept ** step);
  for (let i = 0; i < count; i++) {
    const g = round(scales[i] * ((i % 3 === 0 ? 1 : 0.2) * normal() + 0.3 * Math.sin(step / 300 + i)));
    doubles.m[i] = meanKept * doubles.m[i] + (1 - meanKept) * g;
    doubles.v[i] = squareKept * doubles.v[i] + (1 - squareKept) * g * g;
    const move = (stepSize * doubles.m[i]) / (Math.sqrt(doubles.v[i]) * rootCorrection + epsilon);
    exact[i] -= move;
    doubles.p[i] -= move;
    // Every operation is rounded, as on a card.
    singles.m[i] = round(round(meanKept) * singles.m[i]) + round(round(1 - meanKept) * g);
    singles.v[i] = round(round(squareKept) * singles.v[i]) + round(round(round(1 - squareKept) * g) * g);
    const root = round(round(round(Math.sqrt(singles.v[i])) * round(rootCorrection)) + round(epsilon));
    singles.p[i] -= round(round(round(stepSize) * singles.m[i]) / root);
  }
}

const distance = Math.hypot(...exact);
const error = ({ p }) => Math.hypot(...p.map((value, i) => value - exact[i])) / distance;
console.log(`float64 moments: ${error(doubles).toExponential(1)}`);
console.log(`float32 moments: ${error(singles).toExponential(1)}`);
