export { fingerprint } from "./fingerprint.js";
export { dataFolderFiles } from "./folder/data-folder-files.js";
export { encodeEpisodeTable, encodePairTable } from "./folder/encode.js";
export { isDataFolderFile } from "./folder/file-names.js";
export { readDataFolder } from "./folder/read-data-folder.js";
export { readDataFolderInWorker } from "./folder/read-data-folder-in-worker.js";
export { readEpisodeTable } from "./folder/read-episode-table.js";
export { readPairTable } from "./folder/read-pair-table.js";
export { parquetColumns } from "./parquet/parquet-columns.js";
export { type ColumnType, tablePieces } from "./parquet/table-pieces.js";
export {
  type EventHistories,
  type HistoriesOptions,
  type PersonHistory,
  readEventHistories,
} from "./prepare/event-histories.js";
export { cutEventsIntoShards, type EventShards, shardColumns } from "./prepare/event-shards.js";
export { inputFiles } from "./prepare/list-inputs.js";
export type { PrepareOptions, PrepareProgress, ReadOptions, TimeUnit } from "./prepare/options.js";
export { type PreparedEvents, prepareEvents, prepareEventsWithAccount } from "./prepare/prepare-events.js";
