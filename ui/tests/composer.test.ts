import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Composer, Desk, DRAFT_REST_MS } from "../src/features/composer/composer.svelte";
import { FakeCore } from "./fake-core";
import { chatRow } from "./people";
import { settled } from "./settled";

const LIMITS = { maxTextChars: 20, maxImageBytes: 100 };

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

describe("sending", () => {
  it("sends the text and empties the field", async () => {
    const field = composer();
    field.type("Hola");

    const sent = await field.send(LIMITS);

    expect(sent, "the message as the core took it").toMatchObject({ chatId: 1, status: "queued" });
    expect(core.callsOf("message_send")).toEqual([{ chatId: 1, clientId: "client-1", text: "Hola", mediaId: null }]);
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
    expect(field.attachment).toBeNull();
  });

  it("brings the file's own bytes", async () => {
    const field = composer();
    field.attach(new File([new Uint8Array([1, 2, 250])], "a.png", { type: "image/png" }), LIMITS);
    await field.send(LIMITS);
    expect(core.callsOf("media_add")[0]?.dataBase64).toBe("AQL6");
  });

  it("is refused when it is no photo or too large, and what was attached stays", () => {
    const field = composer();
    field.attach(photo(), LIMITS);

    field.attach(photo({ type: "application/pdf" }), LIMITS);
    const noPhoto = field.refusal;
    field.attach(photo({ bytes: 101 }), LIMITS);

    expect(noPhoto).toEqual({ kind: "not_image" });
    expect(field.refusal).toEqual({ kind: "too_large", bytes: 101 });
    expect(field.attachment, "the good one is still there").not.toBeNull();
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

  it("are cleared when the message was taken", async () => {
    const field = composer("Hola");
    await field.send(LIMITS);
    await settled();

    expect(core.callsOf("chat_draft_set")).toEqual([{ chatId: 1, draft: null }]);
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

  it("what the window knows counts more than what was stored", () => {
    const desk = new Desk(core, newId);
    desk.at(1, "Guardado").type("Más nuevo");
    expect(desk.at(1, "Guardado").text).toBe("Más nuevo");
  });
});
