import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import ChatMenu from "../src/features/chats/ChatMenu.svelte";
import KeepingDialog from "../src/features/chats/KeepingDialog.svelte";
import { ChatKeeping, type KeepingAct } from "../src/features/chats/keeping.svelte";
import type { Capabilities, ChatRow } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, device, message, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let keeping: ChatKeeping;
let gone: number[];
let shown: ReturnType<typeof mount>[] = [];

beforeEach(() => {
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 }), chatRow({ id: 2, kind: "group", title: "Familia" })];
  core.messages.set(1, [message({ id: 40 }), message({ id: 41 })]);
  gone = [];
  keeping = new ChatKeeping(core, (chatId) => gone.push(chatId));
});

afterEach(async () => {
  for (const one of shown) await unmount(one);
  shown = [];
  document.body.replaceChildren();
});

async function drawn(): Promise<void> {
  await settled();
  flushSync();
}

const words = () => speech.words.keeping;
const dialog = () => document.querySelector('[role="dialog"]');
const button = (name: string) =>
  [...document.querySelectorAll<HTMLButtonElement>("button")].find((one) => one.textContent?.trim() === name);

/** What the menu of these chats offers. */
async function offered(rows: ChatRow[], part: Partial<Capabilities>): Promise<string[]> {
  const asked: KeepingAct[] = [];
  const nothing = () => {};
  const props = {
    rows,
    part: "all" as const,
    at: new DOMRect(10, 10, 0, 0),
    labels: [],
    now: NOON,
    canOf: () => ({ ...device().capabilities, ...part }),
    onkeeping: (act: KeepingAct) => asked.push(act),
    ...{
      onact: nothing,
      onothertime: nothing,
      onlabel: nothing,
      onlabels: nothing,
      onexport: nothing,
      onclose: nothing,
    },
  };
  shown.push(mount(ChatMenu, { target: document.body, props }));
  await drawn();
  return [...document.querySelectorAll('[role="menuitem"]')].map((one) => one.textContent?.trim() ?? "");
}

describe("the menu of a chat", () => {
  it.each([
    { flag: "deleteChat", name: () => words().delete },
    { flag: "disappearing", name: () => words().disappear },
  ] as const)("offers what needs $flag where the gateway can, and nowhere else", async ({ flag, name }) => {
    expect(await offered([chatRow()], { [flag]: true })).toContain(name());
    await unmount(shown.pop() as ReturnType<typeof mount>);
    document.body.replaceChildren();
    expect(await offered([chatRow()], { [flag]: false })).not.toContain(name());
  });

  it("offers neither for several chats at once, nor for a channel", async () => {
    const several = await offered([chatRow(), chatRow({ id: 2 })], {});
    expect(several).not.toContain(words().delete);
    await unmount(shown.pop() as ReturnType<typeof mount>);
    document.body.replaceChildren();
    const channel = await offered([chatRow({ kind: "channel" })], {});
    expect(channel).not.toContain(words().disappear);
    expect(channel).not.toContain(words().delete);
  });
});

describe("a chat that may be deleted", () => {
  beforeEach(() => {
    shown.push(mount(KeepingDialog, { target: document.body, props: { keeping } }));
  });

  it("is not, before it was said how much goes and what waits in it", async () => {
    core.waiting = 3;
    const count = core.hold("chat_size");
    keeping.ask("delete", core.chat(1));
    await drawn();
    expect(button(words().deleteSure)?.disabled, "nobody knows yet what would go").toBe(true);

    count();
    await drawn();
    expect(dialog()?.textContent).toContain(words().deleteBody(2));
    expect(dialog()?.textContent).toContain(words().deleteWaits(3));
    expect(core.callsOf("chat_delete"), "it was only asked").toEqual([]);

    button(words().deleteSure)?.click();
    await drawn();
    expect(core.callsOf("chat_delete")).toEqual([{ chatId: 1 }]);
    expect(gone, "and whoever shows it is told").toEqual([1]);
    expect(keeping.asked, "nothing more is asked").toBeNull();
  });

  it("of a group is said not to be left by it", async () => {
    keeping.ask("delete", core.chat(2));
    await drawn();
    expect(dialog()?.textContent).toContain(words().deleteGroup);
    expect(dialog()?.textContent).not.toContain(words().deletePerson);
    expect(dialog()?.textContent, "nothing waits").not.toContain(words().deleteWaits(0));
  });

  it("is here as ever when the gateway did not delete it, and can be tried again", async () => {
    core.failNext("chat_delete", { kind: "refused", code: "gateway_error" });
    keeping.ask("delete", core.chat(1));
    await drawn();
    button(words().deleteSure)?.click();
    await drawn();
    expect(gone).toEqual([]);
    expect(dialog()?.textContent).toContain(speech.words.errors.gateway_error.what);

    button(words().deleteSure)?.click();
    await drawn();
    expect(gone).toEqual([1]);
  });

  it("whose question was closed meanwhile is asked about again when the gateway did not delete it", async () => {
    keeping.ask("delete", core.chat(1));
    await drawn();
    core.failNext("chat_delete", { kind: "refused", code: "gateway_error" });
    const deleting = keeping.delete();
    keeping.leave();
    expect(keeping.asked, "closed").toBeNull();
    await deleting;
    await drawn();
    expect(dialog()?.textContent).toContain(speech.words.errors.gateway_error.what);
    button(words().deleteSure)?.click();
    await drawn();
    expect(gone).toEqual([1]);
  });

  it("is not deleted twice by two presses", async () => {
    keeping.ask("delete", core.chat(1));
    await drawn();
    const answer = core.hold("chat_delete");
    void keeping.delete();
    void keeping.delete();
    answer();
    await drawn();
    expect(core.callsOf("chat_delete")).toHaveLength(1);
  });

  it("asks to be counted again when that failed", async () => {
    core.failNext("chat_size", { kind: "refused", code: "storage_busy" });
    keeping.ask("delete", core.chat(1));
    await drawn();
    expect(button(words().deleteSure)?.disabled).toBe(true);
    button(speech.words.common.retry)?.click();
    await drawn();
    expect(button(words().deleteSure)?.disabled).toBe(false);
  });
});

describe("disappearing messages", () => {
  it.each([
    { keptFor: "never" as const, after: null },
    { keptFor: "week" as const, after: "week" },
  ])("are set to $keptFor, once a person chose that", async ({ keptFor, after }) => {
    shown.push(mount(KeepingDialog, { target: document.body, props: { keeping } }));
    keeping.ask("disappear", core.chat(1));
    await drawn();
    expect(button(speech.words.common.save)?.disabled, "nobody knows what is set now: nothing is chosen").toBe(true);

    document.querySelector<HTMLInputElement>(`input[value="${keptFor}"]`)?.click();
    await drawn();
    button(speech.words.common.save)?.click();
    await drawn();
    expect(core.callsOf("chat_disappearing_set")).toEqual([{ chatId: 1, after }]);
    expect(keeping.asked, "nothing more is asked").toBeNull();
  });
});
