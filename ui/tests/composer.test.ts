import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Composer, Desk, DRAFT_REST_MS, type Limits } from "../src/features/composer/composer.svelte";
import { marked, nameBeingWritten, outgoing, toldApart } from "../src/features/composer/writing";
import { Fault } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow, message } from "./people";
import { settled } from "./settled";

const LIMITS: Limits = {
  maxTextChars: 20,
  files: [
    { shownAs: "image", maxBytes: 100, mimes: ["image/png"] },
    { shownAs: "document", maxBytes: 200, mimes: [] },
    { shownAs: "voice", maxBytes: 200, mimes: ["audio/ogg"] },
  ],
};

let core: FakeCore;
let ids: number;
const newId = () => `client-${++ids}`;

beforeEach(() => {
  vi.useFakeTimers();
  ids = 0;
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 }), chatRow({ id: 2 })];
});

afterEach(() => vi.useRealTimers());

const composer = (draft: string | null = null) => new Composer(core, 1, draft, newId);
const photo = (part: { type?: string; bytes?: number } = {}) =>
  new File([new Uint8Array(part.bytes ?? 9)], "foto.png", { type: part.type ?? "image/png" });
const voice = () => new File([new Uint8Array(9)], "voz.ogg", { type: "audio/ogg" });

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

describe("undoing", () => {
  const HELD = { ...LIMITS, undoSeconds: 5 };

  it("brings text, file and answer back, and takes the message from the chat", async () => {
    const field = composer();
    field.attach(photo(), HELD);
    field.reply(message({ id: 7 }));
    field.type("Así queda");
    await field.send(HELD);
    expect(field.held, "it can be undone").toHaveLength(1);

    await field.takeBack();

    expect(field.text).toBe("Así queda");
    expect(field.attachments).toHaveLength(1);
    expect(field.quote?.id).toBe(7);
    expect(core.messages.get(1)).toEqual([]);
    expect(field.held).toEqual([]);
  });

  it("keeps what was typed since", async () => {
    const field = composer();
    field.type("Uno");
    await field.send(HELD);
    field.type("Dos");
    await field.takeBack();
    expect(field.text).toBe("Uno\nDos");
  });

  it("of what has left already says so and brings nothing back", async () => {
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    core.failNext("message_take_back", { kind: "refused", code: "state_changed" });
    await field.takeBack();
    expect(field.tooLate).toHaveLength(1);
    expect(field.text).toBe("");
  });

  async function threeSent(): Promise<Composer> {
    const field = composer();
    for (const name of ["1.png", "2.png", "3.png"]) {
      field.attach(new File([new Uint8Array(9)], name, { type: "image/png" }), HELD);
    }
    field.type("Mira");
    await field.send(HELD);
    return field;
  }

  it("takes back every message of the press, and each file stands where it stood", async () => {
    const field = await threeSent();
    await field.takeBack();

    expect(field.text).toBe("Mira");
    expect(field.attachments.map((one) => one.file.name)).toEqual(["1.png", "2.png", "3.png"]);
    expect(core.messages.get(1), "none is left in the chat").toEqual([]);
  });

  it("takes back the last first, and says which had left", async () => {
    const field = await threeSent();
    const [first] = core.messages.get(1) ?? [];
    const call = core.call.bind(core);
    vi.spyOn(core, "call").mockImplementation((command, args) =>
      command === "message_take_back" && (args as { messageId: number }).messageId === first?.id
        ? Promise.reject(new Fault("state_changed"))
        : call(command, args),
    );
    await field.takeBack();

    expect(field.tooLate.map(({ id }) => id)).toEqual([first?.id]);
    expect(field.attachments.map((one) => one.file.name)).toEqual(["2.png", "3.png"]);
    expect(field.text, "its words left with it").toBe("");
  });

  it.each(["lost_before", "lost_after"] as const)(
    "that was not answered (%s) is asked again, and no word is lost",
    async (kind) => {
      const field = composer();
      field.attach(photo(), HELD);
      field.type("Hola");
      await field.send(HELD);
      core.failNext("message_take_back", { kind });
      await field.takeBack();
      expect([field.fault?.code, field.held.length], "told, and still there to be undone").toEqual(["core_lost", 1]);

      field.letGo();
      await settled();

      expect([field.text, field.attachments.length, field.held.length, field.tooLate.length]).toEqual([
        "Hola",
        1,
        0,
        0,
      ]);
      expect(core.messages.get(1)).toEqual([]);
    },
  );

  it.each(["lost_before", "lost_after"] as const)(
    "that was not answered (%s) comes before what is sent next: both are in the field",
    async (kind) => {
      const field = composer();
      field.type("Hola");
      await field.send(HELD);
      core.failNext("message_take_back", { kind });
      await field.takeBack();
      field.type("¿Cómo está?");

      expect(await field.send(HELD), "a person looks at them first").toBeNull();
      expect(field.text).toBe("Hola\n¿Cómo está?");
      expect(core.messages.get(1), "nothing is under way").toEqual([]);
    },
  );

  it("that is never answered is asked for now and then, not all the time", async () => {
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    for (let times = 0; times < 3; times += 1) core.failNext("message_take_back", { kind: "lost_before" });
    await field.takeBack();
    for (let times = 0; times < 8; times += 1) {
      field.letGo();
      await settled();
    }
    expect(core.callsOf("message_take_back"), "once, and once more").toHaveLength(2);
  });

  it("leaves the words of a message that is being edited alone", async () => {
    const ours = message({ id: 7, fromMe: true, body: { kind: "text", text: "a las tres" } });
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    field.edit(ours);
    await field.takeBack();

    expect({ editing: field.editing, text: field.text }).toEqual({ editing: null, text: "Hola" });
  });
});

