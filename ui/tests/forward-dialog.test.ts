import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import ForwardDialog from "../src/features/conversation/ForwardDialog.svelte";
import { MOST_CHATS } from "../src/features/conversation/forwarding.svelte";
import type { DeviceView } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { about, chatRow, device, manyChats, message } from "./people";
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

async function draw(device?: DeviceView, ondone = () => {}) {
  const props = { messages: [message({ id: 7 })], platform: core, device, ondone, onclose: () => {} };
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

describe("a group in which this number may not write", () => {
  const own = device();
  const admins = about({
    readOnly: true,
    members: [{ address: "1@lid", number: `+${own.ownNumber}`, name: null, rank: "member", pictureId: null }],
  });

  beforeEach(() => {
    core.chats = [chatRow({ id: 2, title: "Lucía", lastAt: 1 }), chatRow({ id: 1, kind: "group", title: "Avisos" })];
  });

  it("is not chosen, and says why", async () => {
    core.about.set(1, admins);
    await draw(own);
    for (const box of boxes()) box.click();
    await drawn();
    expect(boxes().map(({ checked, disabled }) => [checked, disabled])).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(document.body.textContent).toContain(speech.words.person.readOnly);
    button(speech.words.talk.forwarding.send(1))?.click();
    await drawn();
    expect(core.callsOf("message_send").map((call) => call.chatId)).toEqual([2]);
  });

  it("keeps the dialog open when that is known only after the press: nothing was sent there", async () => {
    core.about.set(1, admins);
    const ondone = vi.fn();
    await draw(own, ondone);
    boxes()[0]?.click();
    flushSync();
    button(speech.words.talk.forwarding.send(1))?.click();
    await drawn();
    expect(core.callsOf("message_send")).toEqual([]);
    expect(ondone).not.toHaveBeenCalled();
    expect(document.body.textContent, "and says why").toContain(speech.words.person.readOnly);

    boxes()[1]?.click();
    flushSync();
    button(speech.words.talk.forwarding.send(1))?.click();
    await drawn();
    expect(ondone, "the next press is another one").toHaveBeenCalledTimes(1);
  });

  it("is chosen where its admins are not told, or the number is one", async () => {
    core.about.set(1, { ...admins, members: admins.members.map((one) => ({ ...one, rank: "admin" as const })) });
    await draw(own);
    boxes()[0]?.click();
    await drawn();
    expect(boxes()[0]?.checked).toBe(true);
  });

  it("is not offered where the gateway refuses every group", async () => {
    await draw({ ...own, capabilities: { ...own.capabilities, sendGroups: false } });
    expect(document.body.textContent).not.toContain("Avisos");
    expect(document.body.textContent).toContain("Lucía");
  });
});
