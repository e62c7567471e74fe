import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import ChatRows from "../src/features/chats/ChatRows.svelte";
import { ChatList } from "../src/features/chats/chat-list.svelte";
import FilterBar from "../src/features/chats/FilterBar.svelte";
import { Labels } from "../src/features/chats/labels.svelte";
import { Picks } from "../src/features/chats/picks.svelte";
import { Appearance, type Density } from "../src/features/preferences/appearance.svelte";
import { Feed } from "../src/platform";
import { FakeCore } from "./fake-core";
import { device, label, manyChats, NOON } from "./people";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
  localStorage.clear();
});

const tokens = readFileSync(join(import.meta.dirname, "../src/parts/theme/tokens.css"), "utf8");

/** As the theme has it, for one density. */
function drawnHigh(density: Density): number {
  const rule =
    density === "compact" ? /\[data-density="compact"\]\s*{[^}]*--chat-row:\s*(\d+)px/ : /--chat-row:\s*(\d+)px/;
  return Number(rule.exec(tokens)?.[1]);
}

describe.each([
  ["comfortable", 68],
  ["compact", 52],
] as const)("the list of chats, %s", (density, height) => {
  it(`has rows of ${height} pixels, each where the one before it ends`, async () => {
    const core = new FakeCore();
    core.chats = manyChats(5);
    const appearance = new Appearance(core);
    appearance.choose({ density });
    const feed = new Feed(core);
    const list = new ChatList(core, feed);
    await list.refresh();
    const props = {
      list,
      picks: new Picks(() => undefined),
      labels: new Labels(core, feed),
      devices: [device()],
      openId: null,
      now: NOON,
      rowHeight: appearance.rowHeight,
      underMenu: [],
      onopen: () => {},
      onmenu: () => {},
    };
    shown = mount(ChatRows, { target: document.body, props });
    flushSync();

    const places = [...document.querySelectorAll<HTMLElement>("[data-chat]")].map((row) =>
      Number.parseInt(row.style.insetBlockStart, 10),
    );
    expect(places.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4].map((at) => at * height));
    expect(drawnHigh(density), "the theme draws them as high").toBe(height);
    expect(document.documentElement.dataset.density).toBe(density);
  });
});

describe("a label that the list is narrowed to", () => {
  it("stands in a chip, and goes with it", () => {
    const asked: unknown[] = [];
    const props = {
      query: { filter: "unread" as const, labelId: 2, deviceId: null },
      labels: [label({ id: 2, name: "Pago pendiente" })],
      devices: [device()],
      onask: (query: unknown) => void asked.push(query),
    };
    shown = mount(FilterBar, { target: document.body, props });
    flushSync();
    const chip = document.querySelector(".chips li");
    expect(chip?.textContent).toContain("Pago pendiente");
    chip?.querySelector("button")?.click();
    expect(asked, "the other filters stay").toEqual([{ filter: "unread", labelId: null, deviceId: null }]);
  });
});
