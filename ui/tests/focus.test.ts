import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { loadEmoji } from "../src/parts/emoji/emoji";
import emojiTable from "../src/parts/emoji/emoji.gen.json";
import type { MediaView } from "../src/platform";
import App from "../src/views/App.svelte";
import { clock } from "../src/views/clock.svelte";
import { keptPanel } from "../src/views/kept-panel.svelte";
import { keepingDialog, openChat } from "../src/views/later.svelte";
import { Shop } from "../src/views/shop.svelte";
import { speech } from "../src/words";
import { explained } from "../src/words/explorer.svelte";
import { told as exporting } from "../src/words/export.svelte";
import { told as help } from "../src/words/help.svelte";
import { told as hooks } from "../src/words/hooks.svelte";
import { told as linking } from "../src/words/linking.svelte";
import { told as storage } from "../src/words/storage.svelte";
import { FakeCore } from "./fake-core";
import { chatRow, MINUTE, message, NOON } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

const PHOTO: MediaView = {
  id: 1,
  mime: "image/png",
  width: 10,
  height: 10,
  bytes: 1000,
  fileName: "a.png",
  state: "ready",
  seconds: null,
  waveform: null,
};

/** The whole window, worked with keys: what was typed stays, and the keys are always somewhere. */
let core: FakeCore;
let shop: Shop;
let shown: ReturnType<typeof mount> | null = null;

// What is fetched when it is first opened comes at once then.
beforeAll(async () => {
  await Promise.all([openChat.load(), keepingDialog.load(), import("../src/views/numbers")]);
});

beforeEach(async () => {
  vi.useFakeTimers({ now: NOON + MINUTE });
  localStorage.clear();
  keptPanel.set(false);
  core = new FakeCore();
  core.settings = { ...core.settings, language: "es" };
  core.chats = [
    chatRow({ id: 1, title: "Lucía Paredes" }),
    chatRow({ id: 2, title: "Tortas Rosa", lastAt: NOON - MINUTE }),
  ];
  core.messages.set(1, [message({ id: 40 }), message({ id: 41, fromMe: true, status: "read", at: clock.minute })]);
  for (const [sheet, words] of Object.entries({
    explorer: explained,
    export: exporting,
    help,
    hooks,
    linking,
    storage,
  })) {
    words.take("es", written(sheet, "es"));
  }
  shop = new Shop(core);
  shown = mount(App, { target: document.body, props: { shop } });
  await shop.start();
  await drawn();
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function drawn(): Promise<void> {
  await settled();
  flushSync();
  await settled();
  flushSync();
}

async function press(key: string, part: KeyboardEventInit = {}): Promise<void> {
  const on = document.activeElement ?? document.body;
  on.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...part }));
  await drawn();
}

async function opened(chatId = 1): Promise<HTMLTextAreaElement> {
  shop.openChat(chatId);
  await drawn();
  return composer();
}

const composer = () => document.querySelector("textarea") as HTMLTextAreaElement;
const article = (id: number) => document.querySelector<HTMLElement>(`[data-message-id="${id}"]`);
const list = () => document.querySelector<HTMLElement>('.list [role="listbox"]');
const button = (name: string, within: ParentNode = document) =>
  [...within.querySelectorAll<HTMLElement>("button")].find(
    (one) => one.getAttribute("aria-label") === name || one.textContent?.trim() === name,
  );
