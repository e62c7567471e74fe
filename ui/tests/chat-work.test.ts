import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChatList, EVERYTHING, steady } from "../src/features/chats/chat-list.svelte";
import { ChatWork, toggled } from "../src/features/chats/chat-work.svelte";
import { Labels } from "../src/features/chats/labels.svelte";
import { bodyLine, kindOf, lastLine } from "../src/features/chats/last-line";
import { Picks } from "../src/features/chats/picks.svelte";
import { fieldTime, snoozeChoices } from "../src/features/chats/snooze";
import { type ChatRow, Feed, type LastLine } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, label, MINUTE, manyChats, message, NOON, UNTOLD } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let list: ChatList;
let work: ChatWork;
let feed: Feed;

beforeEach(async () => {
  core = new FakeCore();
  feed = new Feed(core);
  feed.open();
  list = new ChatList(core, feed);
  work = new ChatWork(list, core);
  core.chats = manyChats(5);
  await list.refresh();
});

afterEach(() => {
  vi.useRealTimers();
});

const ids = () => list.rows.map((row) => row.id);
const archived = { kind: "wish", wish: { kind: "archived", on: true } } as const;

describe("while a pointer is over the list", () => {
  it("rows tell what is new where they are, and go to their places when it is gone", async () => {
    list.hold();
    core.receive(4, "¿Sigue?", NOON + MINUTE);
    await settled();

    expect(ids(), "nothing moved").toEqual([1, 2, 3, 4, 5]);
    expect(list.rows[3]?.unread, "but it says that there is something new").toBe(1);
    expect(list.deferred, "and that the order is another now").toBe(true);

    list.letGo();
    expect(ids()).toEqual([4, 1, 2, 3, 5]);
    expect(list.deferred).toBe(false);
  });

  it("what the operator puts away goes at once", async () => {
    list.hold();
    await work.act(archived, list.rows.slice(1, 2));

    expect(ids()).toEqual([1, 3, 4, 5]);
  });

  it("whoever is put off or done with goes from those who wait for an answer at once", async () => {
    for (const state of ["waiting", "snoozed", "done"] as const) {
      core.chats = manyChats(3).map((row) => ({ ...row, waitingSince: NOON - row.id }));
      await list.choose("all");
      await list.choose("unanswered");
      list.hold();
      await work.act({ kind: "triage", state, until: NOON }, list.rows.slice(0, 1));
      expect(ids(), state).toEqual([2, 1]);
    }
  });

  it("what is done goes from what is to be attended at once, and comes back at once when it is undone", async () => {
    core.chats = core.chats.map((row) => ({ ...row, triage: "open" }));
    await list.choose("open");
    list.hold();
    await work.act({ kind: "triage", state: "done", until: null }, list.rows.slice(1, 2));
    const gone = ids();
    await work.acts.undo();
    await settled();

    expect(gone).toEqual([1, 3, 4, 5]);
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
  });

  it("another filter is shown at once", async () => {
    list.hold();
    core.change(2, { unread: 1 });
    await list.choose("unread");

    expect(ids()).toEqual([2]);
  });

  it("a new chat above waits; what is scrolled to is added", () => {
    const shown = [1, 2].map((id) => chatRow({ id }));
    const order = [9, 1, 2, 3].map((id) => chatRow({ id }));

    expect(steady(shown, order).map((row) => row.id)).toEqual([1, 2, 3]);
  });
});

describe("what is asked for", () => {
  it("goes to the core with label and device, each chat being of both", async () => {
    core.change(2, { labels: [7], deviceId: 3 });
    core.change(4, { labels: [7] });
    await list.ask({ filter: "all", labelId: 7, deviceId: 3 });

    expect(ids()).toEqual([2]);
    expect(core.callsOf("chat_list").at(-1)).toMatchObject({ labelId: 7, deviceId: 3 });
  });

  it("lets go of the chosen chats: they may not be shown any more", () => {
    work.picks.toggle(1, null);
    work.ask({ ...EVERYTHING, filter: "groups" });

    expect(work.picks.any).toBe(false);
  });
});

