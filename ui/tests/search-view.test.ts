import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MS } from "../src/features/search/search.svelte";
import App from "../src/views/App.svelte";
import { openChat } from "../src/views/later.svelte";
import { Shop } from "../src/views/shop.svelte";
import { speech } from "../src/words";
import { told as linking } from "../src/words/linking.svelte";
import { told as storage } from "../src/words/storage.svelte";
import { FakeCore } from "./fake-core";
import { chatRow, device, MINUTE, manyMessages, message, NOON } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

/** The whole window in a document, with the keys pressed as a keyboard presses them. */
const HOSTILE = "<img src=x onerror=alert(1)> torta <script>alert(2)</script>";

let core: FakeCore;
let shop: Shop;
let shown: ReturnType<typeof mount> | null = null;

beforeEach(async () => {
  vi.useFakeTimers();
  core = new FakeCore();
  core.settings = { ...core.settings, language: "es" };
  core.chats = [
    chatRow({ id: 1, title: "Lucía Paredes" }),
    chatRow({ id: 2, title: "Tortas Rosa", lastAt: NOON - MINUTE }),
    chatRow({ id: 3, title: "Mateo Quispe", lastAt: NOON - 2 * MINUTE }),
  ];
  core.messages.set(1, manyMessages(300));
  core.messages.set(1, [
    ...manyMessages(300).map((row) =>
      row.id === 40 ? message({ ...row, body: { kind: "text", text: HOSTILE } }) : row,
    ),
  ]);
  await openChat.load();
  shop = new Shop(core);
  shown = mount(App, { target: document.body, props: { shop } });
  await shop.start();
  await drawn();
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function drawn(): Promise<void> {
  await settled();
  flushSync();
  await settled();
}

async function press(key: string, part: KeyboardEventInit = {}): Promise<void> {
  const on = document.activeElement ?? document.body;
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...part }));
  await drawn();
}

async function type(words: string): Promise<void> {
  const field = document.activeElement as HTMLInputElement;
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  vi.advanceTimersByTime(PAUSE_MS);
  await drawn();
}

const field = () => document.querySelector<HTMLInputElement>('input[role="combobox"]');
const options = () => [...document.querySelectorAll<HTMLElement>('#search-results [role="option"]')];
const focused = () => document.activeElement;

