import type { ParameterVector } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { joinLanes, type Lane } from "./lane.js";

/** Largest number of nodes in a joined lane: larger matrix products are not faster per node. */
const mostNodes = 4096;

/** Batches at one θ as a single lane: evaluation without adaptation needs one copy of θ, and no task axis. */
export interface JoinedLane {
  readonly theta: ParameterVector;
  readonly lane: Lane;
  /** Numbers of the batches in the lane, in the order of their pairs. */
  readonly members: readonly number[];
}

/** Joins successive batches whose θ is the same array. */
export function joinForLogits(
  thetas: readonly ParameterVector[],
  lanes: readonly Lane[],
  config: GruConfig,
): JoinedLane[] {
  const groups: number[][] = [];
  let nodes = 0;
  const joins = (a: number, b: number) =>
    thetas[a] === thetas[b] && lanes[a].stateDropout === null && lanes[b].stateDropout === null;
  for (const [i, { forest }] of lanes.entries()) {
    const group = groups.at(-1);
    if (group !== undefined && joins(group[0], i) && nodes + forest.items.length <= mostNodes) {
      group.push(i);
      nodes += forest.items.length;
    } else {
      groups.push([i]);
      nodes = forest.items.length;
    }
  }
  return groups.map((members) => ({
    theta: thetas[members[0]],
    lane: joinLanes(
      members.map((i) => lanes[i]),
      config,
    ),
    members,
  }));
}
