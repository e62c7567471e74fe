import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import ComposerPane from "../src/features/composer/ComposerPane.svelte";
import { Composer, type Limits } from "../src/features/composer/composer.svelte";
import { FakeCore } from "./fake-core";
import { chatRow, message } from "./people";
import { settled } from "./settled";

const LIMITS: Limits = { maxTextChars: 200, files: [{ shownAs: "document", maxBytes: 200, mimes: [] }] };

let shown: ReturnType<typeof mount> | null = null;

function draw({ enterSends = true, people = [] as { address: string; name: string; picture: null }[] } = {}) {
  const core = new FakeCore();
  core.chats = [chatRow({ id: 1 })];
  const composer = new Composer(core, 1, null);
  const props = {
    composer,
    title: "Rosa",
    limits: LIMITS,
    sending: { kind: "can" as const },
    canAttach: true,
    people,
    enterSends,
    onsent: () => {},
    ongo: () => {},
  };
  shown = mount(ComposerPane, { target: document.body, props });
  flushSync();
  return { core, composer, field: document.querySelector("textarea") as HTMLTextAreaElement };
}

async function press(field: HTMLElement, key: string, held: KeyboardEventInit = {}) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...held });
  field.dispatchEvent(event);
  await settled();
  return event.defaultPrevented;
}

function write(field: HTMLTextAreaElement, text: string) {
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  flushSync();
}

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

describe("Enter", () => {
  it.each([
    { enterSends: true, held: {}, sends: true },
    { enterSends: true, held: { shiftKey: true }, sends: false },
    { enterSends: true, held: { isComposing: true }, sends: false },
    { enterSends: false, held: {}, sends: false },
    { enterSends: false, held: { shiftKey: true }, sends: false },
    { enterSends: false, held: { ctrlKey: true }, sends: true },
  ])("with $held sends: $sends, where Enter alone sends is $enterSends", async ({ enterSends, held, sends }) => {
    const { core, field } = draw({ enterSends });
    write(field, "Hola");
    const taken = await press(field, "Enter", held);

    expect(core.callsOf("message_send")).toHaveLength(sends ? 1 : 0);
    expect(taken, "what does not send is a line break, which the field makes itself").toBe(sends);
  });
});

describe("what is pasted", () => {
  const paste = (field: HTMLElement, files: File[]) => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files } });
    field.dispatchEvent(event);
    flushSync();
    return event.defaultPrevented;
  };

  it("is attached where it is a file", () => {
    const { composer, field } = draw();
    const taken = paste(field, [new File(["x"], "captura.png", { type: "image/png" })]);
    expect(taken).toBe(true);
    expect(composer.attachments.map((one) => one.file.name)).toEqual(["captura.png"]);
  });

  it("is left to the field where it is words", () => {
    const { composer, field } = draw();
    expect(paste(field, [])).toBe(false);
    expect(composer.attachments).toEqual([]);
  });

  it("as a file while a message is edited is refused in words", () => {
    const { composer, field } = draw();
    composer.edit(message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } }));
    flushSync();
    paste(field, [new File(["x"], "captura.png", { type: "image/png" })]);
    expect(document.body.textContent).toContain("Termina de editar");
  });
});

describe("names after an @", () => {
  const people = [{ address: "51900000021@s.whatsapp.net", name: "Ana", picture: null }];
  const offered = () => document.querySelectorAll("[role=listbox] [role=option]").length;

  it("are offered while a message is written, and not while one is edited, which names nobody anew", () => {
    const { composer, field } = draw({ people });
    write(field, "hola @An");
    expect(offered()).toBe(1);
    composer.edit(message({ id: 7, fromMe: true, body: { kind: "text", text: "hola @An" } }));
    flushSync();
    write(field, "hola @An");
    expect(offered()).toBe(0);
  });
});
