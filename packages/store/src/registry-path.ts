import { join } from "node:path";

/** Name of the registry file. A folder that holds it is a project folder. */
const registryName = "meta.json";

/** Path of a project folder's registry. */
export function registryPath(project: string): string {
  return join(project, registryName);
}
