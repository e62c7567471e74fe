import { describe, expect, it } from "vitest";
import { Conversation, PAGE } from "../src/features/conversation/conversation.svelte";
import { threadOf } from "../src/features/conversation/thread";
import type { MessageView } from "../src/platform";
import { core, feed, opened } from "./conversing";
import { MINUTE, manyMessages, message, NOON, quoted } from "./people";
import { settled } from "./settled";

describe("reading", () => {
  it("opens at the newest page and reads earlier ones on request, none twice", async () => {
    core.messages.set(1, manyMessages(2 * PAGE + 10));
    const conversation = await opened();
    const first = conversation.rows.map((row) => row.id);

    await conversation.loadEarlier();
    await conversation.loadEarlier();
    await conversation.loadEarlier();

    expect(first[0], "the newest page").toBe(PAGE + 11);
    expect(
      conversation.rows.map((row) => row.id),
      "all, oldest first, once",
    ).toEqual(manyMessages(2 * PAGE + 10).map((row) => row.id));
    expect(conversation.more).toBe(false);
  });

  it("keeps the earlier messages when a new one comes in", async () => {
    core.messages.set(1, manyMessages(2 * PAGE));
    const conversation = await opened();
    await conversation.loadEarlier();

    core.receive(1, "¿Hola?", NOON);
    await settled();

    expect(conversation.rows, "nothing under the eye goes away").toHaveLength(2 * PAGE + 1);
  });

  it("grows by what is new and by nothing else", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();
    await conversation.loadEarlier();

    for (let at = 0; at < 5; at += 1) {
      core.receive(1, "¿Hola?", NOON);
      await settled();
    }
    core.changed({ topic: "chat", chatId: 1 });
    await settled();

    expect(conversation.rows, "two pages and the five new ones").toHaveLength(2 * PAGE + 5);
    const first = conversation.rows[0]?.id ?? 0;
    await conversation.loadEarlier();
    expect(conversation.rows[PAGE - 1]?.id, "and the next page joins on without a gap").toBe(first - 1);
  });

  it("stays short however far somebody scrolls, and gives back what it let go of", async () => {
    const all = manyMessages(60 * PAGE);
    core.messages.set(1, all);
    const conversation = await opened();
    let longest = 0;
    while (conversation.more) {
      await conversation.loadEarlier();
      longest = Math.max(longest, conversation.rows.length);
    }
    expect(conversation.rows[0]?.id, "the beginning is reached").toBe(1);
    expect(longest, "and never was much of it held").toBeLessThanOrEqual(1_250);
    expect(conversation.newer, "the end was let go of").toBe(true);

    const seen = new Set(conversation.rows.map((row) => row.id));
    while (conversation.newer) {
      await conversation.loadLater();
      const ids = conversation.rows.map((row) => row.id);
      expect(ids, "without a gap").toEqual(ids.map((_, at) => (ids[0] ?? 0) + at));
      for (const id of ids) seen.add(id);
    }
    expect(seen.size, "all of it came by on the way back").toBe(all.length);
    expect(conversation.rows.length, "and it is short again").toBeLessThanOrEqual(1_250);
    expect(conversation.more, "the beginning was let go of").toBe(true);
  });

  it("reads on until what it showed is there again, however much came in meanwhile", async () => {
    core.messages.set(1, manyMessages(2 * PAGE));
    const conversation = await opened();
    const first = conversation.rows[0]?.id;

    core.messages.set(1, [
      ...manyMessages(2 * PAGE),
      ...manyMessages(6 * PAGE).map((row) => ({ ...row, id: row.id + 1000 })),
    ]);
    core.emit({ kind: "reload", since: 1 });
    await settled();

    expect(
      conversation.rows.some((row) => row.id === first),
      "what was on screen still is",
    ).toBe(true);
  });

  it("shows our own message at once, and once", async () => {
    core.messages.set(1, manyMessages(2));
    const conversation = await opened();
    const view = await core.call("message_send", { chatId: 1, clientId: "c", text: "Hola", mediaId: null });
    conversation.add(view);
    const atOnce = conversation.rows.map((row) => row.status);
    await settled();

    expect(atOnce).toEqual(["received", "received", "queued"]);
    expect(conversation.rows, "the reading that followed did not double it").toHaveLength(3);
  });

  it("follows the ticks of a message that is already shown", async () => {
    core.messages.set(1, [message({ id: 5, fromMe: true, status: "sent" })]);
    const conversation = await opened();

    core.messages.set(1, [message({ id: 5, fromMe: true, status: "read", readAt: NOON })]);
    core.changed({ topic: "messages", chatId: 1 });
    await settled();

    expect(conversation.rows[0]?.status).toBe("read");
  });

  it("reads nothing for changes of other chats", async () => {
    const conversation = await opened();
    const before = core.callsOf("message_list").length;

    core.receive(2, "Otro chat", NOON);
    await settled();

    expect(core.callsOf("message_list").length, "chat 2 is not shown").toBe(before);
    conversation.close();
  });

  it("stops listening when it is closed", async () => {
    const conversation = await opened();
    conversation.close();
    const before = core.callsOf("message_list").length;

    core.receive(1, "¿Hola?", NOON);
    await settled();

    expect(core.callsOf("message_list").length).toBe(before);
  });

  it("says why earlier messages could not be read, and reads them on the next try", async () => {
    core.messages.set(1, manyMessages(2 * PAGE));
    const conversation = await opened();
    core.failNext("message_list", { kind: "lost_before" });

    await conversation.loadEarlier();
    const fault = conversation.earlierFault?.code;
    await conversation.loadEarlier();

    expect(fault).toBe("core_lost");
    expect(conversation.earlierFault).toBeNull();
    expect(conversation.rows).toHaveLength(2 * PAGE);
  });
});

