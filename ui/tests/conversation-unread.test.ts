import { describe, expect, it } from "vitest";
import { Conversation, PAGE } from "../src/features/conversation/conversation.svelte";
import { firstUnread } from "../src/features/conversation/rows";
import { core, feed, opened } from "./conversing";
import { MINUTE, manyMessages, message, NOON } from "./people";
import { settled } from "./settled";

describe("the unread line", () => {
  it("stands before the first unread message, even on an earlier page", async () => {
    core.messages.set(1, manyMessages(3 * PAGE));
    core.change(1, { unread: PAGE + 5 });

    const conversation = await opened();

    expect(conversation.unreadFrom, "as many unread ones follow as the chat says").toBe(3 * PAGE - (PAGE + 5) + 1);
    expect(conversation.rows[0]?.id, "and it was read far enough to draw it").toBeLessThanOrEqual(
      conversation.unreadFrom ?? 0,
    );
  });

  it("does not count our own messages", () => {
    const rows = [message({ id: 1 }), message({ id: 2 }), message({ id: 3, fromMe: true }), message({ id: 4 })];
    expect(firstUnread(rows, 2)).toBe(2);
    expect(firstUnread(rows, 0)).toBeNull();
  });

  it("appears before what came in while nobody was looking", async () => {
    core.messages.set(1, manyMessages(3));
    const conversation = await opened();
    conversation.look({ focused: false, atEnd: true });

    const view = core.receive(1, "¿Hay alguien?", NOON);
    await settled();

    expect(conversation.unreadFrom).toBe(view.id);
  });
});

describe("the unread line, once what is below it was read", () => {
  /** Something came in while nobody looked, and was then read to its end. */
  async function readOnce() {
    core.messages.set(1, manyMessages(3));
    const conversation = await opened();
    conversation.look({ focused: false, atEnd: true });
    const first = core.receive(1, "Uno", NOON);
    await settled();
    conversation.look({ focused: true });
    await settled();
    return { conversation, first };
  }

  it("stays under the eye of whoever is still reading", async () => {
    const { conversation, first } = await readOnce();
    core.receive(1, "Dos", NOON + MINUTE);
    await settled();
    conversation.look({ atEnd: false });
    core.receive(1, "Tres", NOON + 2 * MINUTE);
    await settled();
    expect(conversation.unreadFrom).toBe(first.id);
  });

  it("goes when they look away, and stands before what comes in then", async () => {
    const { conversation } = await readOnce();
    conversation.look({ focused: false });
    expect(conversation.unreadFrom).toBeNull();

    const second = core.receive(1, "Dos", NOON + MINUTE);
    await settled();
    core.receive(1, "Tres", NOON + 2 * MINUTE);
    await settled();
    expect(conversation.unreadFrom, "the first that nobody has seen").toBe(second.id);
  });

  it("goes also when they look away before the core has answered", async () => {
    const { conversation } = await readOnce();
    core.receive(1, "Dos", NOON + MINUTE);
    const open = core.hold("chat_read");
    await settled();
    conversation.look({ focused: false });
    open();
    await settled();
    expect(conversation.unreadFrom).toBeNull();
  });

  it("goes on to what came in after the rest was read on the phone", async () => {
    core.messages.set(1, manyMessages(3));
    const conversation = await opened();
    core.receive(1, "Uno", NOON);
    await settled();
    core.change(1, { unread: 0 });
    core.changed({ topic: "chat", chatId: 1 });
    await settled();

    const second = core.receive(1, "Dos", NOON + MINUTE);
    await settled();
    expect(conversation.unreadFrom).toBe(second.id);
  });

  it("stays for whoever looked away before they had seen the end", async () => {
    core.messages.set(1, manyMessages(3));
    core.change(1, { unread: 2 });
    const conversation = await opened();
    conversation.look({ focused: true, atEnd: false });
    conversation.look({ focused: false });
    expect(conversation.unreadFrom).toBe(2);
  });

  it("goes when we answer", async () => {
    const { conversation } = await readOnce();
    const view = await core.call("message_send", { chatId: 1, clientId: "c", text: "Hola", mediaId: null });
    conversation.add(view);
    expect(conversation.unreadFrom).toBeNull();
  });
});

