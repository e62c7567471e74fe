import type { HookHealth, HookWayView } from "../../src/platform";
import type { Shop } from "../../src/views/shop.svelte";
import type { FakeCore } from "../fake-core";
import { hookCall, hookWay } from "../hook-calls";
import { device } from "../people";
import type { Scene } from "./scenes";

const aMoment = (ms = 250) => new Promise((done) => setTimeout(done, ms));
const ADDRESS = "https://tienda.example";

/** A number of which this is known. */
function base(health: HookHealth, way: Partial<HookWayView> = {}) {
  return (core: FakeCore) => {
    core.devices = [device()];
    const canTest = ["never", "alive", "silent", "failing"].includes(health.kind);
    core.hookRoute = { health, lastAt: null, lastGoodAt: null, canTest, way: hookWay(way) };
  };
}

/** Opens the screen, as somebody would who looks why nothing came. */
async function open(_core: FakeCore, shop: Shop) {
  shop.openHooks(1);
  for (let tries = 0; tries < 40 && !document.querySelector("#way, h1 ~ p.outside"); tries++) await aMoment(100);
  await aMoment();
}

function press(selector: string) {
  return async (core: FakeCore, shop: Shop) => {
    await open(core, shop);
    document.querySelector<HTMLElement>(selector)?.click();
    await aMoment();
    document.querySelector(".notice, [aria-invalid=true]")?.scrollIntoView({ block: "center" });
  };
}

async function typed(core: FakeCore, shop: Shop) {
  await open(core, shop);
  const field = document.querySelector<HTMLInputElement>("form input");
  if (!field) return;
  field.value = "http://tienda.example";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await aMoment(50);
  field.form?.requestSubmit();
  await aMoment();
  field.scrollIntoView({ block: "center" });
}

const CALLS = (core: FakeCore) => {
  base({ kind: "failing", verdict: "bad_signature" }, { address: ADDRESS, told: { kind: "known" } })(core);
  core.hookRoute = { ...core.hookRoute, lastAt: Date.now() - 60_000, lastGoodAt: Date.now() - 3_600_000 };
  core.hookCalls = [
    hookCall(6, "bad_signature"),
    hookCall(5, "malformed"),
    hookCall(4, "unknown"),
    hookCall(3, "duplicate"),
    hookCall(2, "accepted"),
    hookCall(1, "accepted"),
  ];
};

export const HOOK_SCENES: Record<string, Scene> = {
  hooks: { before: CALLS, after: open },
  "hooks-call": { before: CALLS, after: press("li:last-child > button[data-hook]") },
  "hooks-not-offered": { before: base({ kind: "not_offered" }, { offered: false }), after: open },
  "hooks-way-none": { before: base({ kind: "out_of_reach" }), after: open },
  "hooks-way-invalid": { before: base({ kind: "out_of_reach" }), after: typed },
  "hooks-way-refused": {
    before: base({ kind: "refused" }, { address: ADDRESS, told: { kind: "refused" } }),
    after: open,
  },
  "hooks-way-port-taken": {
    before: base({ kind: "port_taken" }, { address: ADDRESS, told: { kind: "not_yet" }, portTaken: true }),
    after: open,
  },
  "hooks-way-arrived": {
    before: base({ kind: "alive" }, { address: ADDRESS, told: { kind: "known" } }),
    after: press("section[aria-labelledby] > .row button"),
  },
  "hooks-way-somebody-else": {
    before: (core) => {
      base({ kind: "never" }, { address: ADDRESS, told: { kind: "known" } })(core);
      core.hookProbed = { kind: "somebody_else", status: 502 };
    },
    after: press("section[aria-labelledby] > .row button"),
  },
};
