// Loaded before the program (node --import): counts operations on files, and kills the process, or fails, at the n-th.
// KSHOT_FAULT is "kill:N", "ENOSPC:N" or "EMFILE:N"; a write is cut in half before the process is killed. "kill:N:NAME" counts only
// operations on paths that contain the name.
import fs from "node:fs/promises";
import { isMainThread } from "node:worker_threads";

const [what, at, place = ""] = (process.env.KSHOT_FAULT ?? "").split(":");
let left = Number(at);
// The processes of a fleet's cells are not stopped by their number of operations, but with their parent.
delete process.env.KSHOT_FAULT;

const strike = async (name, path, half) => {
  if (!isMainThread || !String(path).includes(place) || --left !== 0) return;
  if (what === "kill") {
    await half?.();
    process.kill(process.pid, "SIGKILL");
    await new Promise(() => {});
  }
  left = 1; // A full disk stays full.
  throw Object.assign(new Error(`${what}: ${name}`), { code: what });
};

if (left > 0) {
  for (const name of ["rename", "link", "mkdir", "rm", "writeFile"]) {
    const real = fs[name];
    fs[name] = async (...args) => {
      // A full disk still allows removing files.
      if (what === "kill" || name !== "rm") {
        await strike(
          name,
          args[0],
          name === "writeFile" ? () => real(args[0], String(args[1]).slice(0, 3), args[2]) : undefined,
        );
      }
      return real(...args);
    };
  }
  const open = fs.open;
  fs.open = async (path, flags, ...more) => {
    if (flags === "r" || flags === undefined) return open(path, flags, ...more);
    await strike("open", path);
    const file = await open(path, flags, ...more);
    const write = file.writeFile.bind(file);
    file.writeFile = async (content, ...rest) => {
      await strike("write", path, () => write(content.slice(0, content.length >> 1)));
      return write(content, ...rest);
    };
    return file;
  };
}
