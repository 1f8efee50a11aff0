import { scaleLinear } from "d3-scale";
import { describe, expect, it } from "vitest";
import { axisBelow, axisLeft, digitsOf, plainTick, signedTick, ticksWithRoom } from "./axis.js";
import { logTicks } from "./log-ticks.js";
import { textWidth } from "./text-width.js";

const texts = (markup: { text: string }) => [...markup.text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1]!);

describe("ticks", () => {
  it("of whole numbers are whole", () => {
    const x = scaleLinear().domain([0, 3]).range([0, 900]);
    const marked = texts(axisBelow(x, { y: 10, top: 0, ticks: 8, integers: true, label: "support pairs" })).slice(
      0,
      -1,
    );
    expect(marked).toEqual(["0", "1", "2", "3"]);
  });

  it.each([300, 160, 90])("do not touch at %d pixels, and first and last stay if there is space", (width) => {
    for (const high of [0.5, 4000, 123456]) {
      const x = scaleLinear().domain([0, high]).range([0, width]);
      const ticks = ticksWithRoom(x, { ticks: 8, format: plainTick });
      const digits = digitsOf(ticks);
      ticks.slice(1).forEach((tick, i) => {
        const [a, b] = [ticks[i]!, tick];
        const room = x(b) - x(a) - (textWidth(plainTick(a, digits)) + textWidth(plainTick(b, digits))) / 2;
        expect(room).toBeGreaterThan(4);
      });
      expect(ticks.length).toBeGreaterThan(0);
    }
  });

  it("at given positions are left out if they would touch", () => {
    const x = scaleLinear().domain([0, 50]).range([0, 300]);
    expect(ticksWithRoom(x, { ticks: [0, 1, 5, 10, 20, 50], format: plainTick })).toEqual([0, 5, 10, 20, 50]);
  });

  it("have the digits that tell them apart, 0 without a sign", () => {
    const x = scaleLinear().domain([-0.004, 0.004]).range([200, 0]);
    const marked = texts(axisLeft(x, { x: 0, right: 100, format: signedTick, ticks: 5 }));
    expect(marked).toContain("0");
    expect(marked).toContain("+0.002");
    expect(marked).toContain("−0.002");
    expect(new Set(marked).size).toBe(marked.length);
    expect(plainTick(12000, 0)).toBe("12,000");
    expect(plainTick(-0, 2)).toBe("0");
  });

  it("of a log axis are powers of ten, or more where these are few", () => {
    expect(logTicks(0.0001, 0.5)).toEqual([0.0001, 0.001, 0.01, 0.1]);
    expect(logTicks(0.02, 0.3)).toEqual([0.02, 0.05, 0.1, 0.2]);
  });
});