describe("marking as read", () => {
  it("marks up to the newest incoming message when the window has the focus and the end is on screen", async () => {
    core.messages.set(1, [...manyMessages(3), message({ id: 99, fromMe: true })]);
    core.change(1, { unread: 2 });
    const conversation = await opened();

    conversation.look({ focused: true, atEnd: true });
    await settled();

    expect(core.callsOf("chat_read")).toEqual([{ chatId: 1, upTo: 3 }]);
    expect(conversation.chat?.unread).toBe(0);
  });

  it.each([
    { focused: false, atEnd: true, why: "the window is not in front" },
    { focused: true, atEnd: false, why: "the operator is further up" },
  ])("does not mark while $why", async ({ focused, atEnd }) => {
    core.messages.set(1, manyMessages(3));
    core.change(1, { unread: 3 });
    const conversation = await opened();

    conversation.look({ focused, atEnd });
    await settled();

    expect(core.callsOf("chat_read")).toEqual([]);
  });

  it("does not mark before anything was laid out", async () => {
    core.messages.set(1, manyMessages(3));
    core.change(1, { unread: 3 });
    const conversation = new Conversation(core, feed, 1);
    conversation.look({ focused: true });

    await conversation.refresh();

    expect(core.callsOf("chat_read"), "nobody has seen the end yet").toEqual([]);
  });

  it("marks what comes in while the end is being looked at, once each", async () => {
    core.messages.set(1, manyMessages(1));
    const conversation = await opened();
    conversation.look({ focused: true, atEnd: true });

    const first = core.receive(1, "Uno", NOON);
    await settled();
    const second = core.receive(1, "Dos", NOON + MINUTE);
    await settled();

    expect(core.callsOf("chat_read").map((call) => call.upTo)).toEqual([first.id, second.id]);
  });

  it("does not mark the same message again when others stay unread that it has not seen", async () => {
    core.messages.set(1, manyMessages(3));
    core.change(1, { unread: 4 });
    core.unreadAfterMarking = 1;
    const conversation = await opened();

    conversation.look({ focused: true, atEnd: true });
    await settled();
    conversation.look({ atEnd: true });
    await settled();

    expect(core.callsOf("chat_read")).toHaveLength(1);
  });

  it("does not mark what a reading brings after the chat was left", async () => {
    core.messages.set(1, manyMessages(1));
    const conversation = await opened();
    conversation.look({ focused: true, atEnd: true });
    const open = core.hold("message_list");
    core.receive(1, "¿Hola?", NOON);
    await settled();

    conversation.close();
    open();
    await settled();

    expect(core.callsOf("chat_read"), "nobody has seen it").toEqual([]);
  });

  it("tries again at the next look when marking failed", async () => {
    core.messages.set(1, manyMessages(1));
    core.change(1, { unread: 1 });
    const conversation = await opened();
    core.failNext("chat_read", { kind: "refused", code: "storage_busy" });
    conversation.look({ focused: true, atEnd: true });
    await settled();

    conversation.look({ atEnd: true });
    await settled();

    expect(core.callsOf("chat_read")).toHaveLength(2);
    expect(conversation.chat?.unread).toBe(0);
  });

  it("counts what arrives while the operator is further up, until the end is seen", async () => {
    core.messages.set(1, manyMessages(3));
    const conversation = await opened();
    conversation.look({ focused: true, atEnd: false });

    core.receive(1, "Uno", NOON);
    await settled();
    core.receive(1, "Dos", NOON);
    await settled();
    const counted = conversation.arrived;
    conversation.look({ atEnd: true });

    expect(counted).toBe(2);
    expect(conversation.arrived).toBe(0);
  });
});
