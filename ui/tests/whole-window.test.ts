import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capabilities } from "../src/platform";
import App from "../src/views/App.svelte";
import { keptPanel } from "../src/views/kept-panel.svelte";
import { openChat } from "../src/views/later.svelte";
import { Shop } from "../src/views/shop.svelte";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { about, chatRow, device, MINUTE, message, NOON } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

/** What reaches over several features: files that are dropped, a recording that is left, the panel. In the whole window. */
const ROSA = "51900000031@s.whatsapp.net";

let core: FakeCore;
let shop: Shop;
let shown: ReturnType<typeof mount> | null = null;

// What is drawn first brings much in.
beforeAll(() => openChat.load());

beforeEach(() => {
  core = new FakeCore();
  core.settings = { ...core.settings, language: "es" };
  core.chats = [
    chatRow({ id: 1, title: "Lucía Paredes" }),
    chatRow({ id: 2, title: "Mateo Quispe", lastAt: NOON - MINUTE }),
    chatRow({ id: 3, kind: "group", title: "Feria", lastAt: NOON - 2 * MINUTE }),
  ];
  keptPanel.set(false);
  // Wide enough for the panel to stand beside the conversation.
  vi.stubGlobal("innerWidth", 1366);
  told.take("es", written("campaigns", "es"));
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

async function drawn(): Promise<void> {
  await settled();
  flushSync();
  await settled();
}

async function begin({ can = {}, chatId = 1 }: { can?: Partial<Capabilities>; chatId?: number } = {}): Promise<void> {
  const { capabilities } = device();
  core.devices = [device({ capabilities: { ...capabilities, ...can } })];
  shop = new Shop(core);
  shown = mount(App, { target: document.body, props: { shop } });
  await shop.start();
  shop.openChat(chatId);
  await drawn();
}

function button(name: string): HTMLButtonElement | undefined {
  return [...document.querySelectorAll("button")].find(
    (one) => one.ariaLabel === name || one.getAttribute("aria-label") === name || one.textContent?.trim() === name,
  );
}

async function press(name: string): Promise<void> {
  const found = button(name);
  if (!found) throw new Error(`there is no button ${name}`);
  found.click();
  await drawn();
}

const chat = () => document.querySelector<HTMLElement>("section.chat") as HTMLElement;
const file = (name: string, bytes = 9, type = "image/png") => new File([new Uint8Array(bytes)], name, { type });

/** Files that are dragged over the open chat, or let go of there. True: the window takes them. */
async function drag(kind: "dragover" | "drop", files: File[]): Promise<boolean> {
  const event = new Event(kind, { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ["Files"], files } });
  chat().dispatchEvent(event);
  await drawn();
  return event.defaultPrevented;
}

describe("files that are dragged over the open chat", () => {
  it("are asked for in words, and wait beside what is written once they are let go", async () => {
    await begin();
    const over = await drag("dragover", []);
    const asked = chat().textContent;
    const taken = await drag("drop", [file("uno.png"), file("dos.png")]);

    expect([over, taken], "the browser does not open them").toEqual([true, true]);
    expect(asked).toContain(speech.words.talk.writing.drop);
    expect(chat().textContent, "and is no longer asked for").not.toContain(speech.words.talk.writing.drop);
    expect(shop.desk.at(chatRow({ id: 1 })).attachments.map((one) => one.file.name)).toEqual(["uno.png", "dos.png"]);
    expect(core.callsOf("media_add"), "nothing leaves before it is sent").toEqual([]);
  });

  it("that are too large are refused by name with both sizes, and the others wait", async () => {
    await begin();
    const large = ["enorme.zip", "inmenso.zip"];
    await drag("drop", [file("foto.png"), ...large.map((name) => file(name, 17_000_000, "application/zip"))]);

    expect(shop.desk.at(chatRow({ id: 1 })).attachments.map((one) => one.file.name)).toEqual(["foto.png"]);
    const { tooLarge } = speech.words.talk.writing;
    for (const name of large) {
      expect(document.querySelector(".composer")?.textContent).toContain(
        tooLarge(name, speech.bytes(17_000_000), speech.bytes(16_777_216)),
      );
    }
  });

  it("go nowhere where the number sends none, and do not take the place of the window either", async () => {
    await begin({ can: { files: [] } });
    const over = await drag("dragover", []);
    expect(chat().textContent).not.toContain(speech.words.talk.writing.drop);
    expect([over, await drag("drop", [file("uno.png")])], "a browser would open it").toEqual([true, true]);
    expect(shop.desk.at(chatRow({ id: 1 })).attachments).toEqual([]);
  });
});

describe("several files", () => {
  it("go one after the other, the words with the first", async () => {
    await begin();
    await drag("drop", [file("uno.png"), file("dos.png")]);
    const field = document.querySelector("textarea") as HTMLTextAreaElement;
    expect(field.placeholder, "what is written is their caption").toBe(speech.words.talk.writing.caption);
    field.value = "Así quedan";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    flushSync();
    expect(
      document.querySelector("form"),
      "the web view never lets go of a form, and this one comes with each chat",
    ).toBeNull();
    document.querySelector<HTMLElement>(`button[aria-label="${speech.words.composer.send}"]`)?.click();
    await vi.waitFor(() => expect(core.callsOf("message_send")).toHaveLength(2));

    expect(core.callsOf("media_add").map(({ fileName }) => fileName)).toEqual(["uno.png", "dos.png"]);
    expect(core.callsOf("message_send").map(({ text }) => text)).toEqual(["Así quedan", null]);
  });
});

describe("a recording", () => {
  const microphone = () => {
    const ends: boolean[] = [];
    core.listen = async () => ({
      end: async (keep) => {
        ends.push(keep);
        return keep ? new Blob(["voz"], { type: "audio/ogg" }) : null;
      },
    });
    return ends;
  };

  it("that is left by opening another chat ends, and waits in its own", async () => {
    const ends = microphone();
    await begin();
    await press(speech.words.talk.writing.voice);
    expect(button(speech.words.talk.writing.stopVoice), "it is under way").toBeDefined();

    shop.openChat(2);
    await drawn();

    expect(ends, "the microphone is given back, and what was said is kept").toEqual([true]);
    expect(shop.desk.at(chatRow({ id: 1 })).attachments.map((one) => one.shownAs)).toEqual(["voice"]);
    expect(shop.desk.at(chatRow({ id: 2 })).attachments, "nothing of it is in the other chat").toEqual([]);
    expect(core.callsOf("message_send"), "nor is it sent").toEqual([]);
  });

  it("is offered only where the host records and the number sends voice messages", async () => {
    const { voice, attach } = speech.words.talk.writing;
    await begin();
    expect([button(voice), button(attach) !== undefined], "no microphone here").toEqual([undefined, true]);
    if (shown) void unmount(shown);
    document.body.replaceChildren();

    microphone();
    const { files } = device().capabilities;
    await begin({ can: { files: files.filter(({ shownAs }) => shownAs !== "voice") } });
    expect([button(voice), button(attach) !== undefined], "no voice messages").toEqual([undefined, true]);
    if (shown) void unmount(shown);
    document.body.replaceChildren();

    await begin({ can: { files: [] } });
    expect([button(voice), button(attach)], "no files at all").toEqual([undefined, undefined]);
    expect(document.querySelector("textarea"), "words all the same").not.toBeNull();
  });
});

describe("the panel of a person", () => {
  async function panel(): Promise<HTMLElement> {
    keptPanel.set(true);
    await begin();
    await drawn();
    return document.querySelector("aside") as HTMLElement;
  }

  it("mutes the chat for as long as is chosen", async () => {
    await panel();
    const before = Date.now();
    await press(speech.words.person.mute);
    const choice = [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find(
      (one) => one.textContent?.trim() === speech.words.list.acts.mute8h,
    );
    choice?.dispatchEvent(new PointerEvent("pointerup", { bubbles: true, cancelable: true, button: 0 }));
    choice?.click();
    await drawn();

    const [call] = core.callsOf("chat_change");
    expect(call?.chatId).toBe(1);
    const until = call?.change.kind === "muted" ? call.change.until : 0;
    expect(until - before, "eight hours").toBeGreaterThan(7.9 * 3_600_000);
    expect(until - before).toBeLessThan(8.1 * 3_600_000);
    expect(button(speech.words.person.unmute), "and can be taken back").toBeDefined();
  });

  it("blocks whom it is about, says what that means, and takes it back", async () => {
    const aside = await panel();
    await press(speech.words.person.block);
    expect(aside.textContent).toContain(speech.words.person.blocked.whatsapp);
    await press(speech.words.person.unblock);
    expect(aside.textContent).not.toContain(speech.words.person.blocked.whatsapp);
    expect(core.callsOf("chat_block_set").map(({ blocked }) => blocked)).toEqual([true, false]);
  });

  it("leads to the groups that are shared with them", async () => {
    core.about.set(1, about({ groups: [{ chatId: 3, name: "Feria", pictureId: null }] }));
    const aside = await panel();
    expect(aside.textContent).toContain(speech.words.person.groups);
    const group = [...aside.querySelectorAll("button")].find((one) => one.textContent?.trim().endsWith("Feria"));
    group?.click();
    await drawn();
    expect(shop.openRow?.id).toBe(3);
  });

  it("tells the campaigns that they got, and leads there", async () => {
    core.campaigns.add(campaign({ id: 7, state: "finished" }), [
      recipient(0, { chatId: 1, state: "read", sentAt: NOON }),
      recipient(1, { chatId: 2, state: "failed", sentAt: null }),
    ]);
    const aside = await panel();
    await vi.waitFor(() => expect(aside.textContent).toContain(speech.words.person.campaigns));
    expect(aside.textContent).toContain(told.words.recipient.read);
    await press("Ofertas de diciembre");
    expect(shop.screen).toMatchObject({ kind: "campaigns", campaignId: 7 });
  });
});

describe("the names of a group", () => {
  it("have each a colour of its own, the same at each of their messages", async () => {
    const said = (id: number, senderName: string, sender: string) =>
      message({ id, chatId: 3, at: NOON + id * 10 * MINUTE, senderName, sender });
    core.messages.set(3, [
      said(1, "Rosa Huamán", ROSA),
      said(2, "Lucía", "51900000032@s.whatsapp.net"),
      said(3, "Rosa Huamán", ROSA),
    ]);
    await begin({ chatId: 3 });
    const tints = [...document.querySelectorAll<HTMLElement>("article .sender")].map(
      (one) => [...one.classList].find((name) => name.startsWith("tint-")) ?? "",
    );
    expect(tints).toHaveLength(3);
    expect(tints[0], "Rosa's, on every machine").toBe("tint-4");
    expect(tints[2]).toBe(tints[0]);
    expect(tints[1]).not.toBe(tints[0]);
  });
});

describe("a group in which only admins write", () => {
  const { ownNumber } = device();
  const us = { address: "1@lid", number: `+${ownNumber}`, name: null, pictureId: null };

  it("has a word about it in place of the field, and takes no files", async () => {
    core.about.set(3, about({ readOnly: true, members: [{ ...us, rank: "member" }] }));
    await begin({ chatId: 3 });
    expect(chat().querySelector("textarea")).toBeNull();
    expect(chat().textContent).toContain(speech.words.composer.cannot.admins);
    await drag("dragover", []);
    expect(chat().textContent).not.toContain(speech.words.talk.writing.drop);
    await drag("drop", [file("uno.png")]);
    expect(shop.desk.at(chatRow({ id: 3 })).attachments).toEqual([]);
  });

  it("has the field for its admins", async () => {
    core.about.set(3, about({ readOnly: true, members: [{ ...us, rank: "admin" }] }));
    await begin({ chatId: 3 });
    expect(chat().querySelector("textarea")).not.toBeNull();
  });
});

describe("a chat that leaves the list by a key", () => {
  const key = async (name: string) => {
    document.body.dispatchEvent(
      new KeyboardEvent("keydown", { key: name, altKey: true, bubbles: true, cancelable: true }),
    );
    await drawn();
  };
  const putAway = async () => {
    core.chats = [1, 2, 3, 4].map((id) => chatRow({ id, title: `Cliente ${id}`, lastAt: NOON - id * MINUTE }));
    await begin({ chatId: 3 });
    await shop.chats.choose("open");
    await drawn();
    await key("k");
    expect(shop.chats.rows.map(({ id }) => id)).toEqual([1, 2, 4]);
  };

  it.each([
    ["ArrowDown", 4],
    ["ArrowUp", 2],
  ])("leads on from where it stood: %s", async (arrow, id) => {
    await putAway();
    await key(arrow);
    expect(shop.conversation?.chatId).toBe(id);
  });

  it("leads to the next unread one below it", async () => {
    await putAway();
    for (const id of [1, 4]) core.change(id, { unread: 1 });
    await shop.chats.refresh();
    await shop.nextUnread();
    expect(shop.conversation?.chatId).toBe(4);
  });
});

describe("a message that waits for the gateway", () => {
  it("comes back into the field by the key that deletes, before what was begun", async () => {
    core.messages.set(1, [message({ id: 9, fromMe: true, status: "queued", body: { kind: "text", text: "S/ 50" } })]);
    await begin();
    shop.desk.at(chatRow({ id: 1 })).type("Gracias");
    const bubble = document.querySelector<HTMLElement>('[data-message-id="9"]');
    bubble?.focus();
    await drawn();
    bubble?.dispatchEvent(new KeyboardEvent("keydown", { key: "Delete", bubbles: true, cancelable: true }));
    await drawn();
    expect(chat().querySelector("textarea")?.value).toBe("S/ 50\nGracias");
    expect(document.querySelector('[data-message-id="9"]')).toBeNull();
  });
});

describe("a message that failed", () => {
  it("comes back into the field to be corrected, and is sent as another one", async () => {
    const failed = { fromMe: true, status: "failed", failure: "forbidden", needsOperator: true } as const;
    core.messages.set(1, [message({ id: 9, ...failed, body: { kind: "text", text: "Son S/ 50" } })]);
    await begin();
    const offered = [...document.querySelectorAll(".trouble button")].map((one) => one.textContent?.trim());
    expect(offered).toEqual(["Reintentar", "Editar", "Descartar"]);
    await press("Editar");
    expect(chat().querySelector("textarea")?.value).toBe("Son S/ 50");
    expect(document.activeElement, "to be written in at once").toBe(chat().querySelector("textarea"));
    expect(document.querySelector('[data-message-id="9"]')).toBeNull();
    expect(core.callsOf("message_send"), "nothing goes before it is sent").toEqual([]);
  });

  it("that no field can hold is only tried again or discarded", async () => {
    const failed = { fromMe: true, status: "failed", failure: "forbidden", needsOperator: true } as const;
    const poll = { kind: "poll" as const, question: "¿Cuál?", options: ["Una", "Otra"], several: false, votes: [] };
    core.messages.set(1, [message({ id: 9, ...failed, body: poll as never })]);
    await begin();
    const offered = [...document.querySelectorAll(".trouble button")].map((one) => one.textContent?.trim());
    expect(offered).toEqual(["Reintentar", "Descartar"]);
  });
});

describe("a number that is removed", () => {
  it("filters the list no more", async () => {
    await begin();
    const other = device({ id: 2, name: "Taller" });
    core.devices = [...core.devices, other];
    core.changed({ topic: "devices" });
    await drawn();
    await shop.chats.ask({ ...shop.chats.query, filter: "unread", deviceId: 2 });
    await drawn();
    expect(shop.chats.query.deviceId, "it is there").toBe(2);
    await shop.devices.remove(2);
    await drawn();
    expect(shop.chats.query).toEqual({ filter: "unread", labelId: null, deviceId: null });
  });
});
