import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import ForwardDialog from "../src/features/conversation/ForwardDialog.svelte";
import { MOST_CHATS } from "../src/features/conversation/forwarding.svelte";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { manyChats, message } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let shown: ReturnType<typeof mount> | null = null;

beforeEach(() => {
  core = new FakeCore();
  core.chats = manyChats(100);
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function draw() {
  const props = { messages: [message({ id: 7 })], platform: core, deviceId: null, ondone: () => {}, onclose: () => {} };
  shown = mount(ForwardDialog, { target: document.body, props });
  await drawn();
}

async function drawn() {
  flushSync();
  await settled();
  flushSync();
}

const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
const button = (name: string) =>
  [...document.querySelectorAll("button")].find((one) => one.textContent?.trim() === name);

describe("the chats to forward to", () => {
  it("are twenty at most, and none that is ticked is left out: a twenty-first cannot be ticked", async () => {
    await draw();
    for (const box of boxes().slice(0, MOST_CHATS)) box.click();
    flushSync();
    expect(boxes()[MOST_CHATS]?.disabled, "one too many").toBe(true);
    expect(boxes()[0]?.disabled, "one that is chosen can be let go").toBe(false);

    boxes()[MOST_CHATS]?.click();
    flushSync();
    expect(boxes().filter((box) => box.checked)).toHaveLength(MOST_CHATS);

    boxes()[0]?.click();
    flushSync();
    expect(boxes()[MOST_CHATS]?.disabled).toBe(false);
  });

  it("come all, a part at a time", async () => {
    await draw();
    const more = speech.words.talk.forwarding.more;
    const first = boxes().length;
    expect(first).toBeLessThan(100);
    button(more)?.click();
    await drawn();
    expect(boxes().length).toBe(100);
    expect(button(more), "there are no more").toBeUndefined();
  });

  it("that cannot be read are not said to be none, and are read again when asked", async () => {
    core.failNext("chat_list", { kind: "refused", code: "storage_busy" });
    await draw();
    expect(document.body.textContent).toContain(speech.words.errors.storage_busy.what);
    expect(document.body.textContent).not.toContain(speech.words.talk.forwarding.none);

    button(speech.words.common.retry)?.click();
    await drawn();
    expect(boxes().length).toBeGreaterThan(0);
    expect(document.body.textContent).not.toContain(speech.words.errors.storage_busy.what);
  });
});
