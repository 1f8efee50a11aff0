import { workerData } from "node:worker_threads";

// Ends this process when its parent has ended, even while the main thread computes.
const parent = workerData as number;
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 250);
