import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findLease, takeLease } from "./lease.js";
import { thisProcess } from "./process-identity.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kshot-lease-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const leases = () => readdirSync(folder).filter((name) => name.startsWith("lease."));
/** Sets the lease's last renewal to some seconds ago. */
const age = (seconds: number) => {
  const time = Date.now() / 1000 - seconds;
  for (const name of leases()) utimesSync(join(folder, name), time, time);
};

describe("a lease", () => {
  it("is held by one of many that ask at one time", async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => takeLease(folder, 60)));
    expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["lease.1"]);
  });

  it("that was abandoned is taken over by one of many, and its old holder notices", async () => {
    const left = await takeLease(folder, 60);
    age(61);
    const asked = await Promise.all(Array.from({ length: 20 }, () => takeLease(folder, 60)));
    const [winner, ...others] = asked.filter((lease) => lease !== null);
    expect(others).toEqual([]);
    expect(leases()).toEqual(["lease.2"]);
    expect(await left?.renew()).toBe(false);
    await left?.release();
    expect(await winner?.renew()).toBe(true);
    await winner?.release();
    expect(leases()).toEqual([]);
  });

  it("that is renewed never counts as abandoned", async () => {
    const lease = await takeLease(folder, 60);
    age(61);
    expect(await lease?.renew()).toBe(true);
    expect(await takeLease(folder, 60)).toBeNull();
  });

  it.each([3_600_000, -3_600_000])(
    "takes its age from the file system: a clock that is %d ms off changes nothing",
    async (off) => {
      await takeLease(folder, 60);
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + off });
      expect(await takeLease(folder, 60)).toBeNull();
      expect(Math.abs((await findLease(folder))?.age ?? 99)).toBeLessThan(30);
    },
  );

  it("of an ended process of this machine is taken over at once, of another machine when it is old", async () => {
    writeFileSync(join(folder, "lease.1"), `token 999999999 1 ${hostname()}\n`);
    expect(await findLease(folder)).toMatchObject({ dead: true, holder: { pid: 999999999 } });
    expect(await takeLease(folder, 60)).not.toBeNull();
    rmSync(join(folder, "lease.2"));
    writeFileSync(join(folder, "lease.1"), "token 999999999 1 elsewhere\n");
    expect(await findLease(folder)).toMatchObject({ dead: false });
    expect(await takeLease(folder, 60)).toBeNull();
    age(61);
    expect(await takeLease(folder, 60)).not.toBeNull();
  });

  it("of a process whose number is another's by now, or whose machine was started again, is not its", async () => {
    await takeLease(folder, 60);
    const own = readFileSync(join(folder, "lease.1"), "utf8");
    expect(await findLease(folder)).toMatchObject({ dead: false, holder: { pid: process.pid, host: hostname() } });
    const { machine, started } = thisProcess();
    expect(own).toMatch(new RegExp(`\\n${machine} ${started}\\n$`));
    // Started at another time: the process of this number is another one.
    writeFileSync(join(folder, "lease.1"), own.replace(` ${started}\n`, ` ${Number(started) + 1}\n`));
    expect(await findLease(folder)).toMatchObject({ dead: true });
    // Of another boot or container: the process cannot be checked, so its age decides.
    writeFileSync(join(folder, "lease.1"), own.replace(`\n${machine} `, "\n00000000 "));
    expect(await findLease(folder)).toMatchObject({ dead: false });
    // As an older version wrote it, which had the first line alone.
    writeFileSync(join(folder, "lease.1"), own.replace(/\n[^\n]+\n$/, "\n"));
    expect(await findLease(folder)).toMatchObject({ dead: false, holder: { pid: process.pid } });
  });

  it("is not found if there is none", async () => {
    expect(await findLease(folder)).toBeNull();
    expect(await findLease(join(folder, "nowhere"))).toBeNull();
  });
});
