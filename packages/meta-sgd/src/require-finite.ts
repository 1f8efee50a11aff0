import { failedError, type ParameterVector } from "@kshot/contract";

/** Ends training over a loss or gradient that is NaN or infinite, before anything is updated with it. Throws `FAILED`. */
export function requireFiniteTraining(
  where: string,
  losses: readonly number[],
  gradients: Readonly<Record<string, ParameterVector>>,
): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0) throw diverged(where, `loss ${losses[bad]} (number ${bad + 1} of ${losses.length})`);
  for (const [name, gradient] of Object.entries(gradients)) {
    for (let i = 0; i < gradient.length; i++) {
      if (!Number.isFinite(gradient[i])) throw diverged(where, `${gradient[i]} in ${name}, value ${i}`);
    }
  }
}

function diverged(where: string, found: string) {
  return failedError({
    where,
    found,
    expected: "finite numbers",
    todo: "Training diverged: lower the learning rates, or go on from an earlier state with lower ones",
  });
}
