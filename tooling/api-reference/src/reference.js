import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Application, Logger, LogLevel, normalizePath } from "typedoc";

/**
 * Exports and methods must have a comment. Properties need none.
 *
 * @type {import("typedoc").TypeDocOptions["requiredToBeDocumented"]}
 */
const documented = ["Enum", "Variable", "Function", "Class", "Interface", "TypeAlias", "Method"];
const shared = {
  validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: true },
  requiredToBeDocumented: documented,
  excludePrivate: true,
  excludeInternal: true,
  // The repository has no known web address, so sources are named, not linked.
  disableSources: true,
  readme: "README.md",
};

/** Keeps warnings and errors instead of printing them. */
class Warnings extends Logger {
  /** @type {string[]} */
  messages = [];
  /** @override */
  log(/** @type {string} */ message, /** @type {LogLevel} */ level) {
    if (level >= LogLevel.Warn) this.messages.push(message);
  }
}

/**
 * The published packages of a workspace.
 *
 * @param {string} root the workspace's folder
 * @returns {string[]} folders below `packages`
 */
export function publishedPackages(root) {
  return readdirSync(join(root, "packages")).filter((folder) => {
    const manifest = join(root, "packages", folder, "package.json");
    return existsSync(manifest) && !JSON.parse(readFileSync(manifest, "utf8")).private;
  });
}

/**
 * Converts one package; its entry points are the sources behind `exports`.
 *
 * @param {string} home the package's folder
 * @returns {Promise<{ json: object | undefined, warnings: string[] }>} TypeDoc's model as JSON (undefined if the sources do not
 *   compile), and every warning, one line each
 */
export async function convertPackage(home) {
  const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  const entryPoints = Object.values(manifest.exports)
    .flatMap(({ types }) => types ?? [])
    .map((file) => join(home, file.replace("./dist/", "src/").replace(/\.d\.ts$/, ".ts")));
  const logger = new Warnings();
  const application = await Application.bootstrap({
    ...shared,
    name: manifest.name,
    entryPoints,
    tsconfig: join(home, "tsconfig.build.json"),
    basePath: join(home, "../.."),
    readme: join(home, "README.md"),
    // A README's links lead to files of the repository, which are not part of the reference.
    validation: { ...shared.validation, invalidPath: false },
  });
  application.logger = logger;
  const project = await application.convert();
  if (project === undefined) return { json: undefined, warnings: logger.messages };
  application.validate(project);
  const json = application.serializer.projectToObject(project, normalizePath(join(home, "../..")));
  return { json, warnings: logger.messages.map((message) => message.split("\n")[0] ?? "") };
}

/**
 * Writes the pages of several packages into one folder, which is replaced.
 *
 * @param {readonly object[]} models what {@link convertPackage} gave
 * @param {string} out the folder
 * @param {string} readme the first page's text, a file
 * @returns {Promise<string[]>} every warning
 */
export async function writePages(models, out, readme) {
  const folder = mkdtempSync(join(tmpdir(), "kshot-api-"));
  const before = process.cwd();
  try {
    // TypeDoc finds the files that the models name relative to the current folder.
    process.chdir(dirname(readme));
    const entryPoints = models.map((model, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(model));
      return file;
    });
    const logger = new Warnings();
    const application = await Application.bootstrap({
      name: "kshot",
      entryPointStrategy: "merge",
      entryPoints,
      readme,
      disableSources: true,
      validation: { notExported: false, invalidLink: true, invalidPath: false, notDocumented: false },
    });
    application.logger = logger;
    const project = await application.convert();
    if (project === undefined) return logger.messages;
    application.validate(project);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    await application.generateDocs(project, out);
    return logger.messages;
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  }
}