describe("choosing several", () => {
  const order = [1, 2, 3, 4, 5].map((id) => chatRow({ id }));
  const choosing = () => new Picks((id) => order.find((row) => row.id === id));

  it("begins with the open chat", () => {
    const picks = choosing();
    picks.toggle(3, 1);
    expect([...picks.ids.keys()]).toEqual([1, 3]);
    picks.toggle(3, 1);
    expect([...picks.ids.keys()]).toEqual([1]);
  });

  it("reaches from where it began, either way, and no further than it was last told", () => {
    const picks = choosing();
    picks.toggle(3, null);
    picks.reach(5, order, null);
    expect([...picks.ids.keys()]).toEqual([3, 4, 5]);
    picks.reach(2, order, null);
    expect([...picks.ids.keys()]).toEqual([2, 3]);
  });

  it("acts on as many as it says, also on those that the list shows no more", async () => {
    work.picks.toggle(2, null);
    work.picks.toggle(4, null);
    list.rows = list.rows.filter((row) => row.id !== 4);

    expect(work.picks.ids.size).toBe(2);
    expect(work.targets().map((row) => row.id)).toEqual([2, 4]);
    await work.act(archived);
    expect(core.chats.filter((row) => row.archived).map((row) => row.id)).toEqual([2, 4]);
  });

  it("takes the open chat in, which the list may not have read", () => {
    work.open = chatRow({ id: 77 });
    work.picks.toggle(2, 77);
    expect(work.targets().map((row) => row.id)).toEqual([77, 2]);
  });
});

describe("acts", () => {
  it("are done to all chosen chats, and the choice is over", async () => {
    for (const id of [1, 3]) work.picks.toggle(id, null);
    await work.act({ kind: "wish", wish: { kind: "pinned", on: true } });

    expect(core.chats.filter((row) => row.pinned).map((row) => row.id)).toEqual([1, 3]);
    expect(work.picks.any).toBe(false);
  });

  it("without a choice are done to the open chat, also where the list does not show it", async () => {
    core.change(2, { archived: true });
    await list.refresh();
    work.open = core.chat(2);
    work.toggle("archive");
    await settled();

    expect(core.chat(2).archived, "out of the archive again").toBe(false);
  });

  it("put away chats become again what each of them was", async () => {
    core.change(1, { triage: "waiting" });
    core.change(2, { triage: "snoozed", snoozedUntil: NOON + MINUTE });
    await list.refresh();
    await work.act({ kind: "triage", state: "done", until: null }, list.rows.slice(0, 2));
    expect(work.acts.done).toEqual({ what: "done", count: 2 });

    await work.acts.undo();

    expect([core.chat(1).triage, core.chat(2).triage]).toEqual(["waiting", "snoozed"]);
    expect(core.chat(2).snoozedUntil, "and sleeps as long as before").toBe(NOON + MINUTE);
    expect(work.acts.done, "it can be undone once").toBeNull();
  });

  it("offer their undoing for a while only", async () => {
    vi.useFakeTimers();
    await work.act(archived, list.rows.slice(0, 1));
    expect(work.acts.done).not.toBeNull();
    vi.advanceTimersByTime(60_000);
    expect(work.acts.done).toBeNull();
  });

  it("that fail for one chat are done to the others, and say so", async () => {
    core.failNext("chat_change", { kind: "refused", code: "storage_busy" });
    await work.act(archived, list.rows.slice(0, 2));

    expect(core.chats.filter((row) => row.archived)).toHaveLength(1);
    expect(work.acts.fault?.code).toBe("storage_busy");
    expect(work.acts.done, "what was done can be undone").toEqual({ what: "archived", count: 1 });
  });

  it("reading goes up to the newest message and takes the mark away", async () => {
    core.messages.set(1, [message({ id: 8 }), message({ id: 9 })]);
    core.change(1, { unread: 2, markedUnread: true });
    await work.act({ kind: "read" }, [core.chat(1)]);

    expect(core.callsOf("chat_read")).toEqual([{ chatId: 1, upTo: 9 }]);
    expect(core.chat(1).markedUnread).toBe(false);
  });

  it("of hundreds of chats do not go to the core all at once", async () => {
    core.chats = manyChats(200);
    await list.refresh();
    const answer = core.hold("chat_change");
    const done = work.act(archived, core.chats);
    await settled();
    const underWay = core.callsOf("chat_change").length;
    answer();
    await done;

    expect(underWay).toBeLessThanOrEqual(8);
    expect(core.chats.every((row) => row.archived)).toBe(true);
  });

  it("of a key go there and back", () => {
    const [one, other] = [chatRow({ id: 1, pinned: true }), chatRow({ id: 2 })];
    expect(toggled("pin", [one, other]), "some are not: all are").toMatchObject({ wish: { on: true } });
    expect(toggled("pin", [one])).toMatchObject({ wish: { on: false } });
    expect(toggled("mute", [chatRow({ muted: true })])).toMatchObject({ wish: { until: 0 } });
    expect(toggled("markUnread", [chatRow({ unread: 1 })])).toEqual({ kind: "read" });
    expect(toggled("done", [chatRow({ triage: "done" })])).toMatchObject({ state: "open" });
  });
});

