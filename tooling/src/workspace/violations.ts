import { homes, type ImportRule, readingFs, writer } from "../map.js";
import { circles } from "./circles.js";
import { importsOf } from "./imports-of.js";

/** The parts of a package.json that the rules look at. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  /** Not published. */
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly exports?: unknown;
  readonly types?: string;
  /** Names that start with # → files of the package. */
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
  readonly keywords?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package in memory. */
export interface PackageSource {
  /** Folder name; the package is called `@kshot/<folder>`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly hasReadme: boolean;
  /** Text of CHANGELOG.md; undefined if the package has none. */
  readonly changelog?: string | undefined;
  /** TypeScript files by path below the package's folder. */
  readonly sources: Readonly<Record<string, string>>;
}

const scope = "@kshot/";
const required = ["description", "license", "exports", "types", "files"] as const;
const builtInFs = /^(?:node:)?fs(?:\/promises)?$/;

/** Every violation of the map and of the rules for packages, one line each. */
export function violations(packages: readonly PackageSource[], map: Readonly<Record<string, ImportRule>>): string[] {
  return [
    ...packages.flatMap((one) => [...manifestViolations(one), ...importViolations(one, map)]),
    ...circles(packageEdges(packages)).map((circle) => `circular dependency: ${circle.join(" → ")}`),
    ...packages.flatMap((one) => [...fileCircleViolations(one, map)]),
  ];
}

function* fileCircleViolations(
  { folder, sources }: PackageSource,
  map: Readonly<Record<string, ImportRule>>,
): Iterable<string> {
  const found = circles(fileEdges(sources));
  if (map[folder]?.circles === undefined) {
    for (const circle of found) yield `${folder}: files import each other: ${circle.join(" → ")}`;
  } else if (found.length === 0) yield `${folder}: the map allows circles of files, and there are none`;
}

function* manifestViolations(one: PackageSource): Iterable<string> {
  const { folder, manifest, hasReadme, changelog, sources } = one;
  if (Object.keys(sources).length === 0) yield `${folder}: no source file`;
  if (!hasReadme) yield `${folder}: no README.md`;
  const heading = `## ${manifest.version}`;
  if (!changelog?.split(/\r?\n/).includes(heading)) yield `${folder}: no CHANGELOG.md with the heading "${heading}"`;
  if (manifest.private !== true && !manifest.keywords?.length) yield `${folder}: package.json has no keywords`;
  if (manifest.name !== scope + folder) yield `${folder}: package.json has the name ${manifest.name}`;
  // A package that is only a program exports nothing with types.
  const exportsCode = typeof manifest.exports === "object" && manifest.exports !== null && "." in manifest.exports;
  for (const key of required) {
    if (key === "types" && !exportsCode) continue;
    const value = manifest[key];
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
      yield `${folder}: package.json has no ${key}`;
  }
}

function* importViolations(
  { folder, manifest, sources }: PackageSource,
  map: Readonly<Record<string, ImportRule>>,
): Iterable<string> {
  const rule = map[folder];
  if (rule === undefined) {
    yield `${folder}: not in the map`;
    return;
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith(scope) && !rule.imports.includes(name.slice(scope.length)))
      yield `${folder}: package.json depends on ${name}, which the map forbids`;
  }
  for (const [file, source] of Object.entries(sources)) {
    if (isTest(file)) continue;
    const where = `${folder}/${file}`;
    for (const { from, names } of importsOf(source)) {
      if (from === undefined) yield `${where}: imports a name that it computes`;
      else if (from.startsWith(".")) {
        if (leaves(file, from)) yield `${where}: ${from} leaves the package`;
      } else if (builtInFs.test(from)) {
        const writes = names.filter((name) => !readingFs.has(name));
        if (folder !== writer && writes.length > 0) yield `${where}: ${from} may write (${writes.join(", ")})`;
      } else if (!from.startsWith("node:")) yield* packageImport(folder, manifest, rule, file, from);
    }
  }
}

function* packageImport(
  folder: string,
  manifest: Manifest,
  rule: ImportRule,
  file: string,
  from: string,
): Iterable<string> {
  const where = `${folder}/${file}`;
  // The package's own name, for a file that differs by runtime.
  if (from in (manifest.imports ?? {})) return;
  const name = packageName(from);
  if (name.startsWith(scope)) {
    if (!rule.imports.includes(name.slice(scope.length))) yield `${where}: the map forbids ${name}`;
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  if (!(name in declared)) yield `${where}: ${name} is not among the dependencies`;
  const only = rule.only?.[name];
  if (only !== undefined && !file.startsWith(`${only}/`)) yield `${where}: ${name} belongs in ${only}`;
  for (const [start, home] of Object.entries(homes)) {
    if (name.startsWith(start) && folder !== home) yield `${where}: ${name} belongs in ${home}`;
  }
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts") || !file.startsWith("src/");
}

function packageName(from: string): string {
  return from
    .split("/")
    .slice(0, from.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Whether a relative import steps out of the package's src folder. */
function leaves(file: string, from: string): boolean {
  return new URL(from, `file:///package/${file}`).pathname.startsWith("/package/src/") === false;
}

/** For each package, the packages that its manifest and its imports name. */
function packageEdges(packages: readonly PackageSource[]): Map<string, Set<string>> {
  return new Map(
    packages.map(({ folder, manifest, sources }) => {
      const imported = Object.entries(sources)
        .filter(([file]) => !isTest(file))
        .flatMap(([, source]) => importsOf(source).map(({ from }) => packageName(from ?? "")));
      const names = [
        ...Object.keys(manifest.dependencies ?? {}),
        ...Object.keys(manifest.devDependencies ?? {}),
        ...imported,
      ];
      const targets = names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length));
      return [folder, new Set(targets)] as const;
    }),
  );
}

/** The files of a package that each of its files imports: values, types, re-exports and `import()`. */
function fileEdges(sources: PackageSource["sources"]): Map<string, Set<string>> {
  return new Map(
    Object.entries(sources).map(([file, source]) => {
      const targets = importsOf(source)
        .flatMap(({ from }) => (from?.startsWith(".") ? [fileOf(file, from)] : []))
        .flatMap((target) => [target, `${target}x`])
        .filter((target) => target in sources);
      return [file, new Set(targets)] as const;
    }),
  );
}

/** The source file that a relative import names, below the package's folder. */
function fileOf(file: string, from: string): string {
  return new URL(from, `file:///${file}`).pathname.slice(1).replace(/\.jsx?$/, ".ts");
}
