import type { NamedResults } from "@kshot/comparison";
import { askedMetric } from "@kshot/contract";
import { batch, effect } from "@preact/signals";
import { files, type Section, sections, view } from "./state.js";

/** Settings of the view by their keys in the address. */
const keys = {
  s: view.section,
  metric: view.metric,
  window: view.window,
  split: view.split,
  base: view.baseline,
  method: view.method,
  tensor: view.tensor,
  person: view.person,
  theme: view.theme,
  keys: view.keys,
} as const;
const oneOf = (words: readonly string[]) => (value: string) => words.includes(value);
const allowed: Readonly<Record<string, (value: string) => boolean>> = {
  s: oneOf(sections),
  metric: (value) => askedMetric(value) !== undefined,
  window: oneOf(["first", "last"]),
  split: oneOf(["test", "val"]),
  theme: oneOf(["", "dark", "light"]),
  keys: oneOf(["", "off"]),
};
const defaults = Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, value.value]));

/** Reads the view from the address; unknown keys and values are ignored. */
export function readHash(hash: string): void {
  const asked = new URLSearchParams(hash.replace(/^#/, ""));
  batch(() => {
    for (const [key, own] of Object.entries(keys)) {
      const value = asked.get(key) ?? defaults[key] ?? "";
      if (allowed[key]?.(value) ?? true) (own as { value: string }).value = value;
    }
    const smoothing = Number(asked.get("smooth") ?? 1);
    if (Number.isInteger(smoothing) && smoothing >= 1 && smoothing <= 101) view.smoothing.value = smoothing;
    const click = Number(asked.get("click") ?? 0);
    view.click.value = Number.isInteger(click) && click >= 0 && click <= 1000 ? click : 0;
    view.allSettings.value = asked.get("all") === "1";
  });
}

/** The address of the current view, without defaults. */
export function hashOf(): string {
  const out = new URLSearchParams();
  for (const [key, own] of Object.entries(keys)) if (own.value !== defaults[key]) out.set(key, own.value);
  if (view.smoothing.value !== 1) out.set("smooth", String(view.smoothing.value));
  if (view.click.value !== 0) out.set("click", String(view.click.value));
  if (view.allSettings.value) out.set("all", "1");
  const text = out.toString();
  return text === "" ? "" : `#${text}`;
}

/**
 * Keeps address and view in agreement; `onSection` is called when the reader enters or returns to an address of another section.
 */
export function followHash(onSection: (section: Section) => void): void {
  readHash(location.hash);
  addEventListener("hashchange", () => {
    const before = view.section.value;
    readHash(location.hash);
    if (view.section.value !== before) onSection(view.section.value);
  });
  effect(() => {
    const hash = hashOf();
    if (hash !== location.hash)
      history.replaceState(null, "", hash === "" ? location.pathname + location.search : hash);
  });
  effect(() => {
    document.title = titleOf(files.value);
  });
  effect(() => {
    const theme = view.theme.value;
    if (theme === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}

/** The page's title: data and date of the newest results; the date as written in them. */
export function titleOf(all: readonly NamedResults[]): string {
  const prints = [...new Set(all.map(({ results }) => results.data.fingerprint.slice(0, 8)))];
  const [newest = ""] = all
    .map(({ results }) => results.volatile.createdAt.slice(0, 10))
    .sort()
    .reverse();
  if (prints.length === 0) return "kshot report";
  return `kshot report: data ${prints.slice(0, 2).join(", ")}${prints.length > 2 ? " …" : ""}, ${newest}`;
}