const item = (name: string) => button(name, document.querySelector('[role="menu"]') ?? document.createElement("p"));
/** Of a chat's menu. */
const chatAct = (name: string) =>
  [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((one) => one.textContent?.trim() === name);
/** As a mouse does: where the press went has the focus. */
const pressOn = async (element: HTMLElement | null | undefined) => {
  element?.focus();
  element?.click();
  await drawn();
};
const words = () => speech.words;

describe("what is chosen from a message's menu", () => {
  it.each([
    { name: "reply" as const, of: 40 },
    { name: "edit" as const, of: 41 },
  ])("$name gives the keys to the field, and what is typed goes there", async ({ name, of }) => {
    await opened();
    article(of)?.focus();
    await press("Enter");
    expect(document.activeElement?.closest('[role="menu"]'), "the menu is open").not.toBeNull();

    item(words().talk.actions[name])?.click();
    await drawn();

    expect(document.querySelector('[role="menu"]')).toBeNull();
    expect(document.activeElement).toBe(composer());
  });

  it("that leads nowhere else gives them back to the message", async () => {
    await opened();
    article(40)?.focus();
    await press("Enter");
    item(words().talk.actions.star)?.click();
    await drawn();
    expect(document.activeElement).toBe(article(40));
  });
});

describe("Escape", () => {
  it("leaves a field and nothing that was typed: a new number's name, address and key", async () => {
    shop.addNumber();
    await vi.waitFor(() => expect(document.querySelector(".welcome")).not.toBeNull(), { timeout: 4_000 });
    await drawn();
    const { screen } = shop;
    if (screen.kind !== "welcome") throw new Error("the welcome is not up");
    screen.welcome.choose("whapi", "Tienda");
    await drawn();
    screen.welcome.given.token = "clave larga";
    const field = document.querySelector<HTMLInputElement>(".welcome input");
    field?.focus();
    expect(document.activeElement, "somebody types").toBe(field);

    await press("Escape");

    expect(screen.welcome.kind).toBe("whapi");
    expect(screen.welcome.given.token).toBe("clave larga");
    expect(document.activeElement, "the field is left").not.toBe(field);
    await press("Escape");
    expect(screen.welcome.kind, "and then it goes back").toBeNull();
    screen.welcome.choose("whapi", "Tienda");
    expect(screen.welcome.given.token, "to what was typed one comes again").toBe("clave larga");
  });

  it.each(["openExplorer", "openHooks"] as const)("%s goes back to Settings, as its button says", async (open) => {
    shop[open](1);
    await drawn();
    await press("Escape");
    expect(shop.screen.kind).toBe("settings");
  });

  it("that an input method uses closes no chat", async () => {
    await opened();
    await press("Escape", { isComposing: true });
    expect(shop.conversation).not.toBeNull();
    await press("Escape");
    expect(shop.conversation, "by itself it does").toBeNull();
  });
});

describe("Escape while messages are chosen", () => {
  /** By the right button while somebody writes. */
  async function chosen(): Promise<void> {
    await opened();
    article(40)?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
    await drawn();
    item(words().talk.actions.select)?.click();
    await drawn();
  }

  it("ends the choice and keeps the chat: the keys went to the message that was chosen", async () => {
    await chosen();
    expect(document.activeElement).toBe(article(40));
    await press("Escape");
    expect(document.querySelector(".check"), "no choice any more").toBeNull();
    expect(shop.conversation?.chatId).toBe(1);
    expect(document.activeElement).toBe(article(40));
    await press("Escape");
    expect(shop.conversation, "and then the chat").toBeNull();
  });

  it("does so from the bar of the choice, and when the keys are nowhere", async () => {
    await chosen();
    button(words().talk.selection.done)?.focus();
    await press("Escape");
    expect([document.querySelector(".check"), shop.conversation?.chatId]).toEqual([null, 1]);
    expect(document.activeElement).toBe(document.querySelector('[role="log"]'));

    await chosen();
    (document.activeElement as HTMLElement | null)?.blur();
    await press("Escape");
    expect([document.querySelector(".check"), shop.conversation?.chatId]).toEqual([null, 1]);
  });
});

describe("another chat", () => {
  it("is not covered by the question about a link of the one before", async () => {
    core.messages.set(1, [message({ id: 40, body: { kind: "text", text: "mira https://otro.example/x" } })]);
    await opened();
    document.querySelector<HTMLElement>("article .link")?.click();
    await drawn();
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain("otro.example");
    core.emit({ kind: "open_chat", chatId: 2 });
    await drawn();
    expect(document.querySelector('[role="dialog"]')).toBeNull();
    expect(document.activeElement).toBe(composer());
  });

  it("nor by a photo that the one before shares", async () => {
    vi.stubGlobal("innerWidth", 1366);
    const media = { ...PHOTO, id: 9 };
    core.files.set(1, [{ messageId: 40, at: NOON, fromMe: false, media }]);
    await opened();
    await press("i", { altKey: true });
    document.querySelector<HTMLElement>(".panel .grid button")?.click();
    await drawn();
    expect(document.querySelectorAll('[role="dialog"]')).toHaveLength(1);
    core.emit({ kind: "open_chat", chatId: 2 });
    await drawn();
    expect(document.querySelectorAll('[role="dialog"]')).toHaveLength(0);
    expect(document.activeElement).toBe(composer());
  });
});

describe("the keys are never nowhere", () => {
  /** Some chats are chosen, and one of the bar's buttons is pressed. */
  const fromPicks = (name: () => string) => async () => {
    shop.work.picks.toggle(2, null);
    await drawn();
    await pressOn(button(name()));
  };
  const archived = async () => {
    await press("a", { altKey: true });
    await drawn();
  };
  const pass = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    await drawn();
  };
  const log = () => document.querySelector('[role="log"]');
  const acts: [string, () => Promise<void>, () => Element | null][] = [
    ["a chat is closed by Escape", () => press("Escape"), list],
    [
      "a chat is closed by the way back of a small window",
      () => pressOn(document.querySelector<HTMLElement>(".narrow-back button")),
      list,
    ],
    [
      "the person's panel is closed by its cross",
      async () => {
        await press("i", { altKey: true });
        await pressOn(button(words().person.hide, document.querySelector(".panel") ?? document));
      },
      () => document.querySelector(".panel-switch [aria-pressed]"),
    ],
    [
      "the person's panel is closed by its key from within",
      async () => {
        await press("i", { altKey: true });
        document.querySelector<HTMLElement>(".panel button")?.focus();
        await press("i", { altKey: true });
      },
      () => document.querySelector(".panel-switch [aria-pressed]"),
    ],
    [
      "messages are no longer chosen, by the cross of their bar",
      async () => {
        article(40)?.focus();
        await press("Enter");
        item(words().talk.actions.select)?.click();
        await drawn();
        await pressOn(button(words().talk.selection.done));
      },
      log,
    ],
    [
      "messages that were chosen get a star",
      async () => {
        article(40)?.focus();
        await press("Enter");
        item(words().talk.actions.select)?.click();
        await drawn();
        await pressOn(button(words().talk.selection.star));
      },
      log,
    ],
    [
      "messages that were chosen are deleted",
      async () => {
        article(41)?.focus();
        await press("Enter");
        item(words().talk.actions.select)?.click();
        await drawn();
        await pressOn(button(words().talk.selection.delete));
        await pass(1_000);
        await pressOn(button(words().talk.remove.ok, document.querySelector('[role="dialog"]') ?? document));
        await pass(1_000);
      },
      log,
    ],
    ["chats are no longer chosen, by the cross of their bar", fromPicks(() => words().list.unchoose), list],
    ["chats that were chosen are done", fromPicks(() => words().list.acts.done), list],
    [
      "something is undone",
      async () => {
        await archived();
        await pressOn(button(words().list.undo));
      },
      list,
    ],
    [
      "what could be undone is hidden",
      async () => {
        await archived();
        await pressOn(button(words().list.hide));
      },
      list,
    ],
    [
      "the time to undo is over",
      async () => {
        await archived();
        button(words().list.undo)?.focus();
        await pass(11_000);
      },
      list,
    ],
    [
      "it is left how long the chat is kept, which its menu above the conversation had led to",
      async () => {
        await pressOn(button(words().list.acts.menu, document.querySelector(".panel-switch") ?? document));
        chatAct(words().keeping.disappear)?.click();
        await drawn();
        await pass(50);
        await pressOn(button(words().common.cancel));
        await pass(50);
      },
      () => button(words().list.acts.menu, document.querySelector(".panel-switch") ?? document) ?? null,
    ],
    [
      "a chat is not written to a file after all, which the list's menu had led to",
      async () => {
        list()?.focus();
        shop.work.openMenu("all", new DOMRect(10, 10, 0, 0), [core.chat(1)]);
        await drawn();
        chatAct(words().list.exportChat)?.click();
        await drawn();
        await pass(50);
        await pressOn(button(words().common.cancel));
        await pass(50);
      },
      list,
    ],
    [
      "the open chat is deleted",
      async () => {
        await pressOn(button(words().list.acts.menu, document.querySelector(".panel-switch") ?? document));
        chatAct(words().keeping.delete)?.click();
        await drawn();
        await pass(50);
        await pressOn(button(words().keeping.deleteSure));
        await pass(50);
      },
      list,
    ],
    [
      "a file is taken from those that will be sent",
      async () => {
        shop.desk.at(chatRow({ id: 1 })).attachments = [
          {
            file: new File(["a"], "a.png", { type: "image/png" }),
            url: "blob:1",
            shownAs: "image",
            orDocument: false,
            added: null,
            attempt: null,
          },
        ];
        await drawn();
        await pressOn(button(words().talk.writing.remove));
      },
      composer,
    ],
    [
      "a filter is taken away by its cross",
      async () => {
        await shop.work.ask({ filter: "archived", labelId: null, deviceId: null });
        await drawn();
        await pressOn(document.querySelector<HTMLElement>(".chips button"));
      },
      list,
    ],
    [
      "everything is shown again after a filter that found nothing",
      async () => {
        await shop.work.ask({ filter: "groups", labelId: null, deviceId: null });
        await drawn();
        await pressOn(button(words().chats.showAll));
      },
      list,
    ],
  ];

  it.each(acts)("%s", async (_name, act, there) => {
    await opened();
    expect(document.activeElement).toBe(composer());
    await act();
    expect(document.activeElement).not.toBe(document.body);
    expect(document.activeElement).toBe(there());
  });

  it("the last chats were chosen and are archived: they are where one searches", async () => {
    await opened();
    for (const id of [1, 2]) shop.work.picks.add(id);
    await drawn();
    core.chats = core.chats.map((row) => ({ ...row, archived: true }));
    await pressOn(button(words().list.acts.archive));
    await drawn();
    expect(list()).toBeNull();
    expect(document.activeElement?.getAttribute("role")).toBe("combobox");
  });

  it("a chat is closed and its list has no rows: they are where one searches", async () => {
    await opened();
    core.chats = core.chats.map((row) => ({ ...row, archived: true }));
    await shop.chats.choose("archived");
    shop.chats.drop(new Set([1, 2]));
    await drawn();
    expect(list()).toBeNull();
    await press("Escape");
    expect(document.activeElement?.getAttribute("role")).toBe("combobox");
  });

  it("there are no chats at all: its one button leads to where a number is typed", async () => {
    core.chats = [];
    core.changed({ topic: "chats" });
    await drawn();
    const write = button(words().list.write, document.querySelector(".list") as HTMLElement);
    await pressOn(write);
    expect(document.activeElement).toBe(document.querySelector('[role="combobox"]'));
  });

  it("the list takes them only when it is seen again: until then a small window shows the chat", async () => {
    await opened();
    const seen: boolean[] = [];
    const box = list() as HTMLElement;
    box.focus = () => void seen.push(!document.querySelector(".panes")?.classList.contains("with-chat"));
    await press("Escape");
    expect(seen).toEqual([true]);
  });
});