describe("what a message answers", () => {
  const answer = (messageId: number | null) =>
    message({ id: 900, fromMe: true, quoted: quoted({ messageId, text: "Hola" }) });

  it("is found however far back it stands, and asked for only if it is not shown", async () => {
    core.messages.set(1, manyMessages(3 * PAGE));
    const conversation = await opened();
    const before = core.callsOf("message_list").length;
    expect((await conversation.quotedBy(answer(3 * PAGE)))?.id, "one that is shown").toBe(3 * PAGE);
    expect(core.callsOf("message_list")).toHaveLength(before);
    expect((await conversation.quotedBy(answer(3)))?.id).toBe(3);
    expect(conversation.rows, "and what is shown stays").toHaveLength(PAGE);
  });

  it("is nothing if it is gone, and not known if it could not be read", async () => {
    const conversation = await opened();
    expect(await conversation.quotedBy(message({ id: 900 }))).toBeNull();
    expect(await conversation.quotedBy(answer(null))).toBeNull();
    expect(await conversation.quotedBy(answer(777))).toBeNull();
    core.failNext("message_list", { kind: "refused", code: "storage_busy" });
    await expect(conversation.quotedBy(answer(3))).rejects.toMatchObject({ code: "storage_busy" });
  });
});

describe("what the operator decides about a message", () => {
  it("tells the core that an uncertain message went, and shows it", async () => {
    core.messages.set(1, [message({ id: 5, fromMe: true, status: "uncertain", failure: "no_answer" })]);
    const conversation = await opened();

    await conversation.acts.resolve(5, "it_went");

    expect(core.callsOf("message_resolve")).toEqual([{ messageId: 5, outcome: "it_went" }]);
    expect(conversation.rows[0]?.status).toBe("sent");
  });

  it("keeps a fault beside its message and forgets it when the next try works", async () => {
    core.messages.set(1, [message({ id: 5, fromMe: true, status: "failed", failure: "attempts_used_up" })]);
    const conversation = await opened();
    core.failNext("message_retry", { kind: "refused", code: "state_changed" });

    await conversation.acts.retry(5);
    const fault = conversation.acts.faults.get(5)?.code;
    await conversation.acts.retry(5);

    expect(fault).toBe("state_changed");
    expect(conversation.acts.faults.size).toBe(0);
  });

  it("takes a discarded message away", async () => {
    core.messages.set(1, [message({ id: 5, fromMe: true, status: "failed", failure: "too_large" })]);
    const conversation = await opened();

    await conversation.acts.discard(5);

    expect(conversation.rows).toEqual([]);
  });
});

describe("the thread", () => {
  it("has a pill per day, the unread line at its message, and closes up what one hand wrote in one go", () => {
    const rows = [
      message({ id: 1, at: NOON - 24 * 60 * MINUTE }),
      message({ id: 2, at: NOON }),
      message({ id: 3, at: NOON + MINUTE }),
      message({ id: 4, at: NOON + 2 * MINUTE, fromMe: true }),
      message({ id: 5, at: NOON + 30 * MINUTE, fromMe: true }),
    ];

    const drawn = threadOf(rows, 3).flatMap((day) => [
      "day",
      ...day.items.map((item) =>
        item.kind === "message"
          ? `${item.message.id}${item.first ? " first" : ""}${item.last ? " last" : ""}`
          : item.kind,
      ),
    ]);

    expect(drawn).toEqual([
      "day",
      "1 first last",
      "day",
      "2 first last",
      "unread",
      "3 first last",
      "4 first last",
      "5 first last",
    ]);
  });
});

