import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { failedError } from "@kshot/contract";

/** Dots per inch of a PNG. */
const dotsPerInch = 300;

/** Draws SVG files in a browser without a window. */
export interface PictureMaker {
  /** A picture of an SVG whose width and height are in inches. */
  png(svg: string): Promise<Uint8Array>;
  /** A document of one page that has the size of the SVG. */
  pdf(svg: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Starts a Chromium that is controlled through a pipe. It has a separate profile, and loads nothing but the pictures.
 *
 * @param browser - path of the program.
 * @param profile - an empty folder for its files; the caller removes it.
 * @throws `FAILED` if it does not start or stops while it draws.
 */
export async function openPictureMaker(browser: string, profile: string): Promise<PictureMaker> {
  const child = spawn(
    browser,
    [
      ...["--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
      ...["--no-first-run", "--disable-background-networking", "--disable-sync", `--user-data-dir=${profile}`],
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const [write, read] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { done: (result: Answer) => void; fail: (error: Error) => void }>();
  const stop = (what: string) => {
    const error = failedError({
      where: browser,
      found: what,
      todo: "Use the SVG files, or set CHROMIUM to another browser",
    });
    for (const { fail } of waiting.values()) fail(error);
    waiting.clear();
  };
  child.on("error", (error) => stop(`it does not start (${error.message})`));
  child.on("exit", () => stop("it stopped while it was drawing"));
  write.on("error", () => stop("it does not take requests"));
  let rest = "";
  read.setEncoding("utf8").on("data", (text: string) => {
    const messages = `${rest}${text}`.split("\0");
    rest = messages.pop() ?? "";
    for (const message of messages) {
      const { id, result, error } = JSON.parse(message) as {
        id?: number;
        result?: Answer;
        error?: { message: string };
      };
      const own = waiting.get(id ?? -1);
      waiting.delete(id ?? -1);
      if (error) own?.fail(failedError({ where: browser, found: error.message }));
      else own?.done(result ?? {});
    }
  });
  let next = 0;
  let session: string | undefined;
  const ask = (method: string, params: object = {}) =>
    new Promise<Answer>((done, fail) => {
      const id = ++next;
      waiting.set(id, { done, fail });
      write.write(
        `${JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) })}\0`,
      );
    });
  const close = async () => {
    child.removeAllListeners("exit");
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await gone;
    }
  };
  try {
    const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
    ({ sessionId: session } = await ask("Target.attachToTarget", { targetId, flatten: true }));
  } catch (error) {
    await close();
    throw error;
  }
  const show = async (svg: string) => {
    const { frameTree } = await ask("Page.getFrameTree");
    const html = `<!doctype html><style>@page { margin: 0 } body { margin: 0 } svg { display: block }</style>${svg}`;
    await ask("Page.setDocumentContent", { frameId: frameTree?.frame.id, html });
    const [, width = "7", height = "4"] = /width="([\d.]+)in" height="([\d.]+)in"/.exec(svg) ?? [];
    return { width: Number(width), height: Number(height) };
  };
  return {
    async png(svg) {
      const { width, height } = await show(svg);
      const clip = { x: 0, y: 0, width: 96 * width, height: 96 * height, scale: dotsPerInch / 96 };
      const { data = "" } = await ask("Page.captureScreenshot", { format: "png", clip, captureBeyondViewport: true });
      return Buffer.from(data, "base64");
    },
    async pdf(svg) {
      const { width, height } = await show(svg);
      const { data = "" } = await ask("Page.printToPDF", {
        ...{ paperWidth: width, paperHeight: height + 0.01, printBackground: true },
        ...{ marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0, pageRanges: "1" },
      });
      return Buffer.from(data, "base64");
    },
    close,
  };
}

/** The parts of the browser's answers that are read. */
interface Answer {
  readonly targetId?: string;
  readonly sessionId?: string;
  readonly data?: string;
  readonly frameTree?: { readonly frame: { readonly id: string } };
}
