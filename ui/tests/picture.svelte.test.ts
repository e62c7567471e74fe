import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it, vi } from "vitest";
import type { Conversation } from "../src/features/conversation/conversation.svelte";
import Picture from "../src/features/conversation/Picture.svelte";
import { Fault, type MediaView } from "../src/platform";
import { settled } from "./settled";

const media = {
  id: 1,
  mime: "image/jpeg",
  width: 2000,
  height: 1000,
  bytes: 9,
  fileName: null,
  state: "ready" as const,
  seconds: null,
  waveform: null,
};
let drawn: ReturnType<typeof mount> | null = null;

afterEach(async () => {
  if (drawn) await unmount(drawn);
  drawn = null;
});

async function shown(part: { sticker?: boolean; unread?: boolean } = {}) {
  const at = (url: string) => vi.fn(async () => ({ url, release: () => {} }));
  const conversation = { smallUrl: at("blob:small"), mediaUrl: at("blob:whole"), acts: { fetchMedia: vi.fn() } };
  if (part.unread) conversation.smallUrl.mockRejectedValueOnce(new Fault("core_lost"));
  const props = $state({
    media: media as MediaView,
    conversation: conversation as unknown as Conversation,
    sender: null,
    sticker: part.sticker ?? false,
    onopen: () => {},
  });
  drawn = mount(Picture, { target: document.body, props });
  await settled();
  return { ...conversation, props };
}

async function again() {
  document.querySelector<HTMLButtonElement>(".instead button")?.click();
  flushSync();
  await settled();
}

const source = () => document.querySelector("img")?.getAttribute("src");

async function breaks() {
  document.querySelector("img")?.dispatchEvent(new Event("error"));
  flushSync();
  await settled();
}

it("a picture whose smaller copy cannot be shown is shown itself", async () => {
  await shown();
  expect(source()).toBe("blob:small");
  await breaks();
  expect(source()).toBe("blob:whole");
});

it("one that cannot be shown either says so, and is tried again when somebody asks", async () => {
  const conversation = await shown();
  await breaks();
  await breaks();
  expect(source(), "nothing to show").toBeUndefined();
  await again();
  expect(conversation.acts.fetchMedia).toHaveBeenCalledWith(1);
  expect(source()).toBe("blob:small");
});

it("a sticker that cannot be shown is tried again when somebody asks", async () => {
  const { acts } = await shown({ sticker: true });
  await breaks();
  expect(source(), "there is nothing smaller to show").toBeUndefined();
  await again();
  expect(acts.fetchMedia).toHaveBeenCalledWith(1);
  expect(source()).toBe("blob:whole");
});

it("a picture that could not be read is read again when somebody asks", async () => {
  const { acts } = await shown({ unread: true });
  expect(source()).toBeUndefined();
  await again();
  expect(acts.fetchMedia, "its bytes may be gone").toHaveBeenCalledWith(1);
  expect(source()).toBe("blob:small");
});

it("a picture whose bytes were gone waits for them and is shown once they are here", async () => {
  const { props, smallUrl } = await shown({ unread: true });
  smallUrl.mockRejectedValueOnce(new Fault("media_missing"));
  await again();
  expect(source(), "it is not here yet").toBeUndefined();
  for (const state of ["remote", "fetching"] as const) {
    props.media = { ...media, state };
    await settled();
    expect(document.querySelector(".instead button"), `it comes (${state})`).toBeNull();
  }
  props.media = { ...media, state: "ready" };
  await settled();
  expect(source()).toBe("blob:small");
});
