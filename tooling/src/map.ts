/** What one package may import; docs/architecture.md says why. */
export interface ImportRule {
  /** Packages of the workspace, by folder name. */
  readonly imports: readonly string[];
  /** Externals that only some of its folders may import: package name → folder below the package. */
  readonly only?: Readonly<Record<string, string>>;
  /** Why files of this package may import each other. Without a reason they may not. */
  readonly circles?: string;
}

const below = [
  "contract",
  "tensor-fn",
  "gru-layout",
  "gru",
  "gru-simd",
  "gru-gpu",
  "meta-sgd",
  "episodes",
  "metrics",
  "baselines",
  "store",
  "comparison",
  "recommend",
  "onnx",
] as const;

/** The map of packages: by folder name, what each may import. A package that is not here fails the test. */
export const importMap: Readonly<Record<string, ImportRule>> = {
  contract: { imports: [], only: { zod: "src/schemas" } },
  "tensor-fn": {
    imports: ["contract"],
    only: { "@tensorflow/tfjs-node-gpu": "src/backends" },
    circles: "the derivative of an operation consists of operations, which have derivatives",
  },
  "gru-layout": { imports: ["contract"] },
  gru: { imports: ["tensor-fn", "gru-layout", "contract"] },
  "gru-simd": { imports: ["gru-layout", "contract"] },
  "gru-gpu": { imports: ["gru-layout", "contract"] },
  "meta-sgd": { imports: ["contract"] },
  episodes: {
    imports: ["contract"],
    only: { "@duckdb/node-api": "src/files", "apache-arrow": "src/files", "parquet-wasm": "src/files" },
  },
  metrics: { imports: ["contract"] },
  comparison: { imports: ["metrics", "contract"] },
  baselines: { imports: ["contract"] },
  store: { imports: ["contract"] },
  "engine-of": { imports: ["tensor-fn", "contract"] },
  onnx: { imports: ["gru-layout", "contract"] },
  recommend: { imports: ["gru-simd", "gru-layout", "meta-sgd", "baselines", "store", "contract"] },
  serve: { imports: ["recommend", "contract"] },
  experiment: { imports: below },
  fleet: { imports: ["experiment", "recommend", "episodes", "store", "contract"] },
  cli: { imports: ["experiment", "fleet", "recommend", "serve", "contract", "report-viewer"] },
  "report-viewer": {
    imports: ["comparison", "metrics", "contract", "gru-simd", "recommend"],
  },
};

/** Externals that only one package may import: the start of their name → that package. */
export const homes: Readonly<Record<string, string>> = { "@tensorflow/": "tensor-fn" };

/** The only package that writes files. */
export const writer = "store";

/** What the other packages may import from `node:fs` and `node:fs/promises`: reading. */
export const readingFs: ReadonlySet<string> = new Set([
  "access",
  "accessSync",
  "constants",
  "createReadStream",
  "existsSync",
  "lstat",
  "lstatSync",
  "readdir",
  "readdirSync",
  "readFile",
  "readFileSync",
  "realpath",
  "realpathSync",
  "stat",
  "statfs",
  "statSync",
]);
