import { describe, expect, it, vi } from "vitest";
import { Composer, type Limits } from "../src/features/composer/composer.svelte";
import { PIECE } from "../src/platform";
import { composer, core, LIMITS, photo, voice } from "./composing";
import { message } from "./people";
import { settled } from "./settled";

describe("a photo", () => {
  it("goes with its caption, and is not brought again when the send is repeated", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.type("Así queda");
    core.failNext("message_send", { kind: "lost_before" });

    await field.send(LIMITS);
    await field.send(LIMITS);

    const sends = core.callsOf("message_send");
    expect(core.callsOf("media_add"), "the bytes were brought once").toHaveLength(1);
    expect(sends[1], "the same photo and caption under the same id").toEqual(sends[0]);
    expect(field.attachments).toEqual([]);
  });

  it("brings the file's own bytes", async () => {
    const field = composer();
    field.attach(new File([new Uint8Array([1, 2, 250])], "a.png", { type: "image/png" }), LIMITS);
    await field.send(LIMITS);
    expect(core.callsOf("media_add")[0]?.dataBase64).toBe("AQL6");
  });

  describe("that is large", () => {
    const limits: Limits = { maxTextChars: 20, files: [{ shownAs: "document", maxBytes: 100_000_000, mimes: [] }] };
    const catalogue = () =>
      new File([new Uint8Array(2.5 * PIECE).fill(7)], "catalogo.pdf", { type: "application/pdf" });

    it("is brought piece by piece, each where it belongs, and told how far it is", async () => {
      const field = composer();
      field.attach(catalogue(), limits);
      const open = core.hold("media_end");
      const sent = field.send(limits);
      await vi.waitFor(() => expect(core.callsOf("media_end")).toHaveLength(1));
      expect(field.came, "for whoever waits").toBeCloseTo(0.8);
      open();
      await sent;
      expect(core.callsOf("media_begin")).toEqual([{ fileName: "catalogo.pdf", bytes: 2.5 * PIECE }]);
      expect(core.callsOf("media_piece").map(({ at, dataBase64 }) => [at, atob(dataBase64).length])).toEqual([
        [0, PIECE],
        [PIECE, PIECE],
        [2 * PIECE, PIECE / 2],
      ]);
      expect(core.callsOf("media_add"), "never at once").toEqual([]);
      expect(core.callsOf("message_send")).toHaveLength(1);
      expect(field.came).toBeNull();
    });

    it("is given up on its way: nothing is sent, its words are here again, and no fault is told", async () => {
      const field = composer();
      field.attach(catalogue(), limits);
      field.type("El catálogo");
      const open = core.hold("media_piece");
      const sent = field.send(limits);
      await vi.waitFor(() => expect(core.callsOf("media_piece")).toHaveLength(1));
      const [file] = field.attachments;
      if (file) field.detach(file);
      open();
      expect(await sent).toBeNull();
      expect(core.callsOf("media_give_up"), "the core lets go of it").toHaveLength(1);
      expect([core.callsOf("media_end"), core.callsOf("message_send")]).toEqual([[], []]);
      expect([field.text, field.attachments, field.fault, field.unsure]).toEqual(["El catálogo", [], null, false]);
    });

    it("that breaks off is told, and given up", async () => {
      const field = composer();
      field.attach(catalogue(), limits);
      core.failNext("media_piece", { kind: "lost_before" });
      await field.send(limits);
      expect(field.fault?.code).toBe("core_lost");
      expect(core.callsOf("media_give_up")).toHaveLength(1);
      await field.send(limits);
      expect(core.callsOf("message_send"), "brought from its beginning").toHaveLength(1);
    });

    it("is refused with what its gateway takes", () => {
      const field = composer();
      const file = catalogue();
      Object.defineProperty(file, "size", { value: 100_000_001 });
      field.attach(file, limits);
      expect(field.refused).toEqual([
        { name: "catalogo.pdf", why: { kind: "too_large", bytes: 100_000_001, maxBytes: 100_000_000 } },
      ]);
    });
  });

  it("too large for a photo goes as a document; too large for that too is refused, and what was attached stays", () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.attach(photo({ bytes: 150 }), LIMITS);
    field.attach(photo({ bytes: 201 }), LIMITS);

    expect(field.attachments.map((one) => one.shownAs)).toEqual(["image", "document"]);
    expect(field.refused, "the most that any of its ways takes").toEqual([
      { name: "foto.png", why: { kind: "too_large", bytes: 201, maxBytes: 200 } },
    ]);
  });
});

