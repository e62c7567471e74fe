import { mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FILES_PAGE } from "../src/features/person/files.svelte";
import NoteField from "../src/features/person/NoteField.svelte";
import { MAX_NOTE, Person } from "../src/features/person/person.svelte";
import SharedFiles from "../src/features/person/SharedFiles.svelte";
import { type ChatFile, Feed } from "../src/platform";
import { phoneWords, speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { about, chatRow, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;
let person: Person;

beforeEach(async () => {
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 })];
  core.about.set(1, about({ note: "talla M" }));
  const feed = new Feed(core);
  feed.open();
  person = new Person(core, feed, 1);
  await person.open();
});

afterEach(() => {
  vi.useRealTimers();
});

function file(messageId: number, mime: string): ChatFile {
  const media = {
    id: messageId,
    mime,
    width: 1,
    height: 1,
    bytes: 9,
    seconds: null,
    waveform: null,
    fileName: null,
    state: "ready" as const,
  };
  return { messageId, at: NOON, fromMe: false, media };
}

describe("a note", () => {
  it("is kept when the writing pauses, once", async () => {
    vi.useFakeTimers();
    person.write("talla L");
    person.write("talla L, azul");
    await vi.advanceTimersByTimeAsync(5_000);

    expect(core.callsOf("chat_note_set")).toEqual([{ chatId: 1, note: "talla L, azul" }]);
    expect(person.noting).toBe("saved");
  });

  it("is kept when the panel closes in the middle of it", async () => {
    person.write("talla XL");
    person.close();
    await settled();

    expect(core.about.get(1)?.note).toBe("talla XL");
  });

  it("cannot be written before what is noted already was read: it would be replaced", async () => {
    const slow = new Person(core, new Feed(core), 1);
    const answer = core.hold("chat_about");
    const opening = slow.open();
    const field = mount(NoteField, { target: document.body, props: { person: slow } });
    const area = document.querySelector("textarea");
    expect(area?.readOnly).toBe(true);
    answer();
    await opening;
    await settled();
    expect([area?.readOnly, area?.value]).toEqual([false, "talla M"]);
    await unmount(field);
    slow.close();
  });

  it("is not overwritten while it is being written", async () => {
    person.write("a medias");
    core.about.set(1, about({ note: "de otra ventana" }));
    core.changed({ topic: "chat", chatId: 1 });
    await settled();

    expect(person.note).toBe("a medias");
  });

  it("follows the core when nobody writes", async () => {
    core.about.set(1, about({ note: "de otra ventana" }));
    core.changed({ topic: "chat", chatId: 1 });
    await settled();

    expect(person.note).toBe("de otra ventana");
  });

  it("that could not be kept stays, says so, and is kept on the next try", async () => {
    core.failNext("chat_note_set", { kind: "refused", code: "storage_full" });
    person.write("talla S");
    await person.save();
    const failed = { noting: person.noting, code: person.noteFault?.code, note: person.note };
    await person.save();

    expect(failed).toEqual({ noting: "failed", code: "storage_full", note: "talla S" });
    expect(core.about.get(1)?.note).toBe("talla S");
  });

  it("that could not be kept when the panel closed is there when it opens again, and is tried again", async () => {
    core.failNext("chat_note_set", { kind: "refused", code: "storage_full" });
    person.write("talla XL");
    person.close();
    await settled();
    const again = new Person(core, new Feed(core), 1);
    await again.open();
    expect(again.note).toBe("talla XL");
    await again.save();
    expect(core.about.get(1)?.note).toBe("talla XL");
    again.close();
    await settled();

    core.about.set(1, about({ note: "de otra ventana" }));
    const later = new Person(core, new Feed(core), 1);
    await later.open();
    expect(later.note, "nothing is left of it").toBe("de otra ventana");
    later.close();
  });

  it("that is too long is not sent", async () => {
    person.write("x".repeat(MAX_NOTE + 1));
    await person.save();

    expect(person.tooLong).toBe(true);
    expect(core.callsOf("chat_note_set")).toEqual([]);
  });
});

