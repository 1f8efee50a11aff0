import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** Answers to errors of Node's HTTP parser, by their code: status, its text, code and message. */
const answers: Readonly<Record<string, readonly [number, string, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, "Request Header Fields Too Large", "TOO_LARGE", "The headers are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "Request Timeout", "TIMEOUT", "The request was not complete in time."],
};
const notHttp = [400, "Bad Request", "USAGE", "The request is not valid HTTP."] as const;

/** Answers a connection whose request never reached a route: in the form of every other error, and then closed. */
export function answerConnectionError(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, text, code, message] = answers[error.code ?? ""] ?? notHttp;
  const body = JSON.stringify({ error: { code, message } });
  const head = `HTTP/1.1 ${status} ${text}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${body}`);
}

/**
 * Reads and drops the rest of a body that is too large. A client that is still sending when the connection closes gets an error of the
 * connection instead of the answer.
 *
 * @param mostBytes where the reading ends, in bytes
 * @param milliseconds the longest time for it
 */
export async function dropBody(request: IncomingMessage, mostBytes = 2 ** 26, milliseconds = 5000): Promise<void> {
  if (request.readableEnded || request.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const late = setTimeout(resolve, milliseconds);
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > mostBytes) resolve();
    });
    for (const event of ["end", "close", "error"]) request.once(event, () => resolve());
    request.resume();
    request.once("close", () => clearTimeout(late));
  });
}
