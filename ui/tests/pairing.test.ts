import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pairing, phaseOf } from "../src/features/pairing/pairing.svelte";
import type { DeviceState, DeviceView } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { device, NOON } from "./people";

const qr = (expiresAt: number): DeviceState => ({
  kind: "pairing",
  step: { kind: "qr", size: 2, modules: ["10", "01"], expiresAt },
});

let core: FakeCore;
let pairing: Pairing;
const settle = (command: Promise<DeviceView>) => command;

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  core = new FakeCore();
  pairing = new Pairing(core, 1, settle);
});

afterEach(() => {
  pairing.close();
  vi.useRealTimers();
});

describe("the code on screen", () => {
  it("counts down to its end", () => {
    pairing.open(qr(NOON + 20_000));
    const at = () => phaseOf(qr(NOON + 20_000), pairing.now);

    const first = at();
    vi.advanceTimersByTime(5_000);
    const later = at();

    expect(first).toMatchObject({ kind: "qr", left: 20_000 });
    expect(later).toMatchObject({ kind: "qr", left: 15_000 });
    expect(speech.countdown(15_000)).toBe("0:15");
  });

  it("is taken away when it no longer works, though its successor is not there yet", () => {
    expect(phaseOf(qr(NOON), NOON)).toEqual({ kind: "renewing" });
  });

  it("gives way to its successor", () => {
    expect(phaseOf(qr(NOON + 60_000), NOON + 20_000)).toMatchObject({ kind: "qr", left: 40_000 });
  });

  it("stops counting when the screen is left", () => {
    pairing.open(qr(NOON + 20_000));
    pairing.close();
    const before = pairing.now;
    vi.advanceTimersByTime(5_000);
    expect(pairing.now).toBe(before);
  });
});

describe("asking for codes", () => {
  it.each(["logged_out", "stopped"] as const)("begins by itself for a device that is %s", async (kind) => {
    pairing.open({ kind });
    await vi.advanceTimersByTimeAsync(0);
    expect(core.callsOf("device_pair_start")).toEqual([{ deviceId: 1 }]);
  });

  it("waits for the operator when the codes have expired", async () => {
    pairing.open({ kind: "pairing", step: { kind: "expired" } });
    await vi.advanceTimersByTimeAsync(0);
    expect(core.callsOf("device_pair_start"), "nobody asked").toEqual([]);

    await pairing.showCode();
    expect(core.callsOf("device_pair_start")).toEqual([{ deviceId: 1 }]);
  });

  it("says why there is no code", async () => {
    core.failNext("device_pair_start", { kind: "refused", code: "gateway_unreachable" });
    await pairing.showCode();
    expect(pairing.fault?.code).toBe("gateway_unreachable");
    expect(pairing.busy).toBe(false);
  });

  it("ends them when it is put off", async () => {
    await pairing.leave();
    expect(core.callsOf("device_pair_stop")).toEqual([{ deviceId: 1 }]);
  });
});

describe("after the scan", () => {
  it("shows how far the chats are, then that it is linked", () => {
    expect(phaseOf({ kind: "syncing", done: 3, total: 12 }, NOON)).toEqual({ kind: "syncing", done: 3, total: 12 });
    expect(phaseOf(device().state, NOON)).toEqual({ kind: "linked" });
  });

  it("is told to stop once, and says so when it cannot be told", async () => {
    core.failNext("device_sync_stop", { kind: "refused", code: "not_found" });
    await pairing.stopSync();
    expect(pairing.fault?.code).toBe("not_found");
    expect(pairing.stopping, "it can be asked again").toBe(false);

    await pairing.stopSync();
    expect(core.calls.filter((call) => call.command === "device_sync_stop")).toHaveLength(2);
    expect(pairing.stopping).toBe(true);
  });

  it("says trouble when the gateway cannot be used", () => {
    expect(phaseOf({ kind: "degraded", since: NOON, why: "unreachable" }, NOON)).toEqual({ kind: "trouble" });
    expect(phaseOf({ kind: "unconfigured", why: "token_rejected" }, NOON)).toEqual({ kind: "trouble" });
  });
});

const typedCode = (expiresAt: number): DeviceState => ({
  kind: "pairing",
  step: { kind: "typed_code", code: "A2CD9FGH", expiresAt },
});

describe("a code to type", () => {
  it("is shown in two halves until its end, and then said to have ended", () => {
    expect(phaseOf(typedCode(NOON + 60_000), NOON)).toEqual({ kind: "typed", code: "A2CD-9FGH", left: 60_000 });
    expect(phaseOf(typedCode(NOON), NOON)).toEqual({ kind: "typed_ended" });
    expect(phaseOf({ kind: "pairing", step: { kind: "typed_code_ended" } }, NOON)).toEqual({ kind: "typed_ended" });
  });

  it("is asked for with the number as it was written", async () => {
    pairing.giveNumber();
    pairing.phone = " +51 900 000 010 ";
    await pairing.askTyped();

    expect(core.callsOf("device_pair_code")).toEqual([{ deviceId: 1, phone: "+51 900 000 010" }]);
    expect(pairing.giving, "the code takes the form's place").toBe(false);
  });

  it("leaves the form and what was written when the number is refused", async () => {
    pairing.giveNumber();
    pairing.phone = "900";
    core.failNext("device_pair_code", { kind: "refused", code: "number_invalid" });
    await pairing.askTyped();

    expect(pairing.fault?.code).toBe("number_invalid");
    expect([pairing.giving, pairing.phone]).toEqual([true, "900"]);
  });

  it("gives way to the QR code that is still there without asking for another", async () => {
    pairing.giveNumber();
    await pairing.backToQr(qr(NOON + 20_000));
    expect(pairing.giving).toBe(false);
    expect(core.callsOf("device_pair_start")).toEqual([]);

    await pairing.backToQr(typedCode(NOON + 60_000));
    expect(core.callsOf("device_pair_start"), "none was on show").toEqual([{ deviceId: 1 }]);
  });

  it("is copied, or said not to be", async () => {
    const taken: string[] = [];
    await pairing.copy("A2CD-9FGH", { writeText: async (text) => void taken.push(text) });
    expect([taken, pairing.copied]).toEqual([["A2CD-9FGH"], "yes"]);

    await pairing.copy("A2CD-9FGH", { writeText: () => Promise.reject(new Error("denied")) });
    expect(pairing.copied).toBe("no");
  });
});

describe("a passkey", () => {
  it("has a screen of its own until the number is linked", () => {
    expect(phaseOf({ kind: "pairing", step: { kind: "passkey" } }, NOON)).toEqual({ kind: "passkey" });
    expect(phaseOf(device().state, NOON)).toEqual({ kind: "linked" });
  });
});
