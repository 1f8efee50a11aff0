/** Largest number of layers of the GRU. A file from elsewhere can claim any number, and each layer has a list of tensors. */
export const mostLayers = 1000;
