import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/**
 * Packages from a registry that the workspace's packages and apps need at run time, at any depth, by licence. Programs for one
 * platform (`…-linux-x64`) are left out: their package has the same licence, and each machine has another.
 *
 * @param root the workspace's folder, set up
 * @returns licence (SPDX) → sorted names
 */
export function licencesOf(root: string): Record<string, string[]> {
  const found = new Map<string, string>();
  const visit = (folder: string, modules: string) => {
    const { dependencies, optionalDependencies } = manifestOf(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = join(modules, name);
      if (found.has(name) || !existsSync(place)) continue;
      const real = realpathSync(place);
      const at = real.lastIndexOf("node_modules");
      // A package of the workspace: its folder is visited by itself.
      if (at === -1) continue;
      found.set(name, manifestOf(real).license ?? "none");
      visit(real, join(real.slice(0, at), "node_modules"));
    }
  };
  for (const home of ["packages", "apps"]) {
    for (const name of readdirSync(join(root, home))) {
      const folder = join(root, home, name);
      if (existsSync(join(folder, "package.json"))) visit(folder, join(folder, "node_modules"));
    }
  }
  const licences: Record<string, string[]> = {};
  for (const [name, licence] of [...found].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!/-(linux|darwin|win32)-/.test(name)) (licences[licence] ??= []).push(name);
  }
  return licences;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}