describe("the menu", () => {
  it("works on the chosen chats when it is opened on one of them, else on that one alone", () => {
    for (const id of [1, 3]) work.picks.toggle(id, null);
    work.openMenu("all", new DOMRect(), [core.chat(3)]);
    expect(work.menuRows.map((row) => row.id)).toEqual([1, 3]);
    work.openMenu("all", new DOMRect(), [core.chat(2)]);
    expect(work.menuRows.map((row) => row.id)).toEqual([2]);
  });

  it("stays for the next label and shows what the chat bears now", async () => {
    work.openMenu("labels", new DOMRect(), [core.chat(2)]);
    await work.fromMenu({ kind: "wish", wish: { kind: "label", labelId: 7, on: true } });
    await settled();

    expect(work.menuRows[0]?.labels).toEqual([7]);
    await work.fromMenu({ kind: "wish", wish: { kind: "pinned", on: true } });
    expect(work.menuRows, "any other deed closes it").toEqual([]);
  });
});

describe("labels", () => {
  it("are read again when chats change, and stay when a reading fails", async () => {
    const labels = new Labels(core, feed);
    core.labels = [label({ id: 1 }), label({ id: 2 })];
    core.changed({ topic: "chats" });
    await settled();
    core.failNext("label_list", { kind: "refused", code: "storage_busy" });
    await labels.load();

    expect(labels.of([2]).map(({ id }) => id)).toEqual([2]);
    expect(labels.fault?.code).toBe("storage_busy");
  });
});

describe("putting off", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();

  it("offers tonight only while it is still to come", () => {
    const choices = (hour: number) => snoozeChoices(at(20, hour)).map(({ choice }) => choice);
    expect(choices(12)).toEqual(["inAnHour", "tonight", "tomorrow", "nextWeek"]);
    expect(choices(20)).toEqual(["inAnHour", "tomorrow", "nextWeek"]);
  });

  it("next week is Monday morning, also from a Monday", () => {
    const nextWeek = (day: number) => snoozeChoices(at(day, 12)).find(({ choice }) => choice === "nextWeek")?.until;
    expect(nextWeek(20), "from a Friday").toBe(at(23, 9));
    expect(nextWeek(22), "from a Sunday").toBe(at(23, 9));
    expect(nextWeek(23), "from a Monday").toBe(at(30, 9));
  });

  it("writes a moment as its field does", () => {
    expect(fieldTime(new Date(2026, 0, 5, 7, 3).getTime())).toBe("2026-01-05T07:03");
  });
});

describe("what a notification says", () => {
  it("is the kind's name with its words or its file's name", () => {
    const line = (word: string, text: string | null = null) => bodyLine({ kind: "kind", word, text });
    expect(line("voice")).toBe("Mensaje de voz");
    expect(line("document", "precios.pdf")).toBe("Documento: precios.pdf");
    expect(line("image", "mi pedido")).toBe("Foto: mi pedido");
    expect(line("group_invite")).toBe("Invitación a un grupo");
    expect(line("novelty")).toBe("Mensaje que aún no se puede mostrar");
  });
});

describe("the last line", () => {
  it("names a kind with its icon, and one that nobody knows as a message that cannot be shown", () => {
    const of = (rawKind: string) => ({ kind: "unknown" as const, rawKind });
    expect(kindOf(of("voice"))).toBe("voice");
    expect(kindOf(of("live_location"))).toBe("location");
    expect(kindOf(of("hologram"))).toBeNull();
    const last = {
      fromMe: false,
      ...UNTOLD,
      status: "received" as const,
      body: of("hologram"),
    };
    expect(lastLine(chatRow({ last }), false).text).toBe("Mensaje que aún no se puede mostrar");
  });

  it("says who wrote in a group by number if there is no name, and in plain words if that is hidden", () => {
    const lead = (part: Partial<LastLine>, kind: ChatRow["kind"] = "group") => {
      const { last } = chatRow();
      return lastLine(chatRow({ kind, last: last && { ...last, ...part } }), false).lead;
    };
    expect(lead({ sender: "51900000021@s.whatsapp.net", senderNumber: "+51900000021" })).toBe("+51 900 000 021:");
    expect(lead({ sender: "99000000000021@lid" })).toBe(`${speech.words.talk.marks.member}:`);
    expect(lead({}), "a notice is nobody's").toBeNull();
    expect(lead({ sender: "51900000021@s.whatsapp.net" }, "person")).toBeNull();
  });
});
