export { randomStream } from "@kshot/metrics";
