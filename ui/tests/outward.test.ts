import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import LinkDialog from "../src/parts/links/LinkDialog.svelte";
import { outside } from "../src/parts/links/outside.svelte";
import { type DeepLink, Fault } from "../src/platform";
import { DesktopPlatform } from "../src/platform/tauri";
import { speech } from "../src/words";
import { settled } from "./settled";

afterEach(() => vi.unstubAllGlobals());

/** The shell's bridge, which notes what it is asked. */
function bridge(answer: (command: string) => unknown) {
  const asked: [string, unknown][] = [];
  const invoke = async (command: string, args: unknown) => {
    asked.push([command, args]);
    return answer(command);
  };
  vi.stubGlobal("__TAURI_INTERNALS__", {
    invoke,
    convertFileSrc: (path: string, scheme: string) => `${scheme}:${path}`,
  });
  return asked;
}

describe("the desktop host", () => {
  it("has the shell open a link and save a file, and says under which name", async () => {
    const asked = bridge((command) => (command === "media_save" ? { fileName: "menu (2).pdf" } : null));
    const platform = new DesktopPlatform();
    await platform.openOutside("https://shop.example/");
    expect(await platform.saveMedia(7, "menu.pdf")).toEqual({ fileName: "menu (2).pdf" });
    expect(asked).toEqual([
      ["link_open", { href: "https://shop.example/" }],
      ["media_save", { mediaId: 7, fileName: "menu.pdf" }],
    ]);
  });

  it("rejects with the shell's own code", async () => {
    bridge(() => {
      throw { code: "storage_full", params: {} };
    });
    await expect(new DesktopPlatform().saveMedia(7, "menu.pdf")).rejects.toEqual(new Fault("storage_full"));
  });

  it("takes a link that came before anybody listened, and each that comes after, until nobody does", async () => {
    const waiting = [{ chat: { by: "id", id: 7 }, text: null }, null, { chat: { by: "id", id: 8 }, text: "hola" }];
    let heard = () => {};
    const asked = bridge((command) => (command === "deep_link_take" ? waiting.shift() : 1));
    const transformCallback = (listener: () => void) => {
      heard = listener;
      return 1;
    };
    vi.stubGlobal("__TAURI_INTERNALS__", { ...Reflect.get(globalThis, "__TAURI_INTERNALS__"), transformCallback });
    const links: DeepLink[] = [];
    const stop = new DesktopPlatform().links((link) => links.push(link));
    await settled();
    heard();
    heard();
    await settled();
    expect(links.map(({ chat }) => chat)).toEqual([
      { by: "id", id: 7 },
      { by: "id", id: 8 },
    ]);
    expect(asked[0]?.[0], "it listens first, so that none falls in between").toBe("plugin:event|listen");
    vi.stubGlobal("__TAURI_EVENT_PLUGIN_INTERNALS__", { unregisterListener: () => {} });
    stop();
  });

  it("asks the desktop whether it starts with it, and says what it was told", async () => {
    const asked = bridge(() => ({ offered: true, on: true }));
    const platform = new DesktopPlatform();
    expect(await platform.startsWithSystem()).toEqual({ offered: true, on: true });
    await platform.startWithSystem(false);
    expect(asked).toEqual([
      ["start_with_system_get", {}],
      ["start_with_system_set", { on: false }],
    ]);
  });

  it("names a file by its id", async () => {
    bridge(() => null);
    expect((await new DesktopPlatform().mediaUrl(7)).url).toBe("media:7");
    expect((await new DesktopPlatform().pictureUrl(7)).url).toBe("media:picture/7");
  });

  it("writes a file piece by piece where the operator says, and nowhere if they say no place", async () => {
    const asked = bridge((command) => {
      if (command === "file_begin") return { file: 3 };
      return command === "file_end" ? { fileName: "Rosa (1).txt" } : null;
    });
    const sink = await new DesktopPlatform().openFile("Rosa.txt");
    await sink?.write("uno");
    expect(await sink?.end(true)).toEqual({ fileName: "Rosa (1).txt" });
    expect(asked).toEqual([
      ["file_begin", { fileName: "Rosa.txt" }],
      ["file_write", { file: 3, text: "uno" }],
      ["file_end", { file: 3, keep: true }],
    ]);
    bridge(() => null);
    expect(await new DesktopPlatform().openFile("Rosa.txt")).toBeNull();
  });
});

describe("the dialog that shows where a link leads", () => {
  const press = (words: string) => {
    const buttons = [...document.querySelectorAll("button")];
    const button = buttons.find((one) => one.textContent?.trim() === words);
    if (!button) throw new Error(`no button «${words}» among ${buttons.map((one) => one.textContent)}`);
    button.click();
  };

  async function asked(onopen: (href: string) => Promise<void>) {
    const dialog = mount(LinkDialog, { target: document.body, props: { onopen } });
    outside.ask("https://shop.example/menu");
    flushSync();
    await settled();
    press(speech.words.talk.links.open);
    await settled();
    flushSync();
    return () => unmount(dialog);
  }

  it("closes once the desktop has taken the link", async () => {
    const opened: string[] = [];
    const end = await asked(async (href) => void opened.push(href));
    expect(opened).toEqual(["https://shop.example/menu"]);
    expect(outside.wanted, "nothing is asked any more").toBeNull();
    await end();
  });

  it("stays and says so when the desktop opens no such link", async () => {
    const end = await asked(async () => {
      throw new Fault("bad_request");
    });
    expect(document.body.textContent).toContain(speech.words.talk.links.noOpen);
    expect(outside.wanted, "it can still be copied").not.toBeNull();
    outside.done();
    await end();
  });
});
