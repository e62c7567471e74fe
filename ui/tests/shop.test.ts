import { beforeEach, describe, expect, it, vi } from "vitest";
import { Shop } from "../src/views/shop.svelte";
import { speech } from "../src/words";
import { screens } from "../src/words/screens.svelte";
import { FakeCore } from "./fake-core";
import { manyChats, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let shop: Shop;

beforeEach(async () => {
  core = new FakeCore();
  core.chats = manyChats(300);
  shop = new Shop(core);
  await shop.start();
  await settled();
});

describe("the next unread chat", () => {
  it("is found also below what the list has read", async () => {
    core.change(290, { unread: 2 });
    await settled();
    expect(
      shop.chats.rows.some((row) => row.id === 290),
      "it is far down",
    ).toBe(false);

    await shop.nextUnread();
    expect(shop.conversation?.chatId).toBe(290);
  });

  it("is never the open one", async () => {
    core.change(3, { unread: 1 });
    await settled();
    shop.openChat(3);
    await shop.nextUnread();
    expect(shop.conversation?.chatId).toBe(3);
    core.change(290, { markedUnread: true });
    await shop.nextUnread();
    expect(shop.conversation?.chatId).toBe(290);
  });
});

describe("coming back to the open chat", () => {
  it("marks nothing as read before it is drawn again", async () => {
    shop.openChat(3);
    shop.focusIs(true);
    await settled();
    shop.conversation?.look({ atEnd: true });
    shop.openSettings();
    core.receive(3, "¿Hola?", NOON);
    await settled();

    shop.openChats();
    await settled();
    expect(core.callsOf("chat_read"), "its end was on screen before, not now").toEqual([]);

    shop.conversation?.look({ atEnd: true });
    await settled();
    expect(core.callsOf("chat_read"), "the thread says when it is").toHaveLength(1);
  });

  it("marks nothing as read while the window is out of sight, whatever has the keyboard", async () => {
    shop.openChat(3);
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    shop.focusIs(true);
    await settled();
    shop.conversation?.look({ atEnd: true });
    core.receive(3, "¿Hola?", NOON);
    await settled();
    expect(core.callsOf("chat_read")).toEqual([]);

    hidden.mockRestore();
    shop.focusIs(true);
    await settled();
    expect(core.callsOf("chat_read"), "and as read when it is seen").toHaveLength(1);
  });

  it("from the same screen changes nothing of what is seen", async () => {
    shop.openChat(3);
    shop.focusIs(true);
    await settled();
    shop.conversation?.look({ atEnd: true });
    shop.openChats();
    core.receive(3, "¿Hola?", NOON);
    await settled();
    expect(core.callsOf("chat_read")).toHaveLength(1);
  });
});

describe("a notification", () => {
  it("of a voice message says that it is one", () => {
    core.emit({
      kind: "notify",
      chatId: 1,
      title: "Rosa",
      sender: null,
      body: { kind: "kind", word: "voice", text: null },
    });
    expect(core.notes.map(({ title, body }) => ({ title, body }))).toEqual([
      { title: "Rosa", body: speech.words.list.kinds.voice },
    ]);
  });

  it("of a group says who wrote, as the list does", () => {
    core.emit({ kind: "notify", chatId: 1, title: "Feria", sender: "Rosa", body: { kind: "text", text: "¿Vienen?" } });
    expect(core.notes.map(({ title, body }) => ({ title, body }))).toEqual([
      { title: "Feria", body: "Rosa: ¿Vienen?" },
    ]);
  });

  it.each([
    ["+51900000021", "+51 900 000 021"],
    ["", null],
  ])("of a group says who wrote also if they have no name (%s)", (sender, who) => {
    core.emit({ kind: "notify", chatId: 1, title: "Feria", sender, body: { kind: "text", text: "¿Vienen?" } });
    expect(core.notes.at(-1)?.body).toBe(`${who ?? speech.words.talk.marks.member}: ¿Vienen?`);
  });
});

describe("the words of the screens", () => {
  it("are here before any of them is drawn, and are asked for again when they could not be read", async () => {
    const load = vi.spyOn(screens, "load").mockRejectedValueOnce(new TypeError("Failed to fetch"));
    const another = new Shop(core);
    await another.start();
    expect(another.state, "it is said instead").toBe("failed");
    expect(another.fault?.code).toBe("core_lost");

    let come = () => {};
    load.mockImplementationOnce(
      () =>
        new Promise((done) => {
          come = done;
        }),
    );
    const started = another.start();
    await settled();
    expect(another.state).toBe("starting");
    expect(load).toHaveBeenLastCalledWith(speech.language);
    come();
    await started;
    expect(another.state).toBe("ready");
  });
});

describe("where the eye was in a chat", () => {
  const eye = { messageId: 1, top: 0 };
  function leftFurtherUp(chatId: number) {
    shop.openChat(chatId);
    if (shop.conversation) shop.conversation.eye = () => eye;
  }
  const stood = () => shop.conversation?.stood ?? null;

  it("is known again after another chat, and after another screen", async () => {
    leftFurtherUp(1);
    shop.openChat(2);
    expect(stood(), "the other one is opened at its end").toBeNull();
    shop.openChat(1);
    expect(stood()).toEqual(eye);

    leftFurtherUp(3);
    shop.openSettings();
    shop.openChats();
    expect(stood()).toEqual(eye);
  });

  it("is forgotten of a chat that was left at its end", () => {
    leftFurtherUp(1);
    if (shop.conversation) shop.conversation.eye = () => null;
    shop.openChat(2);
    shop.openChat(1);
    expect(stood()).toBeNull();
  });

  it("is known of the fifty that were left last", () => {
    for (let chat = 1; chat <= 51; chat += 1) leftFurtherUp(chat);
    shop.closeChat();
    shop.openChat(1);
    expect(stood(), "the first").toBeNull();
    shop.openChat(2);
    expect(stood()).toEqual(eye);
  });
});
