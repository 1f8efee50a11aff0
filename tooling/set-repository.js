import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * Writes the address of the repository into the package.json of every public package, before a release in GitHub Actions. npm refuses a
 * package with provenance whose `repository.url` is not that of the repository that built it. The address is not in the sources, so that
 * a copy of the repository can release as well.
 *
 *   node tooling/set-repository.js     needs GITHUB_SERVER_URL and GITHUB_REPOSITORY; without them it changes nothing
 */

/**
 * Sets `repository` in every public package.
 *
 * @param {string} root folder of the workspace
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string[]} the folders of the changed packages, below the root
 */
export function setRepository(root, environment) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = environment;
  if (!server || !name) return [];
  return readdirSync(join(root, "packages")).flatMap((folder) => {
    const directory = `packages/${folder}`;
    const file = join(root, directory, "package.json");
    if (!existsSync(file)) return [];
    const manifest = JSON.parse(readFileSync(file, "utf8"));
    if (manifest.private === true) return [];
    const repository = { type: "git", url: `git+${server}/${name}.git`, directory };
    writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
    return [directory];
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const changed = setRepository(root, process.env);
  process.stdout.write(`repository: set in ${changed.length} packages\n`);
}
