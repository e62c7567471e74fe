import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import ChatRows from "../src/features/chats/ChatRows.svelte";
import { ChatList } from "../src/features/chats/chat-list.svelte";
import { Labels } from "../src/features/chats/labels.svelte";
import { Picks } from "../src/features/chats/picks.svelte";
import { Feed } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { device, MINUTE, manyChats, NOON } from "./people";

let core: FakeCore;
let list: ChatList;
let picks: Picks;
const onopen = vi.fn();
let shown: ReturnType<typeof mount>;

beforeEach(async () => {
  vi.useFakeTimers();
  core = new FakeCore();
  core.chats = manyChats(5);
  const feed = new Feed(core);
  feed.open();
  list = new ChatList(core, feed);
  await list.refresh();
  picks = new Picks((id) => list.rows.find((row) => row.id === id));
  onopen.mockClear();
  const props = {
    list,
    picks,
    labels: new Labels(core, feed),
    devices: [device()],
    openId: null,
    now: NOON,
    rowHeight: 68,
    underMenu: [],
    onopen,
    onmenu: () => {},
  };
  shown = mount(ChatRows, { target: document.body, props });
  flushSync();
});

afterEach(() => {
  void unmount(shown);
  vi.useRealTimers();
});

const around = () => document.querySelector(".rows") as HTMLElement;
const rows = () =>
  [...document.querySelectorAll<HTMLElement>("[data-chat]")]
    .toSorted(
      (one, other) => Number.parseInt(one.style.insetBlockStart, 10) - Number.parseInt(other.style.insetBlockStart, 10),
    )
    .map((row) => Number(row.dataset.chat));

async function hovered(): Promise<void> {
  around().dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", bubbles: true }));
  flushSync();
  core.receive(4, "¿Sigue?", NOON + MINUTE);
  await vi.advanceTimersByTimeAsync(60_000);
  flushSync();
}

describe("the rows under a pointer", () => {
  it("stay where they are however long it rests, and go to their places when it has gone", async () => {
    await hovered();
    expect(rows(), "a minute later").toEqual([1, 2, 3, 4, 5]);

    around().dispatchEvent(new PointerEvent("pointerleave"));
    flushSync();
    expect(rows()).toEqual([4, 1, 2, 3, 5]);
  });

  it("take the new order when somebody asks for it, and keep that one", async () => {
    await hovered();
    const button = [...document.querySelectorAll("button")].find((one) =>
      one.textContent?.includes(speech.words.list.newOrder),
    );
    button?.click();
    flushSync();
    expect(rows()).toEqual([4, 1, 2, 3, 5]);

    core.receive(5, "¿Y?", NOON + 2 * MINUTE);
    await vi.advanceTimersByTimeAsync(60_000);
    flushSync();
    expect(rows()).toEqual([4, 1, 2, 3, 5]);
  });
});

describe("the rows of those who wait for an answer", () => {
  const HOUR = 60 * MINUTE;

  beforeEach(async () => {
    const waits: Record<number, number> = { 1: 12 * MINUTE, 3: 27 * HOUR, 4: 3 * HOUR };
    core.chats = manyChats(5).map((row) => {
      const since = waits[row.id];
      return since === undefined ? row : { ...row, waitingSince: NOON - since };
    });
    await list.choose("unanswered");
    flushSync();
  });

  it("begin with whoever waits longest, and tell how long instead of when somebody wrote last", () => {
    expect(rows()).toEqual([3, 4, 1]);
    const times = [3, 4, 1].map((id) => document.querySelector(`[data-chat="${id}"] .time`));
    const read = times.map((time) => time?.textContent?.replace(/\s+/g, " ").trim());
    expect(read).toEqual(["1 d Espera hace 1 día", "3 h Espera hace 3 horas", "12 min Espera hace 12 minutos"]);
    expect(times[0]?.querySelector("[aria-hidden]")?.textContent, "what is seen is short").toMatch(/^1.d$/);
  });

  it("stay under a pointer when one is answered, and the answered one goes when it has gone", async () => {
    around().dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", bubbles: true }));
    flushSync();
    core.change(3, { waitingSince: null });
    core.changed({ topic: "chats" });
    await vi.advanceTimersByTimeAsync(1_000);
    flushSync();
    expect(rows()).toEqual([3, 4, 1]);

    around().dispatchEvent(new PointerEvent("pointerleave"));
    flushSync();
    expect(rows()).toEqual([4, 1]);
  });
});

describe("a row that was pressed", () => {
  it("leaves the keys to the list: the row goes when it is scrolled away, and they would with it", () => {
    const box = document.querySelector<HTMLElement>('[role="listbox"]');
    document.querySelector<HTMLElement>("[data-chat]")?.focus();
    expect(document.activeElement).toBe(box);
  });
});

describe("several rows", () => {
  const click = (id: number, held: MouseEventInit = {}) => {
    document
      .querySelector(`[data-chat="${id}"]`)
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...held }));
    flushSync();
  };
  const key = (name: string, held: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...held });
    document.querySelector(".scroller")?.dispatchEvent(event);
    flushSync();
    return event.defaultPrevented;
  };
  const chosen = () => [...picks.ids.keys()].toSorted((one, other) => one - other);

  it("are chosen one by one with Ctrl and a click, and back again, and none is opened", () => {
    click(2, { ctrlKey: true });
    click(4, { ctrlKey: true });
    expect(chosen()).toEqual([2, 4]);
    click(2, { ctrlKey: true });
    expect(chosen()).toEqual([4]);
    expect(onopen).not.toHaveBeenCalled();
  });

  it("are chosen up to the one that is clicked with Shift, from where one stood", () => {
    click(2);
    expect(onopen).toHaveBeenCalledWith(2);
    click(4, { shiftKey: true });
    expect(chosen()).toEqual([2, 3, 4]);
    click(1);
    expect(chosen(), "a plain click is for one alone").toEqual([]);
  });

  it("are chosen with Ctrl and the space bar where the arrows stand", () => {
    key("ArrowDown");
    key("ArrowDown");
    expect(key(" ", { ctrlKey: true }), "the list does not scroll").toBe(true);
    key("ArrowDown");
    key("ArrowDown");
    key(" ", { ctrlKey: true });
    expect(chosen()).toEqual([2, 4]);
    expect(onopen).not.toHaveBeenCalled();
  });
});
