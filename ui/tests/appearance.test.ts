import { beforeEach, describe, expect, it } from "vitest";
import { Appearance } from "../src/features/preferences/appearance.svelte";
import { FakeCore } from "./fake-core";

const root = document.documentElement;
let core: FakeCore;

beforeEach(() => {
  localStorage.clear();
  core = new FakeCore();
});

describe("the look", () => {
  it("is on the page at once and there again at the next start", () => {
    new Appearance(core).choose({ density: "compact", contrast: "more" });
    expect([root.dataset.density, root.dataset.contrast]).toEqual(["compact", "more"]);

    const again = new Appearance(core);
    expect([again.density, again.contrast, again.rowHeight]).toEqual(["compact", "more", 52]);
    again.choose({ contrast: "auto" });
    expect(root.dataset.contrast, "as the system has it").toBeUndefined();
  });

  it("zooms step by step to an end, is kept, and goes back to normal", () => {
    const look = new Appearance(core);
    for (let step = 0; step < 20; step += 1) look.step(1);
    expect(look.zoom).toBe(2);
    expect(new Appearance(core).zoom, "kept").toBe(2);
    expect(core.zooms.at(-1), "and put on the window at the start").toBe(2);
    look.step(0);
    expect(core.zooms.at(-1)).toBe(1);
  });

  it("leaves zoom to a browser that does it itself", () => {
    const look = new Appearance({ zoomTo: () => false });
    expect(look.step(1), "the key is not used up").toBe(false);
    expect(look.zoom).toBe(1);
  });

  it("does not stumble over something else that was kept under its name", () => {
    for (const kept of ["", "null", "7", '{"zoom":99,"density":{}}']) {
      localStorage.setItem("mostrador.look", kept);
      const look = new Appearance(core);
      expect([look.density, look.contrast, look.zoom]).toEqual(["comfortable", "auto", 1]);
    }
  });
});