describe("the emoji that one chooses from", () => {
  it("goes when the keys leave it, so that they work again", async () => {
    await loadEmoji(async () => emojiTable);
    await opened();
    await pressOn(button(words().talk.writing.emoji));
    const picker = document.querySelector('[role="dialog"]');
    expect(picker?.contains(document.activeElement)).toBe(true);

    document.querySelector<HTMLElement>(".picker .groups button")?.focus();
    await drawn();
    expect(document.querySelector(".picker"), "within it they may walk").not.toBeNull();

    composer().focus();
    await drawn();
    expect(document.querySelector(".picker")).toBeNull();
    await press("F1");
    expect(shop.help).toBe(true);
  });

  it("stays when it comes in a menu's place, which gives the keys back as it goes", async () => {
    await loadEmoji(async () => emojiTable);
    await opened();
    article(40)?.focus();
    await press("Enter");
    await pressOn(item(words().talk.emoji.search));
    expect(document.querySelector(".picker")?.contains(document.activeElement)).toBe(true);
    await press("Escape");
    expect(document.activeElement, "to the message").toBe(article(40));
  });

  it("offers its groups as what they are: buttons that stay pressed", async () => {
    await loadEmoji(async () => emojiTable);
    await opened();
    await pressOn(button(words().talk.writing.emoji));
    const first = document.querySelector<HTMLElement>(".picker .groups button");
    expect(document.querySelector('.picker [role="tablist"], .picker [role="tab"]')).toBeNull();
    await pressOn(first);
    expect(first?.getAttribute("aria-pressed")).toBe("true");
    await pressOn(first);
    expect(first?.getAttribute("aria-pressed")).toBe("false");
  });
});

