import type { Signal } from "@preact/signals";

/** A labelled choice, bound to a signal. */
export function Choice<T extends string>({
  label,
  value,
  of,
  options,
  hint,
}: {
  label: string;
  /** Selected value, if it differs from the signal's. */
  value?: string;
  of: Signal<T>;
  options: readonly (readonly [value: T, title: string])[];
  /** Explanation, in the tip. */
  hint?: string | undefined;
}) {
  return (
    <label class="choice" data-tip={hint}>
      <span>{label}</span>
      <select
        value={value ?? of.value}
        onChange={(event) => {
          of.value = event.currentTarget.value as T;
        }}
      >
        {options.map(([own, title]) => (
          <option value={own} selected={own === (value ?? of.value)}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
