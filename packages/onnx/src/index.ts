export { encodeOnnx, type OnnxModel } from "./encode-onnx.js";
