import { describe, expect, it, vi } from "vitest";
import { Composer, Desk, DRAFT_REST_MS, type Limits } from "../src/features/composer/composer.svelte";
import { PIECE } from "../src/platform";
import { composer, core, LIMITS, newId, photo, voice } from "./composing";
import { chatRow, message } from "./people";
import { settled } from "./settled";

describe("sending", () => {
  it("sends the text and empties the field", async () => {
    const field = composer();
    field.type("Hola");

    const sent = await field.send(LIMITS);

    expect(sent, "the message as the core took it").toMatchObject({ chatId: 1, status: "queued" });
    expect(core.callsOf("message_send")).toEqual([
      { chatId: 1, clientId: "client-1", text: "Hola", mediaId: null, sendsDraft: true },
    ]);
    expect(field.text).toBe("");
  });

  it("reuses the id when the answer was lost, so that nothing is sent twice", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_after" });

    const first = await field.send(LIMITS);
    const kept = { text: field.text, unsure: field.unsure };
    const second = await field.send(LIMITS);

    expect(first, "the first call was lost").toBeNull();
    expect(kept, "the text is kept, and said to be unsure").toEqual({ text: "Hola", unsure: true });
    expect(second).not.toBeNull();
    expect(core.callsOf("message_send").map((call) => call.clientId)).toEqual(["client-1", "client-1"]);
    expect(core.sent.size, "the core has one message").toBe(1);
    expect(field.unsure).toBe(false);
  });

  it.each(["internal", "storage_failed", "not_offered"] as const)(
    "reuses the id after %s too: it may have been taken before that went wrong",
    async (code) => {
      const field = composer();
      field.type("Hola");
      core.failNext("message_send", { kind: "refused", code });

      await field.send(LIMITS);
      const told = field.unsure;
      await field.send(LIMITS);

      expect(core.callsOf("message_send").map((call) => call.clientId)).toEqual(["client-1", "client-1"]);
      expect(told, "a fault within says nothing about the message").toBe(code === "internal");
    },
  );

  it("takes a new id when the core says that the old one is spent", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "refused", code: "state_changed" });

    await field.send(LIMITS);
    await field.send(LIMITS);

    expect(core.callsOf("message_send").map((call) => call.clientId)).toEqual(["client-1", "client-2"]);
  });

  it("gives another message another id, also after a lost one", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_before" });
    await field.send(LIMITS);

    field.type("Buenas tardes");
    await field.send(LIMITS);

    expect(core.callsOf("message_send").map((call) => call.clientId)).toEqual(["client-1", "client-2"]);
  });

  it("gives the same words a new id when the last ones were taken", async () => {
    const field = composer();
    field.type("Gracias");
    await field.send(LIMITS);
    field.type("Gracias");
    await field.send(LIMITS);

    expect(core.sent.size, "two messages with the same words are two messages").toBe(2);
  });

  it("gives the text back with the reason when the core refuses it", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "refused", code: "storage_full" });

    await field.send(LIMITS);

    expect(field.text).toBe("Hola");
    expect(field.fault?.code).toBe("storage_full");
    expect(field.unsure, "a refusal is certain").toBe(false);
  });

  it("keeps what was typed while a send was under way", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_before" });
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    field.type("¿Algo más?");
    open();
    await sending;

    expect(field.text).toBe("Hola\n¿Algo más?");
  });

  it("does not send twice on a double press", async () => {
    const field = composer();
    field.type("Hola");

    await Promise.all([field.send(LIMITS), field.send(LIMITS)]);

    expect(core.callsOf("message_send")).toHaveLength(1);
  });

  it("counts characters as people do and refuses the one too many", () => {
    const field = composer();
    field.type("😀".repeat(20));
    expect(field.over(LIMITS), "an emoji is one").toBe(0);
    expect(field.ready(LIMITS)).toBe(true);
    field.type("😀".repeat(21));
    expect(field.ready(LIMITS)).toBe(false);
  });

  it("sends no blank text", async () => {
    const field = composer();
    field.type("  \n ");
    expect(await field.send(LIMITS)).toBeNull();
    expect(core.callsOf("message_send")).toEqual([]);
  });
});

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
      expect(field.refusal).toEqual({ kind: "too_large", bytes: 100_000_001, maxBytes: 100_000_000 });
    });
  });

  it("too large for a photo goes as a document; too large for that too is refused, and what was attached stays", () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.attach(photo({ bytes: 150 }), LIMITS);
    field.attach(photo({ bytes: 201 }), LIMITS);

    expect(field.attachments.map((one) => one.shownAs)).toEqual(["image", "document"]);
    expect(field.refusal, "the most that any of its ways takes").toEqual({
      kind: "too_large",
      bytes: 201,
      maxBytes: 200,
    });
  });
});

