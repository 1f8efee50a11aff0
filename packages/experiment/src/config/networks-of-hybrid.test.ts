import { expect, it } from "vitest";
import { networksOfHybrid } from "./networks-of-hybrid.js";

it.each([
  [6_612, 111_645, 10],
  [20_000, 250_000, 10],
  [20_001, 250_000, 5],
  [6_612, 250_001, 5],
  [100_000, 1_000_000, 5],
  [100_001, 100_000, 3],
  [6_612, 1_000_001, 3],
  [1_000_000, 10_000_000, 3],
  [1_000_001, 100_000, 1],
  [6_612, 10_000_001, 1],
])(
  "%i train pairs and %i parameters: %i networks, unless the setting says otherwise",
  (trainPairs, parameters, networks) => {
    expect(networksOfHybrid({}, { trainPairs, parameters })).toBe(networks);
    expect(networksOfHybrid({ hybrid_networks: 2 }, { trainPairs, parameters })).toBe(2);
  },
);
