import { createGpuEngine } from "../src/index.js";
import { browserWork, config } from "./browser-work.js";

/** In a page: the work on `navigator.gpu`, and which adapter did it. */
async function gpuWork() {
  const engine = await createGpuEngine({ config, software: true });
  try {
    return { ...(await browserWork(engine)), adapter: engine.adapter.name };
  } finally {
    engine.dispose();
  }
}

Object.assign(globalThis, { gpuWork });
