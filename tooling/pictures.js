// The pictures of README.md: the page and the terminal, of the demo. Renews docs/pictures.
//
//   npm run pictures            trains the demo first
//   npm run pictures -- RUN     of a run that is there already
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openChromium } from "@kshot/chromium";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = join(root, "docs/pictures");
const folder = mkdtempSync(join(tmpdir(), "kshot-pictures-"));
const cli = join(root, "apps/cli/dist/main.js");

/** Runs kshot; returns what it prints. */
function kshot(/** @type {string[]} */ ...args) {
  return execFileSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, INIT_CWD: folder },
  });
}

/** Trains the demo; returns the folder of its run. */
function trained() {
  kshot("train", "--preset", "demo", "--out", "runs");
  const runs = join(folder, "runs/reports/kshot");
  return join(runs, readdirSync(runs)[0] ?? "");
}

/** A line of text in lines of at most 142 characters; a row of a table stays whole. */
function wrapped(/** @type {string} */ line) {
  if (/\s{2}|─/.test(line)) return [line];
  return line.match(/.{1,142}(\s|$)/g) ?? [line];
}

/** Markup that shows text as a terminal does. */
function terminalOf(/** @type {string} */ text) {
  const safe = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><style>
    body { margin: 0; background: #0f1419; }
    pre { margin: 0; padding: 18px 22px; width: max-content; color: #e8ecf0; font: 13px/1.45 "DejaVu Sans Mono", monospace; }
    b { color: #5fd0a0; }
  </style><pre><b>$ kshot compare RUN</b>\n${safe}</pre>`;
}

try {
  const [, , given] = process.argv;
  const run = given === undefined ? trained() : resolve(process.env.INIT_CWD ?? process.cwd(), given);
  kshot("report", run, "--out", "page.html");
  // The first window is enough.
  const [first = ""] = kshot("compare", run).split(/\n(?=[^\n]*last window)/);
  const lines = first.trimEnd().split("\n").flatMap(wrapped).slice(0, 52);
  const browser = await openChromium();
  mkdirSync(out, { recursive: true });
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 1130 }, reducedMotion: "reduce" });
    await page.goto(pathToFileURL(join(folder, "page.html")).href);
    await page.waitForSelector("#figure-gains svg");
    await page.waitForFunction(() => document.querySelector('.part[aria-busy="true"]') === null);
    await page.screenshot({ path: join(out, "page.png") });
    const file = join(folder, "terminal.html");
    writeFileSync(file, terminalOf(lines.join("\n")));
    await page.goto(pathToFileURL(file).href);
    await page.locator("pre").screenshot({ path: join(out, "terminal.png") });
  } finally {
    await browser.close();
  }
  console.log(`${join("docs", "pictures")}: page.png, terminal.png`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