describe("shared files", () => {
  beforeEach(async () => {
    const pictures = Array.from({ length: FILES_PAGE + 3 }, (_, at) => file(at + 1, "image/png"));
    core.files.set(1, [...pictures, file(99, "application/pdf")]);
    core.changed({ topic: "messages", chatId: 1 });
    await settled();
  });

  it("are read a page at a time, pictures and documents apart", async () => {
    expect(person.pictures.rows).toHaveLength(FILES_PAGE);
    expect(person.pictures.more).toBe(true);
    expect(person.documents.rows.map((row) => row.messageId)).toEqual([99]);
    await person.pictures.showMore();
    expect(person.pictures.rows).toHaveLength(FILES_PAGE + 3);
    expect(person.pictures.more).toBe(false);
  });

  it("stay as far as they were shown when a new one comes", async () => {
    await person.pictures.showMore();
    core.files.set(1, [file(200, "image/png"), ...(core.files.get(1) ?? [])]);
    core.changed({ topic: "messages", chatId: 1 });
    await settled();

    expect(person.pictures.rows[0]?.messageId).toBe(200);
    expect(person.pictures.rows.length).toBeGreaterThanOrEqual(FILES_PAGE + 3);
  });

  it("are not asked for any more once the panel is closed", async () => {
    person.close();
    const before = core.callsOf("chat_file_list").length;
    core.changed({ topic: "messages", chatId: 1 });
    await settled();

    expect(core.callsOf("chat_file_list")).toHaveLength(before);
  });
});

describe("what is pressed among the shared pictures", () => {
  let drawn: ReturnType<typeof mount> | null = null;
  const words = () => speech.words.talk.files;
  const place = (state: "remote" | "failed" | "ready") => {
    const photo = file(1, "image/png");
    core.files.set(1, [{ ...photo, media: { ...photo.media, state } }, file(2, "video/mp4")]);
    core.changed({ topic: "messages", chatId: 1 });
    return settled();
  };

  beforeEach(() => {
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        observe() {}
        disconnect() {}
      },
    );
  });

  afterEach(async () => {
    if (drawn) await unmount(drawn);
    drawn = null;
    document.body.replaceChildren();
    vi.unstubAllGlobals();
  });

  async function press(at: number) {
    const props = { title: "", files: person.pictures, as: "grid" as const, platform: core };
    drawn = mount(SharedFiles, { target: document.body, props });
    await settled();
    document.querySelectorAll<HTMLButtonElement>(".grid button")[at]?.click();
    await settled();
    return document.querySelector('[role="dialog"], dialog');
  }

  const named = (name: string) =>
    [...document.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === name);

  it("is a film: it can be played and saved", async () => {
    await place("ready");
    const large = await press(1);
    expect(large?.querySelector(".play"), "as in the conversation").not.toBeNull();
    named(words().save)?.click();
    await settled();
    expect(core.saved).toHaveLength(1);
  });

  it("is a photo that is not here: it is fetched, and shown once it is", async () => {
    await place("remote");
    const large = await press(0);
    expect(core.callsOf("media_fetch")).toEqual([{ mediaId: 1 }]);
    expect(named(words().save)?.disabled, "there is nothing to save yet").toBe(true);
    await place("ready");
    expect(large?.querySelector("img")).not.toBeNull();
  });

  it("is a photo that could not be fetched: it is tried again when that is asked for", async () => {
    await place("failed");
    const large = await press(0);
    expect(large?.textContent).toContain(speech.words.conversation.imageFailed);
    [...(large?.querySelectorAll("button") ?? [])]
      .find((one) => one.textContent?.trim() === speech.words.conversation.imageAgain)
      ?.click();
    await settled();
    expect(core.callsOf("media_fetch")).toEqual([{ mediaId: 1 }]);
  });
});

describe("a number", () => {
  it.each([
    ["+51900000001", "+51 900 000 001"],
    ["51900000001", "+51 900 000 001"],
    ["+5511900000001", "+55 (11) 90000-0001"],
    ["+551130000001", "+55 (11) 3000-0001"],
    ["+5215500000001", "+52 55 0000 0001"],
    ["+525500000001", "+52 55 0000 0001"],
    ["+5491100000001", "+54 11 0000-0001"],
    ["+573000000001", "+57 300 000 0001"],
    ["+56900000001", "+56 9 0000 0001"],
    ["+12025550001", "+1 (202) 555-0001"],
    ["+34600000001", "+34 600 000 001"],
    ["+4915100000001", "+49 151 000 000 01"],
  ])("%s is written as its country does", (number, words) => {
    expect(phoneWords(number)).toBe(words);
  });

  it("that is none stays as it is", () => {
    for (const words of ["Lucía", "", "12", "+51 no"]) expect(phoneWords(words)).toBe(words);
  });
});
