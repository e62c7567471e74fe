import { mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Sound from "../src/features/conversation/bodies/Sound.svelte";
import type { Conversation } from "../src/features/conversation/conversation.svelte";
import type { MediaView } from "../src/platform";
import { speech } from "../src/words";
import { settled } from "./settled";

const release = vi.fn();
const playUrl = vi.fn(async () => ({ url: "blob:sound", release }));
const fetchMedia = vi.fn(async () => {});
const conversation = { playUrl, acts: { fetchMedia } } as unknown as Conversation;
let drawn: ReturnType<typeof mount> | null = null;
let shown: { media: MediaView };

beforeEach(() => {
  for (const asked of [release, playUrl, fetchMedia]) asked.mockClear();
});

afterEach(async () => {
  if (drawn) await unmount(drawn);
  drawn = null;
  vi.restoreAllMocks();
});

function player() {
  return vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  });
}

/** A voice message of which somebody told the length, or nobody. */
async function voice(seconds: number | null = 3) {
  const media: MediaView = {
    id: 1,
    mime: "audio/ogg",
    width: null,
    height: null,
    bytes: 9,
    fileName: null,
    state: "ready",
    seconds,
    waveform: null,
  };
  const props = $state({ media, conversation, voice: true });
  shown = props;
  drawn = mount(Sound, { target: document.body, props });
  await settled();
}

const sound = () => document.querySelector("audio");

async function press() {
  document.querySelector<HTMLButtonElement>(".play")?.click();
  await settled();
}

async function heard(what: "canplay" | "play" | "pause" | "error") {
  sound()?.dispatchEvent(new Event(what));
  await settled();
}

const trouble = () => document.querySelector(".trouble")?.textContent ?? null;

/** A beginning that has not come about yet. */
function begins(play: ReturnType<typeof player>) {
  let end = (_why: DOMException) => {};
  const begun = new Promise<void>((_, reject) => {
    end = reject;
  });
  play.mockReturnValueOnce(begun);
  return (name: string) => {
    end(new DOMException("it was not begun", name));
    return settled();
  };
}

describe("a sound", () => {
  it("is read when it is first pressed, and played once it can be", async () => {
    const play = player();
    await voice();
    expect(playUrl).not.toHaveBeenCalled();
    await press();
    await heard("canplay");
    expect([playUrl.mock.calls.length, play.mock.calls.length]).toEqual([1, 1]);
  });

  it("that is stopped before it begins is not one that cannot be played", async () => {
    const play = player();
    await voice(null);
    const end = begins(play);
    await press();
    await end("AbortError");
    expect(trouble()).toBeNull();
    await press();
    expect(play, "a press plays it").toHaveBeenCalledTimes(2);
  });

  it("whose player was replaced before it began is not one that cannot be played", async () => {
    const play = player();
    await voice(null);
    const end = begins(play);
    await press();
    shown.media = { ...shown.media, state: "remote" };
    await settled();
    expect(sound(), "it was let go").toBeNull();
    await end("NotSupportedError");
    expect(trouble()).toBeNull();
  });

  it("that is read already is not read again by a press, nor when its length is told", async () => {
    const play = player();
    await voice(null);
    const before = sound();
    await press();
    shown.media = { ...shown.media, seconds: 4 };
    await settled();
    expect(sound(), "the same player").toBe(before);
    expect([playUrl.mock.calls.length, release.mock.calls.length, play.mock.calls.length]).toEqual([1, 0, 1]);
  });

  it("whose player is gone does not play any more", async () => {
    player();
    await voice(null);
    await press();
    const name = () => document.querySelector(".play")?.getAttribute("aria-label");
    expect(name()).toBe(speech.words.talk.files.pause);
    shown.media = { ...shown.media, state: "remote" };
    await settled();
    expect(name()).toBe(speech.words.talk.files.play);
  });

  it("that cannot be played says so, and no longer once it plays", async () => {
    player();
    await voice();
    await press();
    await heard("error");
    expect(trouble()).toBe(speech.words.talk.files.cannotPlay);
    await press();
    expect(playUrl, "a press reads it again").toHaveBeenCalledTimes(2);
    await heard("canplay");
    expect(trouble()).toBeNull();
  });

  it("that could not be read says so, and a press reads it again", async () => {
    const play = player();
    playUrl.mockRejectedValueOnce(new Error("gone"));
    await voice();
    await press();
    expect(trouble()).toBe(speech.words.talk.files.failed);
    await press();
    expect(fetchMedia, "its bytes may be gone").toHaveBeenCalledWith(1);
    expect(playUrl).toHaveBeenCalledTimes(2);
    await heard("canplay");
    expect([trouble(), play.mock.calls.length]).toEqual([null, 1]);
  });
});