describe("the person's panel in a window of 900 x 600", () => {
  beforeEach(() => {
    vi.stubGlobal("innerWidth", 900);
    vi.stubGlobal("innerHeight", 600);
  });

  it("goes by Escape before the chat that it covers", async () => {
    await opened();
    await press("i", { altKey: true });
    expect(document.querySelector(".panel")).not.toBeNull();
    await press("Escape");
    expect(document.querySelector(".panel")).toBeNull();
    expect(shop.conversation?.chatId, "the chat stays").toBe(1);
    await press("Escape");
    expect(shop.conversation).toBeNull();
  });

  it("does not come over the next chat, and stays open beside it where there is room", async () => {
    await opened(1);
    await press("i", { altKey: true });
    await opened(2);
    expect(document.querySelector(".panel")).toBeNull();

    vi.stubGlobal("innerWidth", 1366);
    await press("i", { altKey: true });
    await opened(1);
    expect(document.querySelector(".panel")).not.toBeNull();
  });
});

describe("undoing by key", () => {
  it("takes back what has not left yet before it undoes anything else", async () => {
    core.settings = { ...core.settings, undoSeconds: 5 };
    const field = await opened();
    const held = message({ id: 90, fromMe: true, status: "queued", heldUntil: Date.now() + 5_000 });
    const desk = shop.desk.at(chatRow({ id: 1 }));
    desk.held = [{ message: held, content: { text: "Ya va", attachment: null, quote: null, first: true } }];
    await drawn();
    const heard = [...document.querySelectorAll('[role="status"]')].map((told) => told.textContent?.trim());
    expect(heard, "that it can be undone is heard once, not each second").toContain(words().talk.writing.canUndo);

    await press("j", { altKey: true });

    expect(core.callsOf("message_take_back")).toEqual([{ messageId: 90 }]);
    expect(document.activeElement).toBe(field);
  });
});