describe("naming somebody", () => {
  it("sends the digits with the address, and the text that was written comes back if it fails", async () => {
    const field = composer();
    field.people.set("Ana", "51900000021@s.whatsapp.net");
    field.people.set("Ana Ruiz", "51900000022@s.whatsapp.net");
    field.type("Hola @Ana Ruiz");
    core.failNext("message_send", { kind: "refused", code: "storage_full" });
    await field.send(LIMITS);
    expect(field.text).toBe("Hola @Ana Ruiz");
    await field.send(LIMITS);

    expect(core.callsOf("message_send")[1], "the longer name, not the shorter within it").toMatchObject({
      text: "Hola @51900000022",
      mentions: ["51900000022@s.whatsapp.net"],
    });
  });
});

describe("naming somebody under a file", () => {
  const ana = () => {
    const field = composer();
    field.people.set("Ana", "51900000021@s.whatsapp.net");
    field.type("Hola @Ana");
    return field;
  };

  it("is offered, and sent, only under the files where the gateway takes names", async () => {
    const under: Limits = { ...LIMITS, namesUnder: ["image"] };
    const field = ana();
    expect(field.takesNames(LIMITS), "words alone").toBe(true);
    field.attach(photo(), under);
    expect([field.takesNames(under), field.takesNames(LIMITS)]).toEqual([true, false]);
    await field.send(under);
    expect(core.callsOf("message_send")[0]).toMatchObject({ text: "Hola @51900000021", shownAs: "image" });

    const other = ana();
    other.attach(photo(), LIMITS);
    await other.send(LIMITS);
    const sent = core.callsOf("message_send")[1];
    expect(sent, "the words as they stand").toMatchObject({ text: "Hola @Ana", shownAs: "image" });
    expect(sent).not.toHaveProperty("mentions");
  });

  it("is offered beside a file that carries no words: they go by themselves", async () => {
    const field = ana();
    field.attach(voice(), LIMITS, "voice");
    expect(field.takesNames(LIMITS)).toBe(true);
    await field.send(LIMITS);
    expect(core.callsOf("message_send")[0]).toMatchObject({ text: "Hola @51900000021", mediaId: null });
  });
});