describe("the search field", () => {
  it("is reached by Ctrl+K and by a stroke, and its results are counted for those who hear", async () => {
    await press("k", { ctrlKey: true });
    expect(focused()).toBe(field());
    (focused() as HTMLElement).blur();
    await press("/");
    expect(focused()).toBe(field());

    await type("torta");

    expect(options()).toHaveLength(2);
    const heard = [...document.querySelectorAll('[role="status"]')].map((told) => told.textContent?.trim());
    expect(heard).toContain("1 chat encontrado, 1 mensaje encontrado");
  });

  it("keeps the keys while the arrows walk, and says which result is meant", async () => {
    await press("k", { ctrlKey: true });
    await type("torta");
    expect(field()?.getAttribute("aria-activedescendant")).toBe(options()[0]?.id);

    await press("ArrowDown");

    expect(field()?.getAttribute("aria-activedescendant")).toBe(options()[1]?.id);
    expect(options()[1]?.getAttribute("aria-selected")).toBe("true");
    expect(focused()).toBe(field());
  });

  it("opens the chat of a chat with Enter, and the list is there again", async () => {
    await press("k", { ctrlKey: true });
    await type("rosa");
    await press("Enter");

    expect(shop.conversation?.chatId).toBe(2);
    expect(shop.search.typed).toBe("");
    expect(document.getElementById("search-results")).toBeNull();
  });

  it("opens a message in its place, marked and with the keys on it; the results stay", async () => {
    await press("k", { ctrlKey: true });
    await type("torta");
    await press("ArrowDown");
    await press("Enter");

    const there = document.querySelector<HTMLElement>('[data-message-id="40"]');
    expect(there?.classList.contains("flash")).toBe(true);
    expect(focused()).toBe(there);
    expect(shop.conversation?.newer, "the end is far away").toBe(true);
    expect(options()).toHaveLength(2);
  });

  it("is cleared by Escape, which gives the keys back to what had them", async () => {
    shop.openChat(1);
    await drawn();
    const composer = document.querySelector("textarea");
    expect(focused()).toBe(composer);
    await press("k", { ctrlKey: true });
    await type("torta");

    await press("Escape");

    expect(shop.search.typed).toBe("");
    expect(focused()).toBe(composer);
    expect(shop.conversation, "the chat stays open").not.toBeNull();
  });

  it("is where Escape leads from a message that was found, and a second Ctrl+K forgets nothing", async () => {
    await press("k", { ctrlKey: true });
    await type("torta");
    await press("ArrowDown");
    await press("Enter");
    await press("Escape");
    expect(shop.conversation).toBeNull();
    expect(focused(), "the results are still there to go on with").toBe(field());

    shop.openChat(1);
    await drawn();
    const composer = document.querySelector("textarea");
    composer?.focus();
    await press("k", { ctrlKey: true });
    await press("k", { ctrlKey: true });
    await press("Escape");
    expect(focused()).toBe(composer);
  });

  it("draws what customers wrote as text, with the words marked", async () => {
    await press("k", { ctrlKey: true });
    await type("torta");

    const results = document.getElementById("search-results");
    expect(results?.querySelector("img, script")).toBeNull();
    expect(results?.querySelector("mark")?.textContent).toBe("torta");
    expect(results?.textContent).toContain("<img src=x onerror=alert(1)>");
  });

  it("says who wrote in a group, also if they have no name", async () => {
    core.change(3, { kind: "group", title: "Feria" });
    const said = { chatId: 3, body: { kind: "text" as const, text: "¿Y las tortas?" } };
    core.messages.set(3, [
      message({ ...said, id: 901, sender: "51900000021@s.whatsapp.net", senderNumber: "+51900000021" }),
      message({ ...said, id: 902, sender: "99000000000021@lid" }),
    ]);
    await press("k", { ctrlKey: true });
    await type("tortas");
    const who = [...document.querySelectorAll("#search-results .who")].map((one) => one.textContent?.trim());
    expect(who.toSorted()).toEqual(["+51 900 000 021:", `${speech.words.talk.marks.member}:`]);
  });

  it("says through which number each of them runs, where there are several", async () => {
    core.devices = [device(), device({ id: 2, name: "Taller" })];
    core.changed({ topic: "devices" });
    await drawn();
    await press("k", { ctrlKey: true });
    await type("torta");
    const hit = document.querySelector("#search-results mark")?.closest('[role="option"]');
    expect(hit?.querySelector(".through")?.textContent).toBe(device().name);
  });

  it("says that nothing was found, and that searching failed", async () => {
    await press("k", { ctrlKey: true });
    await type("pasaporte");
    expect(document.body.textContent).toContain("No hay nada con «pasaporte».");

    core.failNext("message_search", { kind: "refused", code: "storage_busy" });
    await type("torta");
    expect(document.body.textContent).toContain("No se pudo buscar");
  });
});

describe("the bar over the open chat", () => {
  it("comes with Ctrl+F, shows hits while the keys stay in it, and goes with Escape", async () => {
    shop.openChat(1);
    await drawn();
    await press("f", { ctrlKey: true });
    const bar = focused();
    expect(bar?.getAttribute("aria-label")).toBe("Buscar en este chat");

    await type("torta");

    expect(document.querySelector('[data-message-id="40"]')?.classList.contains("flash")).toBe(true);
    expect(focused(), "to go on with Enter").toBe(bar);
    expect(document.body.textContent).toContain("1 de 1");
    expect(document.querySelector('[data-message-id="40"]')?.classList.contains("hit")).toBe(true);

    await press("Escape");
    expect(document.querySelector('input[aria-label="Buscar en este chat"]')).toBeNull();
    expect(focused()).toBe(document.querySelector("textarea"));
  });

  it("is the search of everything where no chat is open", async () => {
    await press("f", { ctrlKey: true });
    expect(focused()).toBe(field());
  });

  it("the way to the end brings the newest messages back", async () => {
    shop.openChat(1, 40);
    await drawn();
    expect(document.querySelector('[data-message-id="300"]')).toBeNull();

    document.querySelector<HTMLElement>("button.down")?.click();
    await drawn();

    expect(document.querySelector('[data-message-id="300"]')).not.toBeNull();
    expect(document.querySelector('[data-message-id="40"]')).toBeNull();
  });
});

describe("a screen that is fetched when it is first opened", () => {
  it("takes the focus to its heading once it is there", async () => {
    storage.take(speech.language, written("storage", speech.language));
    linking.take(speech.language, written("linking", speech.language));
    shop.openSettings();
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe("H1"), { timeout: 25_000 });
  }, 30_000);
});
