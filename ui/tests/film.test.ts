import { mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import Film from "../src/features/conversation/bodies/Film.svelte";
import type { Conversation } from "../src/features/conversation/conversation.svelte";
import Picture from "../src/features/conversation/Picture.svelte";
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
const address = async () => ({ url: "blob:film", release: () => {} });
const conversation = { playUrl: address, mediaUrl: address } as unknown as Conversation;
let drawn: ReturnType<typeof mount> | null = null;

afterEach(async () => {
  if (drawn) await unmount(drawn);
  drawn = null;
});

function wants(stillness: boolean): void {
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: stillness } as MediaQueryList);
}

/** A "GIF" whose first frame is here. */
async function gif() {
  const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  });
  const pause = vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("pause"));
  });
  drawn = mount(Film, { target: document.body, props: { media, conversation, shownAs: "gif" } });
  await settled();
  document.querySelector("video")?.dispatchEvent(new Event("loadeddata"));
  await settled();
  return { play, pause };
}

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
