import { failedError, type GroupRange, type GroupSums, type ParameterVector } from "@kshot/contract";
import { type Frame, type FrameKind, kinds } from "./frames.js";
import type { Links } from "./links.js";

/** Values of one piece of a sum. Pieces of one sum are at several ranks at the same time. */
const pieceSize = 2 ** 15;

/** Bytes before the values of a frame: iteration and piece, or iteration and checksum. */
const headBytes = 8;

/** One process's place in an exchange. */
export interface Exchange {
  readonly ranks: number;
  readonly rank: number;
  readonly links: Links;
}

/** What a rank adds to one exchange. */
export interface Contribution {
  /** Number of the meta-gradient, from 1, the same in all ranks. */
  readonly iteration: number;
  /** Of θ and α: the same in all ranks. */
  readonly checksum: number;
  /** Number of tasks of the whole meta-batch, and of one group. */
  readonly tasks: number;
  readonly groupSize: number;
  readonly sums: GroupSums;
  /** Receive the sums over all groups. */
  readonly total: { readonly dTheta: ParameterVector; readonly dAlpha: ParameterVector };
}

/** The groups that a rank computes: consecutive, in the order of the ranks, as many as any other or one more. */
export function groupsOf(rank: number, ranks: number, groups: number): GroupRange {
  return { begin: Math.floor((rank * groups) / ranks), end: Math.floor(((rank + 1) * groups) / ranks) };
}

/**
 * Sums the groups of all ranks, in the order of the groups, in float32: the bits of one process that adds them one after the other.
 *
 * A running sum goes through the ranks: 0 + s_0 + … of rank 0, then the groups of rank 1 are added one by one, and so on. The last rank has the
 * total, and rank 0 passes it to the others. So a rank sends and receives as many bytes as the vectors have, however many groups there are;
 * partial sums of each rank would be rounded differently. Every frame goes through rank 0, in pieces that are under way together.
 *
 * @returns the losses of all tasks, in order
 * @throws `FAILED` for a lost rank, and at rank 0 for a rank with other parameters
 */
export function exchangeSums(at: Exchange, own: Contribution): Promise<readonly number[]> {
  return at.rank === 0 ? lead(at, own) : follow(at, own);
}

/** One piece: where it is in a vector. */
interface Piece {
  readonly name: "dTheta" | "dAlpha";
  readonly begin: number;
  readonly end: number;
}

function piecesOf({ total }: Contribution): Piece[] {
  return (["dTheta", "dAlpha"] as const).flatMap((name) => {
    const { length } = total[name];
    return Array.from({ length: Math.ceil(length / pieceSize) }, (_, i) => ({
      name,
      begin: i * pieceSize,
      end: Math.min(length, (i + 1) * pieceSize),
    }));
  });
}

async function lead({ ranks, links }: Exchange, own: Contribution): Promise<readonly number[]> {
  const pieces = piecesOf(own);
  const last = ranks - 1;
  const losses = new Float64Array(own.tasks);
  losses.set(own.sums.taskLosses);
  for (const [i, piece] of pieces.entries()) {
    const { body, values } = emptyFrame(own.iteration, i, piece.end - piece.begin);
    addGroups(values, piece, own);
    if (last === 0) own.total[piece.name].set(values, piece.begin);
    else links.send(1, kinds.partial, body);
  }
  // What a rank returns goes to the next one; what the last one returns is the total.
  const relay = async (rank: number) => {
    const { begin } = tasksOf(rank, ranks, own);
    for (let left = pieces.length + 1; left > 0; left--) {
      const frame = await links.receive(rank);
      const number = numberIn(frame, own.iteration, rank);
      if (frame.kind === kinds.losses) {
        if (number !== own.checksum) throw otherParameters(rank, own.iteration);
        losses.set(new Float64Array(frame.body, headBytes), begin);
      } else if (rank < last) links.send(rank + 1, kinds.partial, frame.body);
      else {
        const { name, begin: from } = pieceAt(pieces, number, frame.kind, rank);
        own.total[name].set(new Float32Array(frame.body, headBytes), from);
        for (let other = 1; other < last; other++) links.send(other, kinds.total, frame.body.slice(0));
      }
    }
  };
  await Promise.all(Array.from({ length: last }, (_, i) => relay(i + 1)));
  for (let rank = 1; rank <= last; rank++) links.send(rank, kinds.losses, lossesFrame(own, losses));
  return [...losses];
}

