import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/**
 * The content policy of the finished page, by hash: only the built script and style run, nothing injected. It is added after the
 * script and the style. Data in the page are not a script, so their element needs no hash.
 */
export function contentPolicy(): Plugin {
  return {
    name: "kshot-content-policy",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== "asset" || !file.fileName.endsWith(".html")) continue;
          file.source = withHashes(String(file.source));
        }
      },
    },
  };
}

function withHashes(page: string): string {
  const hashes = (element: RegExp) =>
    [...page.matchAll(element)].map(
      ([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`,
    );
  const scripts = hashes(/<script type="module"[^>]*>(.*?)<\/script>/gs);
  const styles = hashes(/<style[^>]*>(.*?)<\/style>/gs);
  const policy = /script-src 'unsafe-inline'(.*?)style-src 'unsafe-inline'/;
  if (scripts.length !== 1 || styles.length !== 1 || !policy.test(page)) {
    throw new Error(
      `The built page has ${scripts.length} scripts and ${styles.length} styles to hash, not one of each.`,
    );
  }
  return page.replace(policy, `script-src ${scripts[0]}$1style-src ${styles[0]}`);
}