describe("the keys 1 to 8", () => {
  it("change the state that is shown and keep the label and the number, as the bar does", async () => {
    (document.activeElement as HTMLElement | null)?.blur();
    core.labels = [{ id: 7, deviceId: 1, name: "Pedidos", colour: null, ofPhone: false, chats: 1, unreadChats: 0 }];
    await shop.labels.load();
    await shop.work.ask({ filter: "all", labelId: 7, deviceId: 1 });
    await press("8");
    expect(shop.chats.query).toEqual({ filter: "done", labelId: 7, deviceId: 1 });
  });

  it("do nothing once they were turned off; F1 and Ctrl+K do", async () => {
    shop.appearance.choose({ plainKeys: false });
    await press("2");
    expect(shop.chats.query.filter).toBe("all");
    await press("k", { ctrlKey: true });
    expect(document.activeElement?.getAttribute("role")).toBe("combobox");
    expect(new Shop(core).appearance.plainKeys, "kept").toBe(false);
  });
});

describe("the rows under a pointer that rests", () => {
  it("keep their places also when a key brought other rows under it", async () => {
    (document.activeElement as HTMLElement | null)?.blur();
    const rows = () => [...document.querySelectorAll<HTMLElement>("[data-chat]")];
    const places = () =>
      rows()
        .toSorted(
          (one, other) =>
            Number.parseInt(one.style.insetBlockStart, 10) - Number.parseInt(other.style.insetBlockStart, 10),
        )
        .map((row) => Number(row.dataset.chat));
    const around = document.querySelector(".rows");
    around?.dispatchEvent(new PointerEvent("pointermove", { pointerType: "mouse", bubbles: true }));
    await drawn();

    await press("9");
    expect(document.querySelector(".rows"), "the rows are other ones").not.toBe(around);
    core.receive(2, "¿Sigue?", NOON + MINUTE);
    await drawn();
    expect(places()).toEqual([1, 2]);

    document.querySelector(".rows")?.parentElement?.dispatchEvent(new PointerEvent("pointerleave"));
    await drawn();
    expect(places(), "once it has gone").toEqual([2, 1]);
  });
});

describe("sounds", () => {
  it("are heard one at a time", () => {
    const [one, other] = [document.createElement("audio"), document.createElement("audio")];
    document.body.append(one, other);
    const paused: string[] = [];
    one.pause = () => void paused.push("one");
    other.pause = () => void paused.push("other");
    other.dispatchEvent(new Event("play"));
    expect(paused).toEqual(["one"]);
  });
});
