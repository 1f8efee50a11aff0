import { readFile } from "node:fs/promises";
import { failedError, usageError } from "@kshot/contract";

/** A bucket and the prefix of its objects' names. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or a prefix without leading and trailing slash. */
  readonly prefix: string;
}

/** Parses `s3://bucket/prefix`. @throws `USAGE` for anything else */
export function placeOf(to: string): S3Place {
  const [, bucket, prefix = ""] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*?))?\/*$/.exec(to) ?? [];
  if (bucket !== undefined) return { bucket, prefix };
  throw usageError({ where: "--to", found: `"${to}"`, expected: "s3://BUCKET/PREFIX" });
}

/**
 * Uploads a file to S3 as one object. Region, keys and endpoint come from the environment, as for every AWS client (`AWS_REGION`,
 * `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL_S3` …).
 *
 * @param name - relative to the prefix
 * @throws `USAGE` if `@aws-sdk/client-s3` is not installed, `FAILED` if the object cannot be written.
 */
export async function upload(to: string, name: string, file: string): Promise<void> {
  const { bucket, prefix } = placeOf(to);
  const key = prefix === "" ? name : `${prefix}/${name}`;
  const { S3Client, PutObjectCommand } = await import("@aws-sdk/client-s3").catch((cause: unknown) => {
    throw usageError({
      where: "--to",
      found: "@aws-sdk/client-s3 cannot be loaded",
      expected: "this optional package of @kshot/fleet",
      todo: "Install it: npm install @aws-sdk/client-s3",
      cause,
    });
  });
  const other = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  // Servers other than Amazon's have no host name for each bucket.
  const client = new S3Client({ forcePathStyle: other !== undefined, requestChecksumCalculation: "WHEN_REQUIRED" });
  try {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await readFile(file) }));
  } catch (cause) {
    throw failedError({
      where: `s3://${bucket}/${key}`,
      found: `cannot be written: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`,
      expected: "a bucket that may be written to",
      todo: "Check bucket, region and keys",
      cause,
    });
  } finally {
    client.destroy();
  }
}