describe("files", () => {
  it("that the device does not send in any way are refused", () => {
    const field = composer();
    field.attach(photo({ type: "video/mp4" }), { ...LIMITS, files: LIMITS.files.slice(0, 1) });
    const noWay = field.refusal;
    field.attach(new File([], "nada.png", { type: "image/png" }), LIMITS);

    expect(noWay).toEqual({ kind: "not_taken" });
    expect(field.refusal, "an empty file is nothing").toEqual({ kind: "empty" });
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

describe("what comes while a send is under way", () => {
  it("waits for the next press: a file that was dropped, a recording that ended", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    await settled();
    field.attach(voice(), LIMITS, "voice");
    open();
    await sending;

    expect(core.callsOf("message_send").map((call) => call.shownAs)).toEqual(["image"]);
    expect(
      field.attachments.map((one) => one.shownAs),
      "nobody sent it",
    ).toEqual(["voice"]);
  });

  it("an edit does not make another message of a file that was lost", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.attach(photo(), LIMITS);
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    await settled();
    field.edit(message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } }));
    const second = core.hold("message_send");
    core.failNext("message_send", { kind: "lost_after" });
    open();
    await settled();
    second();
    await sending;
    field.type("a las cuatro");
    core.messages.set(1, [message({ id: 7, fromMe: true })]);
    await field.send(LIMITS);
    await field.send(LIMITS);

    expect(core.sent.size, "two files, two messages").toBe(2);
  });

  it("a correction does not make another message of words that were lost", async () => {
    core.messages.set(1, [message({ id: 7, fromMe: true })]);
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    field.edit(message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } }));
    field.type("a las cuatro");
    await field.send(LIMITS);
    await field.send(LIMITS);

    expect(core.callsOf("message_send").map((call) => call.clientId)).toEqual(["client-1", "client-1"]);
  });

  it("another message that is to be answered waits: what comes back answers what it answered", async () => {
    const field = composer();
    field.reply(message({ id: 7 }));
    field.type("Sí");
    core.failNext("message_send", { kind: "lost_after" });
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    field.reply(message({ id: 8 }));
    open();
    await sending;
    await field.send(LIMITS);

    expect(core.callsOf("message_send").map(({ quotedId, clientId }) => [quotedId, clientId])).toEqual([
      [7, "client-1"],
      [7, "client-1"],
    ]);
  });

  it("words that were begun go before a file that may have gone without any", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    field.type("Mira");
    field.reply(message({ id: 7 }));
    await field.send(LIMITS);

    expect(core.sent.size, "the file once, and the words").toBe(2);
    expect(core.callsOf("message_send").map(({ text, shownAs, quotedId }) => [text, shownAs, quotedId])).toEqual([
      [null, "image", undefined],
      ["Mira", undefined, 7],
      [null, "image", undefined],
    ]);
  });

  it("a message that is edited keeps its words when those under way come back", async () => {
    const ours = message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } });
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_before" });
    const open = core.hold("message_send");
    const sending = field.send(LIMITS);
    field.edit(ours);
    open();
    await sending;

    expect({ editing: field.editing, text: field.text }).toEqual({ editing: null, text: "Hola" });
  });
});

describe("an answer", () => {
  it("names the message that it answers, once", async () => {
    const field = composer();
    field.reply(message({ id: 7 }));
    field.type("Sí");
    await field.send(LIMITS);
    field.type("Claro");
    await field.send(LIMITS);

    expect(core.callsOf("message_send").map((call) => call.quotedId)).toEqual([7, undefined]);
    expect(field.quote).toBeNull();
  });

  it("keeps what it answers when it could not be sent", async () => {
    const field = composer();
    field.reply(message({ id: 7 }));
    field.type("Sí");
    core.failNext("message_send", { kind: "refused", code: "storage_full" });
    await field.send(LIMITS);
    expect(field.quote?.id).toBe(7);
  });
});

