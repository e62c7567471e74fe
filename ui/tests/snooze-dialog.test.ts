import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it } from "vitest";
import SnoozeDialog from "../src/features/chats/SnoozeDialog.svelte";
import { speech } from "../src/words";
import { NOON } from "./people";
import { settled } from "./settled";

let shown: ReturnType<typeof mount> | null = null;

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = null;
  speech.language = "es";
});

it("says the moment in the window's language, whatever the system writes into its field", async () => {
  speech.language = "pt-BR";
  const props = { open: true, now: NOON, onsnooze: () => {}, onclose: () => {} };
  shown = mount(SnoozeDialog, { target: document.body, props });
  flushSync();
  await settled();
  const field = document.querySelector<HTMLInputElement>('input[type="datetime-local"]');
  const described = field?.getAttribute("aria-describedby") ?? "";
  expect(document.getElementById(described)?.textContent).toBe(speech.when(new Date(field?.value ?? "").getTime()));
  expect(document.getElementById(described)?.textContent).toContain("21 de nov.");
});
