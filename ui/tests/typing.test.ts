import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { AGAIN_MS, STILL_MS, Typing } from "../src/features/composer/typing";
import App from "../src/views/App.svelte";
import { openChat } from "../src/views/later.svelte";
import { Shop } from "../src/views/shop.svelte";
import { FakeCore } from "./fake-core";
import { chatRow, device, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;
/** Each number once: what one of them does not offer is remembered. */
let number = 100;

// What is fetched when it is first opened comes at once then.
beforeAll(() => openChat.load());

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  core = new FakeCore();
  number += 1;
});

afterEach(() => vi.useRealTimers());

const told = () => core.callsOf("chat_typing_set").map(({ doing }) => doing);
const pass = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
  await settled();
};

describe("that somebody writes", () => {
  it("is told with the first key and again only so often, and that they stopped when they are still", async () => {
    const typing = new Typing(core, 1, number);
    for (let at = 0; at < AGAIN_MS; at += 500) {
      typing.key();
      await pass(500);
    }
    expect(told(), "twenty keys in ten seconds").toEqual(["typing"]);
    typing.key();
    expect(told()).toEqual(["typing", "typing"]);
    await pass(STILL_MS - 1);
    expect(told()).toHaveLength(2);
    await pass(1);
    expect(told()).toEqual(["typing", "typing", "paused"]);
    await pass(60_000);
    expect(told(), "nobody writes: nothing is told").toHaveLength(3);
  });

  it("ends at once when it was sent or left, and only if it was told", async () => {
    const typing = new Typing(core, 1, number);
    typing.rest();
    expect(told()).toEqual([]);
    typing.key();
    typing.rest();
    typing.rest();
    expect(told()).toEqual(["typing", "paused"]);
  });

  it("is not told any more of a number whose core does not offer it, in no chat", async () => {
    core.failNext("chat_typing_set", { kind: "refused", code: "not_offered" });
    new Typing(core, 1, number).key();
    await settled();
    const another = new Typing(core, 2, number);
    another.key();
    await pass(120_000);
    another.key();
    expect(told(), "the plan's calls are for messages").toEqual(["typing"]);
  });

  it("is left alone for a minute after it could not be told, and said to nobody", async () => {
    core.failNext("chat_typing_set", { kind: "refused", code: "rate_limited" });
    const typing = new Typing(core, 1, number);
    typing.key();
    await settled();
    await pass(30_000);
    typing.key();
    await pass(29_999);
    typing.key();
    expect(told()).toEqual(["typing"]);
    await pass(1);
    typing.key();
    expect(told()).toEqual(["typing", "typing"]);
  });
});

describe("the composer", () => {
  let shown: ReturnType<typeof mount> | null = null;

  afterEach(() => {
    if (shown) void unmount(shown);
    shown = null;
    document.body.replaceChildren();
  });

  async function written(part: { typing: boolean; tellTyping?: boolean }): Promise<Shop> {
    const { capabilities } = device();
    core.devices = [device({ id: number, capabilities: { ...capabilities, typing: part.typing } })];
    core.settings = { ...core.settings, language: "es", tellTyping: part.tellTyping ?? true };
    core.chats = [chatRow({ id: 1, deviceId: number }), chatRow({ id: 2, deviceId: number, title: "Rosa" })];
    const shop = new Shop(core);
    shown = mount(App, { target: document.body, props: { shop } });
    await shop.start();
    shop.openChat(1);
    await settled();
    flushSync();
    const field = document.querySelector("textarea") as HTMLTextAreaElement;
    field.value = "Hola";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settled();
    return shop;
  }

  it("tells it where the number can and the shop wants it, and ends it with the chat", async () => {
    const shop = await written({ typing: true });
    expect(core.callsOf("chat_typing_set")).toEqual([{ chatId: 1, doing: "typing" }]);
    shop.openChat(2);
    await settled();
    flushSync();
    expect(core.callsOf("chat_typing_set").at(-1)).toEqual({ chatId: 1, doing: "paused" });
  });

  it.each([
    { why: "the number cannot", typing: false, tellTyping: true },
    { why: "the shop does not want it", typing: true, tellTyping: false },
  ])("tells nothing where $why", async ({ typing, tellTyping }) => {
    await written({ typing, tellTyping });
    expect(told()).toEqual([]);
  });
});