describe("files", () => {
  it("that the device does not send in any way are refused", () => {
    const field = composer();
    field.attach(photo({ type: "video/mp4" }), { ...LIMITS, files: LIMITS.files.slice(0, 1) });
    field.attach(new File([], "nada.png", { type: "image/png" }), LIMITS);

    expect(field.refused, "an empty file is nothing").toEqual([
      { name: "foto.png", why: { kind: "not_taken" } },
      { name: "nada.png", why: { kind: "empty" } },
    ]);
    expect(field.attachments).toEqual([]);
  });

  it("of any number are as many messages, the text with the first", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.attach(new File([new Uint8Array(3)], "precios.pdf", { type: "application/pdf" }), LIMITS);
    field.type("Mira");

    await field.send(LIMITS);

    const sent = core.callsOf("message_send").map(({ text, shownAs }) => ({ text, shownAs }));
    expect(sent).toEqual([
      { text: "Mira", shownAs: "image" },
      { text: null, shownAs: "document" },
    ]);
    expect(field.attachments).toEqual([]);
  });

  it("that were not taken stay, and those before them are not sent again", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.attach(photo(), LIMITS);
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    await settled();
    core.failNext("message_send", { kind: "refused", code: "storage_full" });
    open();
    await sending;
    const left = field.attachments.length;
    await field.send(LIMITS);

    expect(left, "the second one").toBe(1);
    expect(core.sent.size, "two files, two messages").toBe(2);
  });

  it("can go as a document instead of as what they are", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    const [one] = field.attachments;
    if (one) field.show(one, LIMITS, true);
    await field.send(LIMITS);
    expect(core.callsOf("message_send")[0]?.shownAs).toBe("document");
  });
});

describe("words beside a file that carries none", () => {
  const sends = () => core.callsOf("message_send").map(({ text, shownAs, quotedId }) => ({ text, shownAs, quotedId }));

  it("are a message of their own before it, and answer what is answered", async () => {
    const field = composer();
    field.attach(voice(), LIMITS, "voice");
    field.reply(message({ id: 7 }));
    field.type("Escúchalo");
    await field.send(LIMITS);

    expect(sends()).toEqual([
      { text: "Escúchalo", shownAs: undefined, quotedId: 7 },
      { text: null, shownAs: "voice", quotedId: undefined },
    ]);
  });

  it("are no message when there are none", async () => {
    const field = composer();
    field.attach(voice(), LIMITS, "voice");
    field.type("  ");
    await field.send(LIMITS);
    expect(sends()).toEqual([{ text: null, shownAs: "voice", quotedId: undefined }]);
  });

  it("written after a voice message was lost make no second one of it", async () => {
    const field = composer();
    field.attach(voice(), LIMITS, "voice");
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    field.type("¿Se oye?");
    await field.send(LIMITS);

    const ids = core.callsOf("message_send").map((call) => `${call.shownAs ?? "text"}:${call.clientId}`);
    expect(ids).toEqual(["voice:client-1", "text:client-2", "voice:client-1"]);
    expect(core.sent.size, "one voice message and the words").toBe(2);
  });
});

describe("a file that waited in the field for so long that the core let it go", () => {
  it("is brought again by the next press", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.type("Así");
    core.failNext("message_send", { kind: "lost_before" });
    await field.send(LIMITS);
    core.failNext("message_send", { kind: "refused", code: "media_missing" });
    expect(await field.send(LIMITS)).toBeNull();
    expect(core.callsOf("media_add"), "it was there").toHaveLength(1);

    expect((await field.send(LIMITS))?.body.kind).toBe("image");
    expect(core.callsOf("media_add")).toHaveLength(2);
  });
});

describe("a file that is not there any more when it is to leave", () => {
  /** As from a stick that was pulled out. */
  function gone(bytes: number): File {
    const file = photo({ bytes });
    const fails = () => Promise.reject(new DOMException("gone", "NotReadableError"));
    Object.defineProperty(file, "arrayBuffer", { value: fails });
    Object.defineProperty(file, "slice", { value: () => ({ arrayBuffer: fails }) });
    return file;
  }

  it.each([9, PIECE + 1])("is told by its name, and that nothing has left (%i bytes)", async (bytes) => {
    const field = composer();
    field.attach(gone(bytes), { ...LIMITS, files: [{ shownAs: "image", maxBytes: 2 * PIECE, mimes: [] }] });
    field.type("Así");
    expect(await field.send(LIMITS)).toBeNull();
    expect(field.fault).toMatchObject({ code: "file_unreadable", params: { file: "foto.png" } });
    expect([field.unsure, field.text, field.attachments.length]).toEqual([false, "Así", 1]);
    expect(core.callsOf("message_send")).toEqual([]);
  });

  it("leaves nothing open either when the core was lost while a file was brought", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    core.failNext("media_add", { kind: "lost_before" });
    await field.send(LIMITS);
    expect([field.fault?.code, field.unsure], "no message was asked for").toEqual(["core_lost", false]);
  });
});

describe("a file that was refused among several", () => {
  const named = (name: string, bytes: number) => new File([new Uint8Array(bytes)], name, { type: "application/pdf" });

  it("is told whichever came after it, until other files come or a message leaves", async () => {
    const limits = { maxTextChars: 200, files: [{ shownAs: "document" as const, maxBytes: 10, mimes: [] }] };
    const field = new Composer(core, 1, null);
    field.attachAll([named("grande.pdf", 11), named("chico.pdf", 2), named("enorme.pdf", 12)], limits);
    expect(field.attachments.map(({ file }) => file.name)).toEqual(["chico.pdf"]);
    expect(field.refused, "each by its name").toEqual([
      { name: "grande.pdf", why: { kind: "too_large", bytes: 11, maxBytes: 10 } },
      { name: "enorme.pdf", why: { kind: "too_large", bytes: 12, maxBytes: 10 } },
    ]);

    field.attachAll([named("otro.pdf", 3)], limits);
    expect(field.refused, "these are all taken").toEqual([]);

    field.attachAll([named("grande.pdf", 11)], limits);
    await field.send(limits);
    expect(field.refused, "what could be sent has left").toEqual([]);
  });
});