describe("an edit", () => {
  const sent = message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } });

  it("changes the message, sends none, and gives back what was being written", async () => {
    core.messages.set(1, [sent]);
    const field = composer("Hasta luego");
    field.edit(sent);
    const shown = field.text;
    field.type("a las cuatro");
    await field.send(LIMITS);

    expect(shown).toBe("a las tres");
    expect(core.callsOf("message_act")[0]).toMatchObject({
      messageId: 7,
      action: { kind: "edit", text: "a las cuatro" },
    });
    expect(core.callsOf("message_send")).toEqual([]);
    expect(field.text, "the draft is back").toBe("Hasta luego");
  });

  it("takes no file, and says so until it is over", () => {
    const field = composer();
    field.edit(sent);
    field.attach(photo(), LIMITS);
    expect({ refusal: field.refusal, files: field.attachments }).toEqual({ refusal: { kind: "editing" }, files: [] });
    field.attach(voice(), LIMITS, "voice");
    expect(field.attachments, "but no recording is lost").toHaveLength(1);
    field.stopEditing();
    expect(field.refusal).toBeNull();
  });

  it("keeps its words for the next time when something else comes first, unless it was given up", () => {
    const other = message({ id: 8, fromMe: true, body: { kind: "text", text: "con crema" } });
    const field = composer("Hasta luego");
    field.edit(sent);
    field.type("a las cuatro");
    field.reply(message({ id: 9 }));
    expect([field.text, field.quote?.id], "the answer has its own").toEqual(["Hasta luego", 9]);

    field.edit(other);
    field.type("sin crema");
    field.edit(sent);
    expect(field.text).toBe("a las cuatro");
    field.stopEditing();
    field.edit(sent);
    expect(field.text, "given up").toBe("a las tres");
    field.edit(other);
    expect(field.text).toBe("sin crema");
  });

  it("goes on with what was typed after Enter", async () => {
    core.messages.set(1, [sent]);
    const field = composer("Hasta luego");
    field.edit(sent);
    field.type("a las cuatro");
    const open = core.hold("message_act");
    const saving = field.send(LIMITS);
    field.type("a las cuatro en punto");
    open();
    await saving;
    expect([field.text, field.editing?.id]).toEqual(["a las cuatro en punto", 7]);

    await field.send({ ...LIMITS, maxTextChars: 40 });
    expect(core.callsOf("message_act").map(({ action }) => action)).toEqual([
      { kind: "edit", text: "a las cuatro" },
      { kind: "edit", text: "a las cuatro en punto" },
    ]);
    expect([field.text, field.editing]).toEqual(["Hasta luego", null]);
  });

  it("that is saved does not end another that was begun meanwhile", async () => {
    const other = message({ id: 8, fromMe: true, body: { kind: "text", text: "con crema" } });
    core.messages.set(1, [sent, other]);
    const field = composer();
    field.edit(sent);
    field.type("a las cuatro");
    const open = core.hold("message_act");
    const saving = field.send(LIMITS);
    field.edit(other);
    open();
    await saving;
    expect([field.text, field.editing?.id]).toEqual(["con crema", 8]);
  });

  it("is never kept as the chat's draft", async () => {
    const field = composer("Hasta luego");
    field.edit(sent);
    field.type("a las cuatro");
    await field.flush();
    expect(core.callsOf("chat_draft_set")).toEqual([]);
  });

  it("that was lost on the way is repeated under the same id", async () => {
    core.messages.set(1, [sent]);
    const field = composer();
    field.edit(sent);
    field.type("a las cuatro");
    core.failNext("message_act", { kind: "lost_after" });
    await field.send(LIMITS);
    await field.send(LIMITS);
    const [first, second] = core.callsOf("message_act").map((call) => call.clientId);
    expect(second).toBe(first);
  });
});