async function follow({ ranks, rank, links }: Exchange, own: Contribution): Promise<readonly number[]> {
  const pieces = piecesOf(own);
  const isLast = rank === ranks - 1;
  links.send(0, kinds.losses, lossesFrame(own, own.sums.taskLosses));
  let losses: readonly number[] = [];
  for (let left = (isLast ? 1 : 2) * pieces.length + 1; left > 0; left--) {
    const frame = await links.receive(0);
    const number = numberIn(frame, own.iteration, 0);
    if (frame.kind === kinds.losses) {
      losses = [...new Float64Array(frame.body, headBytes)];
      continue;
    }
    const piece = pieceAt(pieces, number, frame.kind, 0);
    const values = new Float32Array(frame.body, headBytes);
    if (frame.kind === kinds.partial) addGroups(values, piece, own);
    if (frame.kind === kinds.total || isLast) own.total[piece.name].set(values, piece.begin);
    if (frame.kind === kinds.partial) links.send(0, kinds.partial, frame.body);
  }
  return losses;
}

/** Adds this rank's groups to a running sum, one after the other. */
function addGroups(values: Float32Array, { name, begin }: Piece, { sums }: Contribution): void {
  for (const group of sums[name]) {
    for (let i = 0; i < values.length; i++) values[i]! += group[begin + i]!;
  }
}

function tasksOf(rank: number, ranks: number, { tasks, groupSize }: Contribution): GroupRange {
  const { begin, end } = groupsOf(rank, ranks, Math.ceil(tasks / groupSize));
  return { begin: begin * groupSize, end: Math.min(tasks, end * groupSize) };
}

function emptyFrame(iteration: number, number: number, length: number) {
  const body = new ArrayBuffer(headBytes + 4 * length);
  writeHead(body, iteration, number);
  return { body, values: new Float32Array(body, headBytes) };
}

function lossesFrame({ iteration, checksum }: Contribution, losses: ArrayLike<number>): ArrayBuffer {
  const body = new ArrayBuffer(headBytes + 8 * losses.length);
  writeHead(body, iteration, checksum);
  new Float64Array(body, headBytes).set(losses);
  return body;
}

function writeHead(body: ArrayBuffer, iteration: number, number: number): void {
  new Uint32Array(body, 0, 2).set([iteration, number]);
}

/** Piece or checksum of a frame of this exchange. @throws `FAILED` for one of another iteration */
function numberIn({ body }: Frame, iteration: number, rank: number): number {
  const [found, number] = new Uint32Array(body, 0, Math.min(2, body.byteLength >> 2));
  if (found === iteration && number !== undefined) return number;
  throw outOfStep(rank, `a message of iteration ${found}`, `one of iteration ${iteration}`);
}

function pieceAt(pieces: readonly Piece[], number: number, kind: FrameKind, rank: number): Piece {
  const piece = pieces[number];
  if (piece !== undefined && (kind === kinds.partial || kind === kinds.total)) return piece;
  throw outOfStep(rank, `piece ${number} in a frame of kind ${kind}`, `one of ${pieces.length} pieces`);
}

function outOfStep(rank: number, found: string, expected: string) {
  return failedError({
    where: `rank ${rank}`,
    found,
    expected,
    todo: "Use the same version of kshot on all machines, and continue from the checkpoint",
  });
}

function otherParameters(rank: number, iteration: number) {
  return failedError({
    where: `rank ${rank}, meta-gradient ${iteration}`,
    found: "other parameters than rank 0's",
    expected: "the same bits in all ranks",
    todo: "Use the same version of Node.js on all machines, and continue from the checkpoint",
  });
}
