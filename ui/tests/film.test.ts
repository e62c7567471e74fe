import { mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Conversation } from "../src/features/conversation/conversation.svelte";
import Picture from "../src/features/conversation/Picture.svelte";
import Film from "../src/parts/Film.svelte";
import { speech } from "../src/words";
import { settled } from "./settled";

const media = {
  id: 1,
  mime: "video/mp4",
  width: 320,
  height: 240,
  bytes: 9,
  fileName: null,
  state: "ready" as const,
  seconds: 3,
  waveform: null,
};
const release = vi.fn();
const onfetch = vi.fn();
const playUrl = vi.fn(async () => ({ url: "blob:film", release }));
const conversation = { mediaUrl: playUrl, smallUrl: playUrl } as unknown as Conversation;
let drawn: ReturnType<typeof mount> | null = null;
/** Tells the film whether it is on screen. */
let onScreen: (is: boolean) => Promise<void>;

beforeEach(() => {
  release.mockClear();
  playUrl.mockClear();
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(told: (seen: { isIntersecting: boolean }[]) => void) {
        onScreen = async (isIntersecting) => {
          told([{ isIntersecting }]);
          await settled();
        };
      }
      observe() {}
      disconnect() {}
    },
  );
});

afterEach(async () => {
  if (drawn) await unmount(drawn);
  drawn = null;
  vi.unstubAllGlobals();
});

function wants(stillness: boolean): void {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: stillness } as MediaQueryList);
}

function player() {
  const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  });
  const pause = vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("pause"));
  });
  return { play, pause };
}

async function shown(shownAs: "gif" | "video") {
  drawn = mount(Film, { target: document.body, props: { media, platform: { playUrl }, shownAs, onfetch } });
  await settled();
  await onScreen(true);
}

/** Its first frame is here. */
async function loaded() {
  video()?.dispatchEvent(new Event("loadeddata"));
  await settled();
}

/** A "GIF" whose first frame is here. */
async function gif() {
  const pressed = player();
  await shown("gif");
  await loaded();
  return pressed;
}

const video = () => document.querySelector("video");

const button = () => document.querySelector<HTMLButtonElement>(".play");

describe("a film that repeats", () => {
  it("does not begin by itself for whoever wants stillness, and a press plays it", async () => {
    wants(true);
    const { play } = await gif();
    expect(play).not.toHaveBeenCalled();
    button()?.click();
    await settled();
    expect(play).toHaveBeenCalledTimes(1);
  });

  it("can be stopped, and goes on with another press", async () => {
    wants(false);
    const { play, pause } = await gif();
    expect(play).toHaveBeenCalledTimes(1);
    expect(button()?.ariaLabel ?? button()?.getAttribute("aria-label")).toBe(speech.words.talk.files.pause);
    button()?.click();
    await settled();
    expect(pause).toHaveBeenCalledTimes(1);
    button()?.click();
    await settled();
    expect(play).toHaveBeenCalledTimes(2);
  });
});

describe("what is not looked at", () => {
  it("a film that nobody pressed asks for nothing, on screen or off; it says its length and its size", async () => {
    wants(false);
    player();
    await shown("video");
    await onScreen(false);
    await onScreen(true);
    expect(playUrl).not.toHaveBeenCalled();
    expect(video()).toBeNull();
    expect(document.querySelector(".facts")?.textContent?.trim()).toBe("0:03 · 1 kB");
  });

  it("a press reads it and plays it", async () => {
    wants(false);
    const { play } = player();
    await shown("video");
    button()?.click();
    await settled();
    expect(playUrl).toHaveBeenCalledTimes(1);
    await loaded();
    expect(play).toHaveBeenCalledTimes(1);
  });

  it("a film at rest is let go off screen and waits for a press when it comes back; one that plays goes on", async () => {
    wants(false);
    player();
    await shown("video");
    button()?.click();
    await settled();
    await loaded();
    await onScreen(false);
    expect(release, "it is heard").not.toHaveBeenCalled();
    video()?.dispatchEvent(new Event("pause"));
    await settled();
    expect(release).toHaveBeenCalledTimes(1);
    await onScreen(true);
    expect(playUrl, "nobody pressed it again").toHaveBeenCalledTimes(1);
    expect(button()).not.toBeNull();
  });

  it("a film that repeats is there while it is on screen", async () => {
    wants(false);
    await gif();
    await onScreen(false);
    expect(release).toHaveBeenCalledTimes(1);
    expect(video()).toBeNull();
    await onScreen(true);
    expect(playUrl).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["is stopped", "AbortError"],
    ["is let go", "NotSupportedError"],
  ])("a film that %s before it begins is not one that cannot be played", async (how, name) => {
    wants(true);
    const { play } = player();
    await shown("gif");
    let end = (_why: DOMException) => {};
    const begun = new Promise<void>((_, reject) => {
      end = reject;
    });
    play.mockReturnValueOnce(begun);
    button()?.click();
    if (how === "is let go") {
      await onScreen(false);
      await onScreen(true);
    }
    end(new DOMException("it was not begun", name));
    await settled();
    expect(document.body.textContent).not.toContain(speech.words.talk.files.cannotPlay);
    expect(button(), "a press plays it").not.toBeNull();
  });

  it("a film that cannot be played says so, and is tried anew when it comes back", async () => {
    wants(true);
    player();
    await shown("gif");
    video()?.dispatchEvent(new Event("error"));
    await settled();
    expect(document.body.textContent).toContain(speech.words.talk.files.cannotPlay);
    await onScreen(false);
    await onScreen(true);
    expect(document.body.textContent).not.toContain(speech.words.talk.files.cannotPlay);
  });

  it("a film that could not be read says so, and a press tries again", async () => {
    wants(false);
    player();
    playUrl.mockRejectedValueOnce(new Error("gone"));
    await shown("video");
    button()?.click();
    await settled();
    expect(document.body.textContent).toContain(speech.words.talk.files.failed);
    document.querySelector<HTMLButtonElement>(".instead button")?.click();
    await settled();
    expect(onfetch).toHaveBeenCalledTimes(1);
    expect(playUrl).toHaveBeenCalledTimes(2);
    expect(video()).not.toBeNull();
  });
});

describe("a sticker", () => {
  const show = async () => {
    const props = { media, conversation, sender: null, sticker: true, onopen: () => {} };
    drawn = mount(Picture, { target: document.body, props });
    await settled();
    document.querySelector("img")?.dispatchEvent(new Event("load"));
    await settled();
    return document.querySelector("img")?.classList.contains("hidden");
  };

  it("stands still for whoever wants that", async () => {
    wants(true);
    expect(await show(), "its first moment is drawn in its place").toBe(true);
  });

  it("moves for everybody else", async () => {
    wants(false);
    expect(await show()).toBe(false);
  });
});