describe("a send that was not answered", () => {
  it("is not spoken of any more over a field that was emptied", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    field.type("Hol");
    expect(field.unsure, "something of it is still there").toBe(true);
    field.type("");
    expect([field.unsure, field.fault]).toEqual([false, null]);
  });

  it("is still spoken of beside a file that waits", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    field.type("");
    expect(field.unsure).toBe(true);
    const [file] = field.attachments;
    if (file) field.detach(file);
    expect([field.unsure, field.fault]).toEqual([false, null]);
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

describe("drafts", () => {
  it("are saved once, when the typing rests", async () => {
    const field = composer();
    field.type("H");
    field.type("Ho");
    field.type("Hola");
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);

    expect(core.callsOf("chat_draft_set")).toEqual([{ chatId: 1, draft: "Hola", mediaId: null, quotedId: null }]);
  });

  it("are saved at once on leaving", async () => {
    const field = composer();
    field.type("Hola");
    await field.flush();
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);

    expect(core.callsOf("chat_draft_set"), "and not again when the timer would have run out").toHaveLength(1);
  });

  it("are cleared by the core as it takes the message: a window that dies in between leaves none to send again", async () => {
    core.change(1, { draft: "Hola" });
    const field = composer("Hola");
    field.attach(photo(), LIMITS);
    field.attach(photo(), LIMITS);
    await field.send(LIMITS);
    await settled();

    expect(core.callsOf("message_send").map(({ sendsDraft }) => sendsDraft)).toEqual([true, undefined]);
    expect(core.callsOf("chat_draft_set"), "no second step").toEqual([]);
    expect(core.chat(1).draft).toBeNull();
  });

  it("that are still being saved are waited for: they do not come back after the message", async () => {
    const field = composer();
    field.type("Hola");
    const saved = core.hold("chat_draft_set");
    void field.flush();
    const sending = field.send(LIMITS);
    await settled();
    expect(core.callsOf("message_send")).toEqual([]);
    saved();
    await sending;

    expect(core.chat(1).draft).toBeNull();
  });

  it("are tried again when they could not be saved", async () => {
    const field = composer();
    core.failNext("chat_draft_set", { kind: "lost_before" });
    field.type("Hola");
    await field.flush();
    await field.flush();

    expect(core.chat(1).draft).toBe("Hola");
  });

  it("never turn up in another chat", async () => {
    const desk = new Desk(core, newId);
    desk.at(chatRow({ id: 1 })).type("Para el chat uno");
    desk.at(chatRow({ id: 2 })).type("Para el dos");
    await desk.flush();

    expect(desk.at(chatRow({ id: 1 })).text).toBe("Para el chat uno");
    expect(core.chat(1).draft).toBe("Para el chat uno");
    expect(core.chat(2).draft).toBe("Para el dos");
  });

  it("keep the unanswered send of their chat while another chat is open", async () => {
    const desk = new Desk(core, newId);
    desk.at(chatRow({ id: 1 })).type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await desk.at(chatRow({ id: 1 })).send(LIMITS);

    desk.at(chatRow({ id: 2 })).type("Hola");
    await desk.at(chatRow({ id: 2 })).send(LIMITS);
    await desk.at(chatRow({ id: 1 })).send(LIMITS);

    const sends = core.callsOf("message_send").map((call) => `${call.chatId}:${call.clientId}`);
    expect(sends, "chat 1 repeats its own id; chat 2 has its own").toEqual(["1:client-1", "2:client-2", "1:client-1"]);
  });

  it("of a chat that was left long ago are kept only if they hold something", async () => {
    const desk = new Desk(core, newId);
    const full = desk.at(chatRow({ id: 1 }));
    full.type("Mañana le digo");
    const empty = desk.at(chatRow({ id: 2 }));
    for (let chat = 3; chat < 30; chat += 1) desk.at(chatRow({ id: chat }));

    expect(desk.at(chatRow({ id: 1 })), "a text that is not stored yet").toBe(full);
    expect(desk.at(chatRow({ id: 2 })), "one with nothing in it").not.toBe(empty);
    const last = desk.at(chatRow({ id: 29 }));
    expect(desk.at(chatRow({ id: 29 })), "one that was just used").toBe(last);
  });

  it("what the window knows counts more than what was stored", () => {
    const desk = new Desk(core, newId);
    desk.at(chatRow({ draft: "Guardado" })).type("Más nuevo");
    expect(desk.at(chatRow({ draft: "Guardado" })).text).toBe("Más nuevo");
  });
});

describe("a file that was refused among several", () => {
  const named = (name: string, bytes: number) => new File([new Uint8Array(bytes)], name, { type: "application/pdf" });

  it("is told whichever came after it, until other files come or a message leaves", async () => {
    const limits = { maxTextChars: 200, files: [{ shownAs: "document" as const, maxBytes: 10, mimes: [] }] };
    const field = new Composer(core, 1, null);
    field.attachAll([named("grande.pdf", 11), named("chico.pdf", 2)], limits);
    expect(field.attachments.map(({ file }) => file.name)).toEqual(["chico.pdf"]);
    expect(field.refusal).toEqual({ kind: "too_large", bytes: 11, maxBytes: 10 });

    field.attachAll([named("otro.pdf", 3)], limits);
    expect(field.refusal, "these are all taken").toBeNull();

    field.attachAll([named("grande.pdf", 11)], limits);
    await field.send(limits);
    expect(field.refusal, "what could be sent has left").toBeNull();
  });
});
