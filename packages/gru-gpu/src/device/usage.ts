/** `GPUBufferUsage` and `GPUMapMode`, whose values the standard fixes; as globals they stand in browsers alone. */
export const usage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
export const mapModeRead = 0x1;