describe("who wrote in a group", () => {
  const ANA = "51900000021@s.whatsapp.net";
  const LID = "99000000000021@lid";
  const runs = (...rows: Partial<MessageView>[]) =>
    threadOf(
      rows.map((part, at) => message({ id: at + 1, at: NOON + at, ...part })),
      null,
    ).flatMap(({ items }) => items.map((item) => item.kind === "message" && item.first));

  it("is told by person, not by name", () => {
    const other = { sender: "51900000022@s.whatsapp.net", senderNumber: "+51900000022" };
    const ana = { sender: ANA, senderNumber: "+51900000021" };
    expect(runs(ana, other), "two without a name").toEqual([true, true]);
    expect(runs({ ...ana, senderName: "María" }, { ...other, senderName: "María" })).toEqual([true, true]);
    expect(runs({ sender: LID }, { sender: "99000000000022@lid" }), "two hidden ones").toEqual([true, true]);
    expect(runs({ ...ana, senderName: "Ana" }, ana), "one whose name is new").toEqual([true, false]);
    expect(runs(ana, { sender: LID, senderNumber: "+51900000021" }), "under both addresses").toEqual([true, false]);
  });
});

describe("rows that are not in the order of their days", () => {
  const day = 24 * 60 * MINUTE;

  it("have days of their own, each with its own key", () => {
    const rows = [message({ id: 1 }), message({ id: 2, at: NOON + day }), message({ id: 3 })];
    const keys = threadOf(rows, null).map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size, "none twice: it would not be drawn").toBe(3);
  });

  it("do not come from our own message: it is put where its time is", async () => {
    core.messages.set(1, [message({ id: 1 }), message({ id: 2, at: NOON + day })]);
    const conversation = await opened();
    conversation.add(message({ id: 3, fromMe: true, status: "queued", at: NOON + MINUTE }));
    conversation.add(message({ id: 4, fromMe: true, status: "queued", at: NOON + day }));
    expect(conversation.rows.map(({ id }) => id)).toEqual([1, 3, 2, 4]);
  });
});

describe("a message far back", () => {
  const ids = (conversation: Conversation) => conversation.rows.map((row) => row.id);
  const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

  it("is shown with those around it, and the end is known to be elsewhere", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();

    expect(await conversation.seek(100)).toBe(true);

    expect(ids(conversation)).toEqual(from(100 - PAGE / 2, 100 + PAGE / 2));
    expect([conversation.more, conversation.newer]).toEqual([true, true]);
    expect(conversation.sought).toEqual({ messageId: 100, focus: true });
  });

  it("can be what a chat is opened at: its end is not read at all", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = new Conversation(core, feed, 1);

    await conversation.seek(100);

    expect(core.callsOf("message_list")).toEqual([{ chatId: 1, before: null, around: 100, limit: PAGE }]);
    expect([conversation.state, conversation.chat?.id]).toEqual(["ready", 1]);
  });

  it("that is gone leaves a chat opened at its end, and says so", async () => {
    core.messages.set(1, manyMessages(3));
    const conversation = new Conversation(core, feed, 1);

    expect(await conversation.seek(99)).toBe(false);

    expect(ids(conversation)).toEqual([1, 2, 3]);
    expect(conversation.missing).toBe(1);
  });

  it("joined to old rows leaves their fault where it is, until they were read again", async () => {
    core.messages.set(1, manyMessages(8 * PAGE));
    const conversation = await opened();
    core.failNext("message_list", { kind: "refused", code: "storage_busy" });
    core.changed({ topic: "messages", chatId: 1 });
    await settled();

    const last = conversation.rows.at(-1)?.id;
    core.messages.set(1, [...manyMessages(8 * PAGE - 1), message({ id: last, body: { kind: "deleted" } })]);
    const answered = core.hold("chat_get");
    const seeking = conversation.seek(7 * PAGE - 10);
    await settled();
    expect([conversation.rows.at(-1)?.body.kind, conversation.fault?.code]).toEqual(["text", "storage_busy"]);
    answered();
    await seeking;
    expect([conversation.rows.at(-1)?.body.kind, conversation.fault]).toEqual(["deleted", null]);
  });

  it("is gone on from in both directions, without a gap, up to the end", async () => {
    core.messages.set(1, manyMessages(4 * PAGE));
    const conversation = await opened();
    await conversation.seek(2 * PAGE);
    await conversation.loadEarlier();
    for (let page = 0; page < 5; page += 1) await conversation.loadLater();

    expect(ids(conversation)).toEqual(from(PAGE / 2, 4 * PAGE));
    expect(conversation.newer).toBe(false);
  });

  it("joins what is shown when the two touch", async () => {
    core.messages.set(1, manyMessages(4 * PAGE));
    const conversation = await opened();

    await conversation.seek(3 * PAGE - 10);
    expect(ids(conversation)).toEqual(from(3 * PAGE - 10 - PAGE / 2, 4 * PAGE));
    expect(conversation.newer, "the end is still there").toBe(false);

    await conversation.seek(50);
    await conversation.seek(90);
    expect(ids(conversation), "also towards the end").toEqual(from(50 - PAGE / 2, 90 + PAGE / 2));
  });

  it("stays where it is, as long as it was, whatever happens at the end", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();
    await conversation.seek(100);
    const before = ids(conversation);

    for (let at = 0; at < 3; at += 1) {
      core.receive(1, "¿Hola?", NOON);
      await settled();
    }

    expect(ids(conversation)).toEqual(before);
    expect(conversation.arrived, "they are counted on the way to the end").toBe(3);
    await conversation.loadLater();
    expect(ids(conversation), "and paging goes on without a gap").toEqual(from(before[0] ?? 0, 125 + PAGE));
  });

  it("does not let a chat be marked as read whose end nobody saw", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    core.change(1, { unread: 2 });
    const conversation = new Conversation(core, feed, 1);
    await conversation.seek(100);

    conversation.look({ focused: true, atEnd: true });
    await settled();

    expect(core.callsOf("chat_read")).toEqual([]);
  });

  it("is left for the newest ones, with the unread line among them", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    core.change(1, { unread: 2 });
    const conversation = new Conversation(core, feed, 1);
    await conversation.seek(100);

    await conversation.toNewest();

    expect(ids(conversation)).toEqual(from(9 * PAGE + 1, 10 * PAGE));
    expect([conversation.newer, conversation.unreadFrom]).toEqual([false, 10 * PAGE - 1]);
  });

  it("and our own message: it is not put behind a stretch that ends before it", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();
    await conversation.seek(100);

    conversation.add(message({ id: 9_000, fromMe: true, status: "queued" }));

    expect(ids(conversation)).not.toContain(9_000);
  });

  it("brings the end back when the last one shown is removed", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();
    await conversation.seek(100);

    await conversation.acts.discard(125);

    expect(conversation.newer).toBe(false);
    expect(ids(conversation).at(-1)).toBe(10 * PAGE);
  });

  it("says why later messages could not be read, and reads them on the next try", async () => {
    core.messages.set(1, manyMessages(10 * PAGE));
    const conversation = await opened();
    await conversation.seek(100);
    core.failNext("message_list", { kind: "lost_before" });

    await conversation.loadLater();
    const fault = conversation.laterFault?.code;
    await conversation.loadLater();

    expect(fault).toBe("core_lost");
    expect(conversation.laterFault).toBeNull();
    expect(ids(conversation).at(-1)).toBe(125 + PAGE);
  });
});

