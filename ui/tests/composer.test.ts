import { describe, expect, it, vi } from "vitest";
import { Desk, DRAFT_REST_MS } from "../src/features/composer/composer.svelte";
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

  it("whose message was deleted elsewhere is refused in words, and what was written is still there", async () => {
    const field = composer();
    field.edit(sent);
    field.type("Son 90 soles");
    core.failNext("message_act", { kind: "refused", code: "not_found" });
    expect(await field.send(LIMITS)).toBeNull();
    expect([field.fault?.code, field.unsure, field.text]).toEqual(["not_found", false, "Son 90 soles"]);
    field.stopEditing();
    expect([field.fault, field.text], "given up, nothing is left of it").toEqual([null, ""]);
  });

  it("takes no file, and says so until it is over", () => {
    const field = composer();
    field.edit(sent);
    field.attach(photo(), LIMITS);
    expect(field.refused).toEqual([{ name: "foto.png", why: { kind: "editing" } }]);
    expect(field.attachments).toEqual([]);
    field.attach(voice(), LIMITS, "voice");
    expect(field.attachments, "but no recording is lost").toHaveLength(1);
    field.stopEditing();
    expect(field.refused).toEqual([]);
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
