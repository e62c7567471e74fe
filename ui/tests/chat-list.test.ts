import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatList, commonShift, PAGE } from "../src/features/chats/chat-list.svelte";
import { Feed } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow, MINUTE, manyChats, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let list: ChatList;

beforeEach(() => {
  core = new FakeCore();
  const feed = new Feed(core);
  feed.open();
  list = new ChatList(core, feed);
});

const ids = () => list.rows.map((row) => row.id);

describe("reading pages", () => {
  it("reads one page at first and the next ones as the operator scrolls, each chat once", async () => {
    core.chats = manyChats(3 * PAGE);

    await list.refresh();
    const first = ids();
    await list.lookingAt(PAGE);
    await list.lookingAt(3 * PAGE);

    expect(first, "the first reading is one page").toHaveLength(PAGE);
    expect(ids(), "scrolling to the end reads every chat, once, in order").toEqual(core.chats.map((row) => row.id));
    expect(list.more, "nothing is left to read").toBe(false);
  });

  it("never shows a chat twice when it moved between two pages", async () => {
    core.chats = manyChats(2 * PAGE);
    await list.refresh();
    // The last chat of page one moves down below the cursor while page two is read.
    core.change(PAGE, { lastAt: NOON - 3 * PAGE * MINUTE });

    await list.lookingAt(2 * PAGE);

    expect(new Set(ids()).size, "each chat is in the list once").toBe(ids().length);
  });

  it("says failed when nothing could be read, and recovers on the next try", async () => {
    core.chats = manyChats(3);
    core.failNext("chat_list", { kind: "refused", code: "storage_failed" });

    await list.refresh();
    const failed = { state: list.state, code: list.fault?.code };
    await list.refresh();

    expect(failed).toEqual({ state: "failed", code: "storage_failed" });
    expect(list.state, "a good reading ends the failure").toBe("ready");
    expect(list.fault).toBeNull();
  });

  it("keeps what it shows when a later reading fails", async () => {
    core.chats = manyChats(3);
    await list.refresh();
    core.failNext("chat_list", { kind: "refused", code: "storage_busy" });

    await list.refresh();

    expect(ids(), "the rows stay").toEqual([1, 2, 3]);
    expect(list.state).toBe("ready");
    expect(list.fault?.code, "and the fault is told").toBe("storage_busy");
  });
});

describe("another filter", () => {
  beforeEach(async () => {
    core.chats = [...manyChats(3), chatRow({ id: 9, unread: 2 })];
    await list.refresh();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes the place of the last one's rows when its own are there, with nothing in between", async () => {
    const before = { ids: ids(), turn: list.turn };
    const asked = list.choose("unread");
    const meanwhile = { ids: ids(), turn: list.turn, state: list.state };
    await asked;

    expect(meanwhile, "what was shown stands").toEqual({ ...before, state: "ready" });
    expect(ids(), "then what was asked for").toEqual([9]);
    expect(list.turn, "as rows of another query").not.toBe(before.turn);
  });

  it("that takes long shows nothing of the last one", async () => {
    const answer = core.hold("chat_list");
    const asked = list.choose("unread");
    await vi.advanceTimersByTimeAsync(149);
    const soon = ids();
    await vi.advanceTimersByTimeAsync(1);

    expect(soon, "not at once").toHaveLength(4);
    expect({ ids: ids(), state: list.state }).toEqual({ ids: [], state: "loading" });
    answer();
    await asked;
    expect({ ids: ids(), state: list.state }).toEqual({ ids: [9], state: "ready" });
  });

  it("that cannot be read shows why, and nothing of the last one", async () => {
    core.failNext("chat_list", { kind: "refused", code: "storage_busy" });
    await list.choose("unread");
    await vi.advanceTimersByTimeAsync(1_000);
    expect({ ids: ids(), state: list.state, code: list.fault?.code }).toEqual({
      ids: [],
      state: "failed",
      code: "storage_busy",
    });
  });
});

describe("invalidations", () => {
  it("brings a chat that was written to to the top, and every other one stays", async () => {
    core.chats = manyChats(5);
    await list.refresh();

    core.receive(4, "¿Sigue disponible?", NOON + MINUTE);
    await settled();

    expect(ids(), "chat 4 first, the others in their order").toEqual([4, 1, 2, 3, 5]);
    expect(list.rows[0]?.unread).toBe(1);
    expect(list.unreadChats).toBe(1);
  });

  it("reads a burst of changes in two readings at most", async () => {
    core.chats = manyChats(5);
    await list.refresh();
    const before = core.callsOf("chat_list").length;

    for (let burst = 0; burst < 50; burst += 1) core.changed({ topic: "chat", chatId: 1 });
    await settled();

    const readings = core.callsOf("chat_list").length - before;
    expect(readings, "one that was under way and one after it").toBeLessThanOrEqual(2);
  });

  it("reads again as deep as the operator looks", async () => {
    core.chats = manyChats(4 * PAGE);
    await list.refresh();
    await list.lookingAt(3 * PAGE - PAGE / 2);

    core.changed({ topic: "chats" });
    await settled();

    expect(list.rows.length, "what is being looked at is still there").toBeGreaterThanOrEqual(3 * PAGE - PAGE / 2);
  });

  it("reads everything again when changes may have been missed", async () => {
    core.chats = manyChats(2);
    await list.refresh();
    core.chats = manyChats(3);

    core.emit({ kind: "reload", since: 7 });
    await settled();

    expect(ids()).toEqual([1, 2, 3]);
  });
});

describe("the filter", () => {
  it("throws away the answer to the older filter", async () => {
    core.chats = [chatRow({ id: 1, unread: 0 }), chatRow({ id: 2, unread: 3, lastAt: NOON - MINUTE })];
    const answerToAll = core.hold("chat_list");
    const slow = list.refresh();
    const chosen = list.choose("unread");
    await settled();
    const answerToUnread = core.hold("chat_list");
    answerToAll();
    await settled();
    const meanwhile = ids();
    answerToUnread();
    await Promise.all([slow, chosen]);

    expect(meanwhile, "the answer for all chats is not shown under the filter").toEqual([]);
    expect(ids(), "only the unread chat").toEqual([2]);
  });

  it("takes a chat out when it was read", async () => {
    core.chats = [chatRow({ id: 1, unread: 1 }), chatRow({ id: 2, unread: 3, lastAt: NOON - MINUTE })];
    await list.choose("unread");

    core.change(1, { unread: 0 });
    core.changed({ topic: "chat", chatId: 1 });
    await settled();

    expect(ids()).toEqual([2]);
  });
});

describe("what is looked at does not jump", () => {
  it("moves by one when a chat from further down goes to the top", () => {
    const after = [4, 1, 2, 3, 5].map((id) => chatRow({ id }));
    const visible = [
      { id: 2, index: 1 },
      { id: 3, index: 2 },
    ];

    expect(commonShift(visible, after), "both visible rows are one further down now").toBe(1);
  });

  it("does not run after the one visible chat that went to the top", () => {
    const after = [3, 1, 2, 4, 5, 6].map((id) => chatRow({ id }));
    const visible = [3, 4, 5, 6].map((id) => ({ id, index: id - 1 }));

    expect(commonShift(visible, after), "rows 4 to 6 did not move").toBe(0);
  });
});
