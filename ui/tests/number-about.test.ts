import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import DeviceCard from "../src/features/devices/DeviceCard.svelte";
import { Devices } from "../src/features/devices/devices.svelte";
import { type Capabilities, type DeviceState, Feed } from "../src/platform";
import { speech } from "../src/words";
import { told as linking } from "../src/words/linking.svelte";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

let core: FakeCore;
let devices: Devices;
let shown: ReturnType<typeof mount> | null = null;

beforeEach(() => {
  core = new FakeCore();
  linking.take("es", written("linking", "es"));
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function drawn(): Promise<void> {
  await settled();
  flushSync();
}

/** The card of a number that can do this. */
async function card(part: Partial<Capabilities> = {}, state: DeviceState = { kind: "online" }): Promise<void> {
  const { capabilities } = device();
  core.devices = [device({ state, capabilities: { ...capabilities, ...part } })];
  devices = new Devices(core, new Feed(core));
  await devices.load();
  const nothing = () => {};
  const props = {
    get device() {
      return devices.byId(1) ?? device();
    },
    ...{ devices, platform: core, onpair: nothing, onexplore: nothing, oncalls: nothing },
  };
  shown = mount(DeviceCard, { target: document.body, props });
  await drawn();
}

const words = () => speech.words.number;
const control = () => document.querySelector<HTMLInputElement>('[role="switch"]');
const button = (name: string) =>
  [...document.querySelectorAll<HTMLButtonElement>("button")].find((one) => one.textContent?.trim() === name);
const dialog = () => document.querySelector('[role="dialog"]');
const press = async (name: string) => {
  button(name)?.click();
  await drawn();
};

describe("a number's card", () => {
  it.each([
    { flag: "presence" as const, there: () => control() !== null },
    { flag: "profile" as const, there: () => button(words().profile) !== undefined },
    { flag: "planLimits" as const, there: () => button(words().limits) !== undefined },
  ])("shows what needs $flag where the gateway can, and nowhere else", async ({ flag, there }) => {
    await card({ [flag]: true });
    expect(there()).toBe(true);
    if (shown) void unmount(shown);
    document.body.replaceChildren();
    await card({ [flag]: false });
    expect(there()).toBe(false);
  });

  it("offers nothing of the phone's while no phone is linked", async () => {
    await card({}, { kind: "logged_out" });
    expect(control()).toBeNull();
    expect(button(words().profile)).toBeUndefined();
    expect(button(words().limits), "the plan is the gateway's").toBeDefined();
  });
});

describe("whether customers see a number as online", () => {
  it("is switched by hand, and shows what holds", async () => {
    await card();
    expect(control()?.checked, "away until a person says otherwise").toBe(false);
    control()?.click();
    await drawn();
    expect(core.callsOf("presence_set")).toEqual([{ deviceId: 1, available: true }]);
    expect(devices.byId(1)?.shownOnline).toBe(true);
    expect(control()?.checked).toBe(true);
  });

  it("stays as it was when the gateway did not take it, and says so", async () => {
    await card();
    core.failNext("presence_set", { kind: "refused", code: "gateway_unreachable" });
    control()?.click();
    await drawn();
    expect(control()?.checked).toBe(false);
    expect(document.body.textContent).toContain(speech.words.errors.gateway_unreachable.what);
  });
});

describe("the plan of a number", () => {
  it("is not asked for by itself: each question is a call", async () => {
    await card();
    expect(core.callsOf("device_limits")).toEqual([]);
  });

  it("is told beside what was used, what is left and since when", async () => {
    await card();
    await press(words().limits);
    const said = dialog()?.textContent ?? "";
    const since = core.limits.calls?.since ?? 0;
    expect(said).toContain(words().callsUsed("412", speech.number(1_000), speech.when(since), "588"));
    for (const figure of ["150", "38", "112"]) expect(said, "messages").toContain(figure);
  });

  it("that has no limits, or does not say, still tells what was used", async () => {
    core.limits = { ...core.limits, plan: null, calls: null };
    await card();
    await press(words().limits);
    expect(dialog()?.textContent).toContain(words().noLimits);
    expect(dialog()?.textContent).toContain("112");
    expect(dialog()?.textContent).not.toContain(words().allowed);
  });

  it("that could not be read is said so, and can be asked for again", async () => {
    core.failNext("device_limits", { kind: "refused", code: "gateway_error" });
    await card();
    await press(words().limits);
    expect(dialog()?.textContent).toContain(words().limitsFailed);
    await press(speech.words.common.retry);
    expect(dialog()?.textContent).toContain("112");
  });
});

describe("the profile of a number", () => {
  const field = (label: string) =>
    [...document.querySelectorAll("label")].find((one) => one.textContent?.includes(label))
      ?.control as HTMLInputElement;
  const write = async (label: string, text: string) => {
    const input = field(label);
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await drawn();
  };

  it("sends what is otherwise, and only that", async () => {
    await card();
    await press(words().profile);
    expect(field(words().name).value).toBe("La Canela");
    expect(button(speech.words.common.save)?.disabled, "nothing is otherwise yet").toBe(true);
    await write(words().name, "La Canela 2");
    await press(speech.words.common.save);
    expect(core.callsOf("profile_set")).toEqual([{ deviceId: 1, name: "La Canela 2" }]);
  });

  it("keeps what was typed when it could not be saved", async () => {
    await card();
    await press(words().profile);
    await write(words().about, "Cerrado hoy");
    core.failNext("profile_set", { kind: "refused", code: "refused" });
    await press(speech.words.common.save);
    expect(dialog()?.textContent).toContain(words().profileUnsaved);
    expect(field(words().about).value).toBe("Cerrado hoy");
    await press(speech.words.common.save);
    expect(core.profile.about).toBe("Cerrado hoy");
  });
});