describe("a chat that was left further up", () => {
  const LEFT = { messageId: 3, top: -12 };
  async function again(left = LEFT): Promise<Conversation> {
    const conversation = new Conversation(core, feed, 1, undefined, left);
    await conversation.refresh();
    return conversation;
  }

  it("is opened there again, and the end is known to be elsewhere", async () => {
    core.messages.set(1, manyMessages(4 * PAGE));
    const conversation = await again();
    expect(conversation.stood).toEqual(LEFT);
    expect(conversation.rows.map((row) => row.id)).toContain(3);
    expect(conversation.newer).toBe(true);
    while (conversation.newer) await conversation.loadLater();
    expect(conversation.rows, "and is gone on from without a gap").toHaveLength(4 * PAGE);
  });

  it("reads nothing more when that is among the newest", async () => {
    core.messages.set(1, manyMessages(10));
    const conversation = await again();
    expect(core.callsOf("message_list")).toHaveLength(1);
    expect([conversation.stood, conversation.newer]).toEqual([LEFT, false]);
  });

  it("is opened at what is unread, if anything is", async () => {
    core.messages.set(1, manyMessages(4 * PAGE));
    core.change(1, { unread: 2 });
    const conversation = await again();
    expect(conversation.stood).toBeNull();
    expect(conversation.rows.at(-1)?.id, "the newest are here").toBe(4 * PAGE);
    expect(conversation.unreadFrom).not.toBeNull();
  });

  it("is opened at its end when that message is gone", async () => {
    core.messages.set(1, manyMessages(4 * PAGE).slice(5));
    const conversation = await again();
    expect([conversation.rows.at(-1)?.id, conversation.newer]).toEqual([4 * PAGE, false]);
  });

  it("and looked away from for a while is where it was, unless something came in", async () => {
    core.messages.set(1, manyMessages(10));
    const conversation = await opened();
    conversation.look({ focused: true, atEnd: false });
    conversation.eye = () => LEFT;
    conversation.leave();
    conversation.eye = () => undefined;
    expect(conversation.leave(), "nothing has shown it since").toEqual(LEFT);
    conversation.look({ focused: false });
    expect(conversation.stood).toEqual(LEFT);
    core.receive(1, "¿Hola?", NOON);
    await settled();
    expect(conversation.stood, "what came in is looked at first").toBeNull();
  });
});
