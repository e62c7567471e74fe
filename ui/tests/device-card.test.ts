import { mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import DeviceCard from "../src/features/devices/DeviceCard.svelte";
import { Devices } from "../src/features/devices/devices.svelte";
import DeviceList from "../src/features/rail/DeviceList.svelte";
import { type DeviceView, Feed } from "../src/platform";
import { speech } from "../src/words";
import { told as linking } from "../src/words/linking.svelte";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { written } from "./sheets";

let core: FakeCore;
let drawn: ReturnType<typeof mount>[] = [];

beforeEach(() => {
  core = new FakeCore();
  linking.take("es", written("linking", "es"));
});

afterEach(async () => {
  for (const one of drawn) await unmount(one);
  drawn = [];
});

/** What the card in Settings and the one at the rail say of a number. */
function told(one: DeviceView): { card: string; rail: string } {
  document.body.replaceChildren();
  const [inSettings, atRail] = [document.createElement("div"), document.createElement("div")];
  document.body.append(inSettings, atRail);
  const nothing = () => {};
  const props = { device: one, platform: core, onpair: nothing, onexplore: nothing, oncalls: nothing };
  const devices = new Devices(core, new Feed(core));
  drawn.push(mount(DeviceCard, { target: inSettings, props: { ...props, devices } }));
  drawn.push(mount(DeviceList, { target: atRail, props: { devices: [one], ongo: nothing } }));
  return { card: inSettings.textContent ?? "", rail: atRail.textContent ?? "" };
}

describe("a number", () => {
  it("that works is not said to be unlinked because its gateway never tells which it is", () => {
    const { card, rail } = told(device({ ownNumber: null }));
    for (const said of [card, rail]) {
      expect(said).toContain(speech.words.settings.numberUnsaid);
      expect(said).not.toContain(speech.words.settings.numberNone);
    }
  });

  it("that was never linked is said to be so, and nothing is blamed for it", () => {
    const { card, rail } = told(device({ ownNumber: null, state: { kind: "logged_out" } }));
    for (const said of [card, rail]) {
      expect(said).toContain(speech.words.settings.numberNone);
      expect(said, "it may never have been linked").not.toMatch(/otra vez|sesión/);
    }
  });

  it("is offered no fetching where its gateway tells nothing of what was before", () => {
    const one = device();
    expect(told(one).card).toContain(speech.words.settings.fetchRest);
    const capabilities = { ...one.capabilities, fetch: false };
    expect(told({ ...one, capabilities }).card).not.toContain(speech.words.settings.fetchRest);
  });
});
