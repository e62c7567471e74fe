import { mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import HookList from "../src/features/hooks/HookList.svelte";
import HookPane from "../src/features/hooks/HookPane.svelte";
import { Hooks } from "../src/features/hooks/hooks.svelte";
import RoutePane from "../src/features/hooks/RoutePane.svelte";
import { ago } from "../src/features/hooks/verdicts";
import WayPane from "../src/features/hooks/WayPane.svelte";
import { Feed, type HookHealth, type HookProbed, type HookTold } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { hookCall, hookWay } from "./hook-calls";
import { hookWords } from "./sheets";

const words = hookWords("es");
let core: FakeCore;
let hooks: Hooks;
const shown: Record<string, unknown>[] = [];

function place(render: (target: HTMLElement) => Record<string, unknown>): HTMLElement {
  const target = document.body.appendChild(document.createElement("div"));
  shown.push(render(target));
  return target;
}

beforeEach(async () => {
  core = new FakeCore();
  core.hookCalls = [
    hookCall(4, "bad_signature"),
    hookCall(3, "unknown"),
    hookCall(2, "accepted"),
    hookCall(1, "accepted"),
  ];
  const feed = new Feed(core);
  void feed.open();
  hooks = new Hooks(core, feed, 1);
  await hooks.load();
});

afterEach(async () => {
  for (const one of shown.splice(0)) await unmount(one);
  document.body.replaceChildren();
  hooks.leave();
});

describe("the list", () => {
  it("is filtered by verdict, and the filter is taken away where it leaves nothing", async () => {
    const list = place((target) => mount(HookList, { target, props: { hooks, words } }));
    await Promise.resolve();
    expect(list.querySelectorAll("[data-hook]").length).toBe(4);
    hooks.filter("accepted");
    await Promise.resolve();
    expect(list.querySelectorAll("[data-hook]").length).toBe(2);
    hooks.filter("malformed");
    await Promise.resolve();
    expect(list.textContent).toContain(words.emptyFiltered);
    list.querySelector<HTMLElement>(".none button")?.click();
    expect(hooks.verdict).toBe(null);
  });

  it("is one stop of the Tab key; arrows go through it", async () => {
    const list = place((target) => mount(HookList, { target, props: { hooks, words } }));
    await Promise.resolve();
    const buttons = [...list.querySelectorAll<HTMLElement>("[data-hook]")];
    expect(buttons.map((button) => button.tabIndex)).toEqual([0, -1, -1, -1]);
    buttons[0]?.focus();
    buttons[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    expect(document.activeElement).toBe(buttons[1]);
  });

  it("says so when no call has come", async () => {
    core.hookCalls = [];
    await hooks.load();
    const list = place((target) => mount(HookList, { target, props: { hooks, words } }));
    await Promise.resolve();
    expect(list.textContent).toContain(words.empty);
  });
});

describe("a call", () => {
  it("can be taken in again, and says that nothing changed", async () => {
    await hooks.choose(2);
    await hooks.replay(2);
    if (!hooks.detail) throw new Error("it was chosen");
    const props = { hooks, detail: hooks.detail, words };
    const pane = place((target) => mount(HookPane, { target, props }));
    await Promise.resolve();
    expect(core.callsOf("hook_replay")).toEqual([{ deviceId: 1, callId: 2 }]);
    expect(pane.textContent).toContain(words.replayed.duplicate);
  });

  it("of which nothing is held offers no such thing", async () => {
    await hooks.choose(4);
    if (!hooks.detail) throw new Error("it was chosen");
    const props = { hooks, detail: hooks.detail, words };
    const pane = place((target) => mount(HookPane, { target, props }));
    await Promise.resolve();
    expect(pane.querySelector("button")).toBe(null);
    expect(pane.textContent).toContain(words.notHeld);
    expect(pane.textContent).toContain(words.unread);
    expect(pane.textContent, "nobody knows what it was about").not.toContain(words.nothing);
  });

  it("of which something is held that cannot be shown is taken in again all the same", async () => {
    const props = { hooks, detail: { ...hookCall(2, "accepted"), structure: null }, words };
    const pane = place((target) => mount(HookPane, { target, props }));
    await Promise.resolve();
    expect(pane.querySelector("button")?.textContent).toContain(words.replay);
    expect(pane.textContent).toContain(words.notShown);
    expect(pane.textContent, "it is held").not.toContain(words.notHeld);
    expect(pane.querySelector("pre")).toBe(null);
  });

  it("that could not be stored is said to be taken in again only while it is held", async () => {
    const text = (held: boolean) => {
      const props = { hooks, detail: hookCall(5, "not_stored", { held }), words };
      return place((target) => mount(HookPane, { target, props })).textContent;
    };
    expect(text(false)).toContain(words.notStoredGone);
    expect(text(true)).toContain(words.means.not_stored);
  });

  it("that has gone meanwhile is a fault in words", async () => {
    await hooks.choose(99);
    expect(hooks.detail).toBe(null);
    expect(hooks.actFault?.code).toBe("not_found");
  });
});

describe("the route", () => {
  const pane = (health: HookHealth, canTest = true) => {
    const route = { health, lastAt: null, lastGoodAt: null, canTest, way: hookWay() };
    return place((target) => mount(RoutePane, { target, props: { hooks, route, words, now: Date.now() } }));
  };

  it("says in every state what is and what to do", () => {
    const kinds = ["not_offered", "out_of_reach", "port_taken", "not_yet", "refused", "never", "alive"] as const;
    for (const kind of kinds) {
      const text = pane({ kind }).textContent;
      expect(text).toContain(words.titles[kind]);
      expect(text).toContain(words.whats[kind]);
    }
    expect(pane({ kind: "silent", since: Date.now() }).textContent).toContain(words.whats.silent);
    for (const verdict of ["bad_signature", "malformed", "not_stored"] as const) {
      expect(pane({ kind: "failing", verdict }).textContent).toContain(words.failing[verdict]);
    }
  });

  it("is tested with one click where the gateway can, and says whether the call arrived", async () => {
    expect(pane({ kind: "alive" }, false).querySelector("button")).toBe(null);
    core.hookArrives = false;
    const tested = pane({ kind: "never" });
    tested.querySelector("button")?.click();
    await expect.poll(() => tested.textContent).toContain(words.lost);
  });
});

describe("the way in from the internet", () => {
  const pane = () => {
    const way = hooks.route?.way ?? hookWay();
    return place((target) => mount(WayPane, { target, props: { hooks, way, words } }));
  };
  const button = (in_: HTMLElement, name: string) =>
    [...in_.querySelectorAll("button")].find((one) => one.textContent?.trim() === name);
  const stored = async (address: string | null, told: Exclude<HookTold["kind"], "earlier_kept">, part = {}) => {
    core.hookRoute = { ...core.hookRoute, way: hookWay({ address, told: { kind: told }, ...part }) };
    await hooks.load();
  };

  it("says what the gateway knows in every state, and that Mostrador asks by itself while it does not", async () => {
    for (const kind of [
      "nothing",
      "nothing_alone",
      "not_yet",
      "leads_elsewhere",
      "not_proved",
      "known",
      "known_alone",
      "refused",
      "refused_here",
      "not_yet_taken_back",
    ] as const) {
      const none = ["nothing", "nothing_alone", "refused_here", "not_yet_taken_back"].includes(kind);
      await stored(none ? null : "https://tienda.example", kind);
      expect(pane().textContent).toContain(words.told[kind]);
    }
  });

  it("says by which address messages come while the next one leads nowhere", async () => {
    const told: HookTold = { kind: "earlier_kept", address: "https://antes.example" };
    core.hookRoute = { ...core.hookRoute, way: hookWay({ address: "https://tienda.example", told }) };
    await hooks.load();
    const said = pane().textContent;
    expect(said).toContain("https://antes.example");
    expect(said).not.toContain(words.told.not_proved);
  });

  it("shows where the tunnel is to end, and each line can be copied", async () => {
    const copied: string[] = [];
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => void copied.push(text));
    const shown = pane();
    for (const one of shown.querySelectorAll<HTMLElement>("dd button")) one.click();
    await expect.poll(() => copied.length).toBe(4);
    expect(copied[0]).toBe("http://127.0.0.1:24817");
    expect(copied.every((line) => line.includes("24817"))).toBe(true);
    expect(button(shown, speech.words.talk.links.copied)).toBeDefined();
  });

  it("stores what was typed by what was seen, and removes it again", async () => {
    hooks.typed = "https://tienda.example";
    await hooks.setAddress(hooks.typed);
    expect(core.callsOf("hook_address_set").at(-1)).toMatchObject({ seen: null, address: "https://tienda.example" });
    expect(hooks.route?.way.address).toBe("https://tienda.example");
    const shown = pane();
    button(shown, words.remove)?.click();
    await expect.poll(() => hooks.route?.way.address).toBe(null);
    expect(hooks.typed).toBe("");
  });

  it("says what is wrong with what was typed, and keeps it", async () => {
    hooks.typed = "http://tienda.example";
    const shown = pane();
    shown.querySelector("form")?.requestSubmit();
    await expect.poll(() => shown.querySelector("form")?.textContent).toContain(words.problems.not_https);
    expect(shown.querySelector("input")?.value).toBe("http://tienda.example");
    expect(shown.querySelector("input")?.getAttribute("aria-invalid")).toBe("true");
  });

  it("does not take away what somebody is typing when something is heard meanwhile", async () => {
    hooks.typed = "https://tie";
    await stored("https://otra.example", "known");
    expect(hooks.typed).toBe("https://tie");
    await hooks.setAddress(null);
    expect(hooks.typed, "what was removed is gone").toBe("");
  });

  it("is tested with one click, and says which step failed", async () => {
    await stored("https://tienda.example", "known");
    const shown = pane();
    const kinds = ["arrived", "port_taken", "name_not_found", "unsafe", "no_answer"] as const;
    const answers: [HookProbed, string][] = kinds.map((kind) => [{ kind }, words.probed[kind]]);
    answers.push([{ kind: "somebody_else", status: 502 }, words.somebodyElse("502")]);
    for (const [answer, text] of answers) {
      core.hookProbed = answer;
      button(shown, words.probe)?.click();
      await expect.poll(() => shown.textContent).toContain(text);
    }
  });

  it("offers another port where a program has taken ours", async () => {
    await stored(null, "nothing", { portTaken: true });
    const shown = pane();
    expect(shown.textContent).toContain(words.portTaken("24817"));
    button(shown, words.changePort)?.click();
    await expect.poll(() => hooks.route?.way.port).toBe(24_818);
  });
});

it("reads again when the gateway has called this number, and no longer once the screen is left", async () => {
  const before = core.callsOf("hook_list").length;
  core.changed({ topic: "hooks", deviceId: 2 });
  await Promise.resolve();
  expect(core.callsOf("hook_list").length, "another number's").toBe(before);
  core.changed({ topic: "hooks", deviceId: 1 });
  await expect.poll(() => core.callsOf("hook_list").length).toBe(before + 1);
  hooks.leave();
  core.changed({ topic: "hooks", deviceId: 1 });
  await Promise.resolve();
  expect(core.callsOf("hook_list").length).toBe(before + 1);
});

it("says how long ago in whole units", () => {
  const now = 1_000_000_000_000;
  expect(ago(now - 5_000, now, "es")).toBe("ahora");
  expect(ago(now - 3 * 60_000, now, "es")).toBe("hace 3 minutos");
  expect(ago(now - 2 * 3_600_000, now, "en")).toBe("2 hours ago");
});
