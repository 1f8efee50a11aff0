import { failedError, type ParameterVector } from "@kshot/contract";

/**
 * Stops training at a NaN or infinite loss or gradient, before any update.
 *
 * @throws `FAILED`
 */
export function requireFiniteTraining(
  where: string,
  losses: readonly number[],
  gradients: Readonly<Record<string, readonly [gradient: ParameterVector, finite: boolean]>>,
): void {
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  if (bad >= 0) throw diverged(where, `loss ${losses[bad]} (number ${bad + 1} of ${losses.length})`);
  for (const [name, [gradient, finite]] of Object.entries(gradients)) {
    if (finite) continue;
    const at = gradient.findIndex((value: number) => !Number.isFinite(value));
    throw diverged(where, `${gradient[at]} in ${name}, value ${at}`);
  }
}

/** Whether every value is finite: 0 times NaN or ∞ is NaN. */
export function allFinite(values: ParameterVector): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += values[i]! * 0;
  return zero === 0;
}

function diverged(where: string, found: string) {
  return failedError({
    where,
    found,
    expected: "finite numbers",
    todo: "Training diverged: lower the learning rates, or continue from an earlier state with lower ones",
  });
}
