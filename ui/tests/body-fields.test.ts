import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import BodyFields from "../src/features/campaigns/BodyFields.svelte";
import { PIECE, type PlanBody } from "../src/platform";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

let core: FakeCore;
let shown: ReturnType<typeof mount>;
const onedit = vi.fn<(body: PlanBody) => void>();

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
  onedit.mockReset();
  const { capabilities } = device();
  const files = [{ shownAs: "document" as const, maxBytes: 100_000_000, mimes: [] }];
  const props = {
    body: { kind: "media" as const, mediaKind: "document" as const, mediaId: 0, caption: "" },
    device: device({ capabilities: { ...capabilities, files } }),
    platform: core,
    locked: false,
    onedit,
  };
  shown = mount(BodyFields, { target: document.body, props });
  flushSync();
});

afterEach(() => {
  void unmount(shown);
  document.body.replaceChildren();
});

/** A document of so many bytes is chosen. */
function choose(bytes: number, size = bytes): void {
  const file = new File([new Uint8Array(bytes)], "catalogo.pdf", { type: "application/pdf" });
  if (size !== bytes) Object.defineProperty(file, "size", { value: size });
  const picker = document.querySelector("input[type=file]") as HTMLInputElement;
  Object.defineProperty(picker, "files", { value: [file], configurable: true });
  picker.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
}

it("a large file is brought piece by piece, and taken into the plan once it is there", async () => {
  const open = core.hold("media_end");
  choose(2 * PIECE);
  await vi.waitFor(() => expect(core.callsOf("media_end")).toHaveLength(1));
  flushSync();
  expect(document.querySelector("progress")?.value, "how far it is").toBe(0.5);
  open();
  await vi.waitFor(() => expect(onedit).toHaveBeenCalledTimes(1));
  expect(core.callsOf("media_piece").map(({ at }) => at)).toEqual([0, PIECE]);
  expect(onedit.mock.calls[0]?.[0]).toMatchObject({ kind: "media", mediaKind: "document" });
});

it("one that is given up on its way changes nothing and is no fault", async () => {
  const open = core.hold("media_piece");
  choose(2 * PIECE);
  await vi.waitFor(() => expect(core.callsOf("media_piece")).toHaveLength(1));
  flushSync();
  const cancel = [...document.querySelectorAll("button")].find(
    (one) => one.textContent?.trim() === speech.words.common.cancel,
  );
  cancel?.click();
  open();
  await vi.waitFor(() => expect(core.callsOf("media_give_up")).toHaveLength(1));
  await settled();
  flushSync();
  expect(onedit).not.toHaveBeenCalled();
  expect(core.callsOf("media_end")).toEqual([]);
  expect(document.querySelector("[role=alert]"), "nothing went wrong").toBeNull();
});

it("one that is too large is refused with what the gateway takes", () => {
  choose(3, 100_000_001);
  const refused = document.querySelector("[role=alert]")?.textContent ?? "";
  expect(refused).toContain(speech.bytes(100_000_000));
  expect(core.callsOf("media_begin")).toEqual([]);
});
