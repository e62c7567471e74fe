import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import ComposerPane from "../src/features/composer/ComposerPane.svelte";
import { Composer, type Limits } from "../src/features/composer/composer.svelte";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, message } from "./people";
import { settled } from "./settled";

const LIMITS: Limits = { maxTextChars: 200, files: [{ shownAs: "document", maxBytes: 200, mimes: [] }] };

let shown: ReturnType<typeof mount> | null = null;

type Drawn = {
  enterSends?: boolean;
  people?: { address: string; name: string; picture: number | null }[];
  draft?: string | null;
  group?: boolean;
};

function draw({ enterSends = true, people = [], draft = null, group = false }: Drawn = {}) {
  const core = new FakeCore();
  core.chats = [chatRow({ id: 1 })];
  const composer = new Composer(core, 1, draft);
  const props = {
    composer,
    title: "Rosa",
    group,
    limits: LIMITS,
    sending: { kind: "can" as const },
    canAttach: true,
    people,
    enterSends,
    typing: null,
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

describe("the field", () => {
  it("is looked through for spelling in the language of the window", () => {
    const { field } = draw();
    expect([field.getAttribute("spellcheck"), field.lang]).toEqual(["true", speech.language]);
  });
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
  const paste = (field: HTMLElement, files: File[], words = "") => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { files, getData: () => words } });
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

  it("is left to the field where it is words that come with a picture of them, as cells of a sheet do", () => {
    const { composer, field } = draw();
    const picture = new File(["x"], "image.png", { type: "image/png" });
    expect(paste(field, [picture], "Torta\t12\nPan\t3\n")).toBe(false);
    expect(composer.attachments).toEqual([]);
  });

  it("is attached where the words only name the files, as a file manager's do", () => {
    const { composer, field } = draw();
    const pdf = new File(["x"], "lista.pdf", { type: "application/pdf" });
    expect(paste(field, [pdf], "/home/rosa/lista.pdf")).toBe(true);
    expect(composer.attachments).toHaveLength(1);
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

describe("a draft that is older than the window", () => {
  const people = [
    { address: "51900000021@s.whatsapp.net", name: "Ana", picture: null },
    { address: "51900000022@s.whatsapp.net", name: "Ana Ruiz", picture: null },
    { address: "51900000023@s.whatsapp.net", name: "Rosa", picture: null },
  ];

  it("names those who stand in it, and nobody whose name is only typed since", async () => {
    const { core, composer, field } = draw({ people, draft: "hola @Ana Ruiz" });
    composer.type("hola @Ana Ruiz y @Rosa");
    flushSync();
    await press(field, "Enter");
    expect(core.callsOf("message_send")[0]).toMatchObject({
      text: "hola @51900000022 y @Rosa",
      mentions: ["51900000022@s.whatsapp.net"],
    });
  });
});

describe("the cursor, moved by hand", () => {
  const people = [{ address: "51900000021@s.whatsapp.net", name: "Ana", picture: null }];

  it("away from an @ names nobody any more: Enter sends what is written", async () => {
    const { core, composer, field } = draw({ people });
    write(field, "hola @An");
    field.setSelectionRange(2, 2);
    await press(field, "Enter");
    expect(composer.people.size).toBe(0);
    expect(core.callsOf("message_send").map(({ text }) => text)).toEqual(["hola @An"]);
  });

  it("back to it names again, but not whoever was sent away by Escape", async () => {
    const { field } = draw({ people });
    const offered = () => document.querySelectorAll("[role=listbox] [role=option]").length;
    write(field, "hola @An y");
    expect(offered()).toBe(0);
    field.setSelectionRange(8, 8);
    field.click();
    flushSync();
    expect(offered()).toBe(1);

    await press(field, "Escape");
    field.dispatchEvent(new KeyboardEvent("keyup", { key: "Escape", bubbles: true }));
    flushSync();
    expect(offered()).toBe(0);
  });
});

describe("a recording", () => {
  const voiced: Limits = { ...LIMITS, files: [{ shownAs: "voice", maxBytes: 200, mimes: ["audio/ogg"] }] };
  const named = (name: string) => document.querySelector<HTMLElement>(`button[aria-label="${name}"]`);

  async function recording() {
    const core = new FakeCore();
    core.chats = [chatRow({ id: 1 })];
    core.listen = async () => ({ end: async (keep) => (keep ? new Blob(["voz"]) : null) });
    const composer = new Composer(core, 1, null);
    const props = { composer, title: "Rosa", limits: voiced, sending: { kind: "can" as const }, canAttach: true };
    const rest = { people: [], enterSends: true, onsent: () => {}, ongo: () => {} };
    shown = mount(ComposerPane, { target: document.body, props: { ...props, ...rest } });
    flushSync();
    const mic = named(speech.words.talk.writing.voice);
    mic?.focus();
    mic?.click();
    await settled();
    flushSync();
    await settled();
    return composer;
  }

  it.each([
    { how: "stopVoice" as const, files: 1 },
    { how: "dropVoice" as const, files: 0 },
  ])("takes the keys to its end, and by $how they go back to the field", async ({ how, files }) => {
    const composer = await recording();
    expect(document.activeElement).toBe(named(speech.words.talk.writing.stopVoice));

    const end = named(speech.words.talk.writing[how]);
    end?.focus();
    end?.click();
    await settled();
    flushSync();
    await settled();

    expect(document.activeElement).toBe(document.querySelector("textarea"));
    expect(composer.attachments).toHaveLength(files);
  });

  it("has a clock that nobody is told of each second: it would be heard in the recording", async () => {
    await recording();
    const clock = document.querySelector('[role="timer"]');
    expect(clock?.getAttribute("aria-live")).toBe("off");
    expect(clock?.closest('[role="status"], [aria-live="polite"]')).toBeNull();
    expect(clock?.textContent).toContain("Grabando");
  });
});

describe("the time to undo", () => {
  it("gives the keys that were on its button back to the field when it is over", async () => {
    vi.useFakeTimers();
    const { composer, field } = draw();
    const held = message({ id: 9, fromMe: true, status: "queued", heldUntil: Date.now() + 1_000 });
    composer.held = [{ message: held, content: { text: "Ya va", attachment: null, quote: null, first: true } }];
    flushSync();
    const undo = [...document.querySelectorAll("button")].find(
      (one) => one.textContent?.trim() === speech.words.talk.writing.undo,
    );
    undo?.focus();
    expect(document.activeElement).toBe(undo);
    vi.advanceTimersByTime(1_500);
    flushSync();
    expect(undo?.isConnected).toBe(false);
    expect(document.activeElement).toBe(field);
    vi.useRealTimers();
  });
});

describe("an answer", () => {
  const nameless = message({ id: 7, sender: "51900000021@s.whatsapp.net", senderNumber: "+51900000021" });

  it.each([
    [true, "+51 900 000 021"],
    [false, "Rosa"],
  ])("says to whom it is, in a group (%s) never to the group", (group, who) => {
    const { composer } = draw({ group });
    composer.reply(nameless);
    flushSync();
    expect(document.querySelector(".what")?.textContent).toBe(speech.words.talk.writing.replyTo(who));
  });
});
