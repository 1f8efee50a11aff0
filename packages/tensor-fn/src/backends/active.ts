import { usageError } from "@kshot/contract";
import type { Backend } from "./backend.js";

let active: Backend | null = null;

/** The backend chosen by `useBackend`; throws USAGE before that. */
export function activeBackend(): Backend {
  if (active !== null) return active;
  throw usageError({ found: "a tensor operation before a backend was chosen", todo: "await useBackend(…) first" });
}

export function setActiveBackend(backend: Backend): void {
  active = backend;
}
