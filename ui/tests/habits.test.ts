import { mount, unmount } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Habits } from "../src/features/preferences/habits.svelte";
import { Fault, Feed } from "../src/platform";
import LinkedDialog from "../src/views/LinkedDialog.svelte";
import { Shop } from "../src/views/shop.svelte";
import { speech } from "../src/words";
import { told as linked } from "../src/words/deep-link.svelte";
import { FakeCore } from "./fake-core";
import { chatRow, device } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

let core: FakeCore;

beforeEach(() => {
  core = new FakeCore();
});

describe("do not disturb", () => {
  it("shows what the tray chose as soon as that is told", async () => {
    const feed = new Feed(core);
    const habits = new Habits(core, feed);
    feed.open();
    await habits.load();
    expect(habits.quiet).toEqual({ kind: "off" });
    core.quiet = { kind: "on" };
    core.changed({ topic: "settings" });
    await settled();
    expect(habits.quiet).toEqual({ kind: "on" });
  });

  it("keeps showing what holds when a choice could not be kept, and says so", async () => {
    const habits = new Habits(core, new Feed(core));
    core.failNext("quiet_set", { kind: "refused", code: "storage_full" });
    await habits.holdBack("hour");
    expect(habits.quiet).toEqual({ kind: "off" });
    expect(habits.fault?.code).toBe("storage_full");
    await habits.holdBack("hour");
    expect(habits.quiet.kind).toBe("until");
    expect(habits.fault).toBeNull();
  });
});

describe("starting with the computer", () => {
  it("is not offered where there is no such thing", async () => {
    const habits = new Habits(core, new Feed(core));
    await habits.load();
    expect(habits.startsWithSystem).toBeNull();
  });

  it("says what the desktop has, also when it cannot be changed", async () => {
    core.start = { offered: true, on: false };
    const habits = new Habits(core, new Feed(core));
    await habits.load();
    await habits.startWithSystem(true);
    expect(habits.startsWithSystem).toBe(true);
    core.outsideFault = new Fault("storage_failed");
    await habits.startWithSystem(false);
    expect(habits.startsWithSystem).toBe(true);
    expect(habits.fault?.code).toBe("storage_failed");
  });
});

describe("a link into the program", () => {
  const NUMBER = "51900000011";

  async function shop(): Promise<Shop> {
    core.chats = [chatRow({ id: 7, title: "Rosa" }), chatRow({ id: 8, title: "Mateo", draft: "ya casi" })];
    core.numbers.set(NUMBER, 7);
    const opened = new Shop(core);
    await opened.start();
    await settled();
    return opened;
  }

  it("asks first: until a person says so, the open chat and all drafts stay as they are", async () => {
    const opened = await shop();
    opened.openChat(8);
    core.followed({ chat: { by: "number", number: NUMBER }, text: "Hola, su pedido está listo" });
    await settled();
    expect(opened.linked, "whom, by which number, and what it would write").toMatchObject({
      row: { id: 7, title: "Rosa" },
      number: NUMBER,
      text: "Hola, su pedido está listo",
    });
    opened.stayHere();
    await opened.desk.flush();
    expect([opened.linked, opened.conversation?.chatId, opened.desk.at(chatRow({ id: 7 })).text]).toEqual([
      null,
      8,
      "",
    ]);
    expect(core.callsOf("chat_draft_set"), "nothing of it is stored").toEqual([]);
  });

  it("opens the chat of a number once it is wanted, and offers words for its empty draft", async () => {
    const opened = await shop();
    core.followed({ chat: { by: "number", number: NUMBER }, text: "Hola, su pedido está listo" });
    await settled();
    opened.goLinked();
    expect(opened.conversation?.chatId).toBe(7);
    expect(opened.desk.at(chatRow({ id: 7 })).text).toBe("Hola, su pedido está listo");
    expect(core.callsOf("message_send"), "a person sends it, nobody else").toEqual([]);
  });

  it("leaves alone what is being written, stored or not", async () => {
    const opened = await shop();
    core.followed({ chat: { by: "id", id: 8 }, text: "otra cosa" });
    await settled();
    opened.goLinked();
    expect(opened.conversation?.chatId).toBe(8);
    expect(opened.desk.at(chatRow({ id: 8 })).text, "the stored draft").toBe("ya casi");
    opened.desk.at(chatRow({ id: 7 })).type("un momento");
    core.followed({ chat: { by: "id", id: 7 }, text: "otra cosa" });
    await settled();
    opened.goLinked();
    expect(opened.desk.at(chatRow({ id: 7 })).text, "what was just typed").toBe("un momento");
  });

  it("takes the keys from whoever is writing, and gives them to no button", async () => {
    const opened = await shop();
    linked.take(speech.language, written("deep-link", speech.language));
    const dialog = mount(LinkedDialog, { target: document.body, props: { shop: opened } });
    core.followed({ chat: { by: "number", number: NUMBER }, text: "Hola" });
    await settled();
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')?.textContent).toContain("Rosa"));
    const told = document.querySelector('[role="dialog"]')?.textContent;
    expect(told).toContain("+51 900 000 011");
    expect(told).toContain("Hola");
    expect(document.activeElement?.tagName, "Enter, typed into a message, agrees to nothing").not.toBe("BUTTON");
    await unmount(dialog);
  });

  it("says through which number the chat runs, where there are several", async () => {
    core.devices = [...core.devices, device({ id: 99, name: "Taller" })];
    const opened = await shop();
    linked.take(speech.language, written("deep-link", speech.language));
    const dialog = mount(LinkedDialog, { target: document.body, props: { shop: opened } });
    core.followed({ chat: { by: "number", number: NUMBER }, text: "Hola" });
    await settled();
    await vi.waitFor(() => expect(document.querySelector('[role="dialog"] .through')).not.toBeNull());
    expect(document.querySelector(".through")?.textContent).toBe(core.devices[0]?.name);
    await unmount(dialog);
  });

  it("that leads to no chat says so and changes nothing", async () => {
    const opened = await shop();
    core.followed({ chat: { by: "number", number: "51900000099" }, text: "hola" });
    await settled();
    expect(opened.linkFault?.code).toBe("not_found");
    expect(opened.conversation).toBeNull();
  });
});
