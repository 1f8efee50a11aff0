import { type GpuAdapterDescription, openDevice } from "./device/open-device.js";

/**
 * The adapter that an engine would compute on, without compiling anything.
 *
 * @param software true: the software adapter; false or left out: a card, software adapters are refused
 * @throws as `createGpuEngine`
 */
export async function requireGpu({ software = false }: { software?: boolean } = {}): Promise<GpuAdapterDescription> {
  const { adapter, device } = await openDevice({ software });
  device.destroy();
  return adapter;
}