describe("those who can be named", () => {
  it("and are called alike are told apart by the end of their number", () => {
    const people = [
      { address: "51900000021@s.whatsapp.net", name: "Ana" },
      { address: "51900000022@s.whatsapp.net", name: "Ana" },
      { address: "51900000023@s.whatsapp.net", name: "Bea" },
    ];
    expect(toldApart(people).map(({ name }) => name)).toEqual(["Ana 0021", "Ana 0022", "Bea"]);
  });

  it("are so even where the ends are alike too, and where they are one number twice", () => {
    const twice = [
      { address: "51900000021@s.whatsapp.net", name: "Ana" },
      { address: "51900010021@s.whatsapp.net", name: "Ana" },
    ];
    expect(new Set(toldApart(twice).map(({ name }) => name)).size).toBe(2);
    expect(toldApart([twice[0], twice[0]] as typeof twice)).toHaveLength(2);
  });

  it("are named by their whole name, not within a longer word", () => {
    const people = new Map([
      ["Ana", "51900000021@s.whatsapp.net"],
      ["A.B (tienda)", "51900000022@s.whatsapp.net"],
    ]);
    expect(outgoing("@Anabel, @Ana: @A.B (tienda)", people)).toEqual({
      text: "@Anabel, @51900000021: @51900000022",
      mentions: ["51900000021@s.whatsapp.net", "51900000022@s.whatsapp.net"],
    });
  });
});

describe("marks in the field", () => {
  it("stand beside the letters of what is chosen, and go again", () => {
    const put = marked({ text: "muy bien hoy", from: 3, to: 9 }, "*");
    expect(put.text).toBe("muy *bien* hoy");
    expect(marked(put, "*").text).toBe("muy bien hoy");
  });

  it("are two with the cursor between when nothing is chosen", () => {
    expect(marked({ text: "", from: 0, to: 0 }, "_")).toEqual({ text: "__", from: 1, to: 1 });
  });

  it("an @ at the start of a word begins a name, one in an address does not", () => {
    expect(nameBeingWritten("hola @Lu", 8)).toEqual({ from: 5, query: "Lu" });
    expect(nameBeingWritten("yo@casa", 7)).toBeNull();
  });
});

describe("drafts", () => {
  it("are saved once, when the typing rests", async () => {
    const field = composer();
    field.type("H");
    field.type("Ho");
    field.type("Hola");
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);

    expect(core.callsOf("chat_draft_set")).toEqual([{ chatId: 1, draft: "Hola" }]);
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
    desk.at(1, null).type("Para el chat uno");
    desk.at(2, null).type("Para el dos");
    await desk.flush();

    expect(desk.at(1, null).text).toBe("Para el chat uno");
    expect(core.chat(1).draft).toBe("Para el chat uno");
    expect(core.chat(2).draft).toBe("Para el dos");
  });

  it("keep the unanswered send of their chat while another chat is open", async () => {
    const desk = new Desk(core, newId);
    desk.at(1, null).type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await desk.at(1, null).send(LIMITS);

    desk.at(2, null).type("Hola");
    await desk.at(2, null).send(LIMITS);
    await desk.at(1, null).send(LIMITS);

    const sends = core.callsOf("message_send").map((call) => `${call.chatId}:${call.clientId}`);
    expect(sends, "chat 1 repeats its own id; chat 2 has its own").toEqual(["1:client-1", "2:client-2", "1:client-1"]);
  });

  it("of a chat that was left long ago are kept only if they hold something", async () => {
    const desk = new Desk(core, newId);
    const full = desk.at(1, null);
    full.type("Mañana le digo");
    const empty = desk.at(2, null);
    for (let chat = 3; chat < 30; chat += 1) desk.at(chat, null);

    expect(desk.at(1, null), "a text that is not stored yet").toBe(full);
    expect(desk.at(2, null), "one with nothing in it").not.toBe(empty);
    const last = desk.at(29, null);
    expect(desk.at(29, null), "one that was just used").toBe(last);
  });

  it("what the window knows counts more than what was stored", () => {
    const desk = new Desk(core, newId);
    desk.at(1, "Guardado").type("Más nuevo");
    expect(desk.at(1, "Guardado").text).toBe("Más nuevo");
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
