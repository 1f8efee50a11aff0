import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** A package that others can install. */
export interface PublicPackage {
  /** Folder under `packages/`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** The packages in the README's install command, without versions. */
  readonly installed: readonly string[];
  /** The README's first example. */
  readonly example: string;
}

/** All packages that are not private. */
export function publicPackages(): PublicPackage[] {
  return readdirSync(join(root, "packages")).flatMap((folder) => {
    const directory = join(root, "packages", folder);
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    if (manifest.private) return [];
    const readme = readFileSync(join(directory, "README.md"), "utf8");
    const [, line] = /^npm install (.+)$/m.exec(readme) ?? [];
    const [, example] = /```js\n([\s\S]*?)```/.exec(readme) ?? [];
    if (line === undefined || example === undefined) {
      throw new Error(`packages/${folder}/README.md needs a line "npm install …" and an example in \`\`\`js`);
    }
    return [{ folder, name: manifest.name, version: manifest.version, installed: line.trim().split(/\s+/), example }];
  });
}

/** Packs packages in one call; returns the tarball's path by package name. */
export function packAll(packages: readonly Pick<PublicPackage, "name">[], into: string): Map<string, string> {
  mkdirSync(into, { recursive: true });
  const filters = packages.flatMap(({ name }) => ["--filter", name]);
  const { status, stdout, stderr } = pnpm([...filters, "pack", "--json", "--pack-destination", into], root);
  if (status !== 0) throw new Error(`pnpm pack: ${stdout}${stderr}`);
  const packed = JSON.parse(stdout) as readonly { readonly name: string; readonly filename: string }[];
  return new Map(packed.map(({ name, filename }) => [name, join(into, basename(filename))]));
}

/** What an install by pnpm printed, and whether it failed only because the registry cannot be reached. */
export interface Installed {
  readonly ok: boolean;
  readonly output: string;
  readonly offline: boolean;
}

/**
 * An empty project that installs the packages of a README. Every `@kshot` package, also as a dependency of another,
 * is installed from its tarball. All packages are in one folder without links, as npm has them.
 */
export function installAlone(
  project: string,
  installed: readonly string[],
  tarballs: ReadonlyMap<string, string>,
): Installed {
  mkdirSync(project, { recursive: true });
  writeManifest(project, installed, tarballs);
  return install(project, ["--ignore-workspace", "--config.node-linker=hoisted"]);
}

/**
 * An empty project per package, in `folder`, that installs the packages of its README. One call of pnpm installs all. Nothing is
 * hoisted: each package finds only the packages that its own package.json names.
 */
export function installEach(
  folder: string,
  projects: ReadonlyMap<string, readonly string[]>,
  tarballs: ReadonlyMap<string, string>,
): Installed {
  for (const [name, installed] of projects) {
    mkdirSync(join(folder, name), { recursive: true });
    writeManifest(join(folder, name), installed, tarballs);
  }
  writeManifest(folder, [], tarballs);
  writeFileSync(join(folder, "pnpm-workspace.yaml"), `packages: ["*"]\n`);
  return install(folder, ["--config.hoist=false"]);
}

/** Writes a package.json that depends on these packages. */
function writeManifest(project: string, installed: readonly string[], tarballs: ReadonlyMap<string, string>): void {
  const overrides = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]));
  const dependencies = Object.fromEntries(installed.map((name) => [name, overrides[name] ?? pinnedVersion(name)]));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ private: true, type: "module", dependencies, pnpm: { overrides } }, null, 2),
  );
}

function install(project: string, options: readonly string[]): Installed {
  const { status, stdout, stderr } = pnpm(
    ["install", "--prefer-offline", "--ignore-scripts", "--reporter=append-only", ...options],
    project,
  );
  const output = `${stdout}${stderr}`;
  const offline = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|META_FETCH_FAIL/.test(output);
  return { ok: status === 0, output, offline };
}

/** Runs a program in a project by a Node. */
export function runExample(node: string, project: string, source: string) {
  writeFileSync(join(project, "example.mjs"), source);
  const { status, stdout, stderr } = spawnSync(node, ["example.mjs"], {
    cwd: project,
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, stdout, stderr };
}

/** The version that this workspace tests with. */
function pinnedVersion(name: string): string {
  for (const folder of readdirSync(join(root, "packages"))) {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(root, "packages", folder, "package.json"), "utf8"),
    );
    const version = dependencies[name] ?? devDependencies[name];
    if (version !== undefined) return version;
  }
  throw new Error(`${name} is in no package.json of this workspace`);
}

/** pnpm as this test was started with, or the pinned one through npx. */
function pnpm(args: readonly string[], cwd: string) {
  const path = process.env.npm_execpath ?? "";
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [command, ...before] = /pnpm[^/\\]*$/.test(path)
    ? /\.[cm]?js$/.test(path)
      ? [process.execPath, path]
      : [path]
    : ["npx", "--yes", packageManager];
  return spawnSync(command!, [...before, ...args], { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
}
