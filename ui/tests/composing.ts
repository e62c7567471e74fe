import { afterEach, beforeEach, vi } from "vitest";
import { Composer, type Limits } from "../src/features/composer/composer.svelte";
import { FakeCore } from "./fake-core";
import { chatRow } from "./people";

/** What the device takes that is written to in these tests. */
export const LIMITS: Limits = {
  maxTextChars: 20,
  files: [
    { shownAs: "image", maxBytes: 100, mimes: ["image/png"] },
    { shownAs: "document", maxBytes: 200, mimes: [] },
    { shownAs: "voice", maxBytes: 200, mimes: ["audio/ogg"] },
  ],
};

/** The same, and a message can be undone for a while. */
export const HELD: Limits = { ...LIMITS, undoSeconds: 5 };

/** Begun anew before each test; time stands still. */
export let core: FakeCore;
let ids: number;
export const newId = () => `client-${++ids}`;

beforeEach(() => {
  vi.useFakeTimers();
  ids = 0;
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 }), chatRow({ id: 2 })];
});

afterEach(() => vi.useRealTimers());

export const composer = (draft: string | null = null) => new Composer(core, 1, draft, newId);
export const photo = (part: { type?: string; bytes?: number } = {}) =>
  new File([new Uint8Array(part.bytes ?? 9)], "foto.png", { type: part.type ?? "image/png" });
export const voice = () => new File([new Uint8Array(9)], "voz.ogg", { type: "audio/ogg" });
