import { createRequire } from "node:module";
import { afterAll } from "vitest";

/** The part of s3rver that tests use; it has no types. */
interface S3Server {
  run(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}
type S3ServerClass = new (options: {
  readonly port: number;
  readonly address: string;
  readonly silent: boolean;
  readonly directory: string;
  readonly configureBuckets: readonly { readonly name: string }[];
}) => S3Server;

/** Starts an S3 server with one bucket on the loopback address, and points every S3 client of this process to it. */
export async function startS3(directory: string, bucket: string): Promise<void> {
  const Server: S3ServerClass = createRequire(import.meta.url)("s3rver");
  const configureBuckets = [{ name: bucket }];
  const server = new Server({ port: 0, address: "localhost", silent: true, directory, configureBuckets });
  const { port } = await server.run();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: `http://localhost:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
  });
  afterAll(() => server.close());
}
