import { describe, expect, it, vi } from "vitest";
import { type Composer, Desk, DRAFT_REST_MS, UNDO_REST_MS } from "../src/features/composer/composer.svelte";
import { Fault } from "../src/platform";
import { composer, core, HELD, LIMITS, newId, photo, voice } from "./composing";
import { message } from "./people";
import { settled } from "./settled";

describe("undoing", () => {
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
      expect([field.fault?.code, field.lost.length], "told, and still there to be undone").toEqual(["core_lost", 1]);

      await vi.advanceTimersByTimeAsync(UNDO_REST_MS);

      expect([field.text, field.attachments.length, field.lost.length, field.tooLate.length]).toEqual([
        "Hola",
        1,
        0,
        0,
      ]);
      expect(field.fault, "there is nothing wrong any more").toBeNull();
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

  it("that was not answered and turns out too late says so, and what is sent next leaves with the same press", async () => {
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    core.failNext("message_take_back", { kind: "lost_before" });
    await field.takeBack();
    field.type("¿Cómo está?");
    core.failNext("message_take_back", { kind: "refused", code: "state_changed" });

    expect((await field.send(HELD))?.body, "nothing came back to be looked at").toEqual({
      kind: "text",
      text: "¿Cómo está?",
    });
    expect([field.text, field.tooLate.length, field.lost.length]).toEqual(["", 1, 0]);
  });

  it("that is never answered is asked for now and then, not all the time", async () => {
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    for (let times = 0; times < 3; times += 1) core.failNext("message_take_back", { kind: "lost_before" });
    await field.takeBack();
    await vi.advanceTimersByTimeAsync(UNDO_REST_MS * 1.5);
    expect(core.callsOf("message_take_back"), "once, and once more").toHaveLength(2);
    await vi.advanceTimersByTimeAsync(UNDO_REST_MS * 10);
    expect([field.text, core.callsOf("message_take_back").length], "until there is an answer").toEqual(["Hola", 4]);
  });

  it("that was not answered while its time came is asked for again all the same", async () => {
    const field = composer();
    for (const name of ["1.png", "2.png"])
      field.attach(new File([new Uint8Array(9)], name, { type: "image/png" }), HELD);
    await field.send(HELD);
    // Both are lost. When they are asked for again, so is the second once more; then its time comes; then the first is undone.
    for (let times = 0; times < 3; times += 1) core.failNext("message_take_back", { kind: "lost_before" });
    await field.takeBack();
    field.type("¿Cómo está?");
    const second = core.hold("message_take_back");
    const sending = field.send(HELD);
    await settled();
    const first = core.hold("message_take_back");
    second();
    await settled();
    await vi.advanceTimersByTimeAsync(UNDO_REST_MS);
    first();
    expect(await sending, "what came back is looked at first").toBeNull();
    expect(field.lost, "one is not undone yet").toHaveLength(1);

    await vi.advanceTimersByTimeAsync(UNDO_REST_MS);
    expect(field.lost).toEqual([]);
    expect(field.attachments, "both are back").toHaveLength(2);
  });

  it("brings no words back twice when one of them is taken back by itself before its turn", async () => {
    const field = composer();
    field.attach(voice(), HELD, "voice");
    field.type("Hola");
    await field.send(HELD);
    const [words] = core.messages.get(1) ?? [];
    if (!words) throw new Error("there is none");
    const open = core.hold("message_take_back");
    const undoing = field.takeBack();
    const withdrawing = field.withdraw(words, async () => null, new Map());
    open();
    await Promise.all([undoing, withdrawing]);

    expect(field.text).toBe("Hola");
    expect(core.messages.get(1), "none is left in the chat").toEqual([]);
  });

  it("of one that was taken back while others of its press were on their way is done", async () => {
    const field = composer();
    field.attach(voice(), HELD, "voice");
    field.type("Hola");
    const open = core.hold("media_add");
    const sending = field.send(HELD);
    await settled();
    const [words] = core.messages.get(1) ?? [];
    if (!words) throw new Error("there is none");
    await field.withdraw(words, async () => null, new Map());
    open();
    await sending;
    await field.takeBack();

    expect(field.text).toBe("Hola");
  });

  it("waits for a draft that is still being saved: it does not come after the one that is left", async () => {
    const field = composer();
    field.type("Hola");
    await field.send(HELD);
    field.type("¿Cómo está?");
    const saved = core.hold("chat_draft_set");
    void field.flush();
    const undoing = field.takeBack();
    await settled();
    expect(core.callsOf("message_take_back")).toEqual([]);
    saved();
    await undoing;
    await settled();

    expect(field.text).toBe("Hola\n¿Cómo está?");
    expect(core.chat(1).draft, "what stands in the field").toBe("Hola\n¿Cómo está?");
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

describe("taking back what waits for the gateway", () => {
  const nobody = new Map<string, string>();
  const nothing = async () => null;
  /** Sent long ago, as the conversation shows it. */
  async function waiting(field: Composer, text: string) {
    field.type(text);
    const sent = await field.send(LIMITS);
    if (!sent) throw new Error("it was not taken");
    return sent;
  }

  it("brings its words before what was begun, with what it answered", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    field.type("Gracias");
    await field.withdraw(sent, async () => message({ id: 7 }), nobody);
    expect(field.text).toBe("S/ 50\nGracias");
    expect(field.quote?.id).toBe(7);
    expect(core.messages.get(1)).toEqual([]);

    await field.withdraw(sent, nothing, nobody);
    expect(field.text, "pressed twice it comes back once").toBe("S/ 50\nGracias");
  });

  it("of what has left meanwhile says so and brings nothing back", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    core.failNext("message_take_back", { kind: "refused", code: "state_changed" });
    await field.withdraw(sent, nothing, nobody);
    expect(field.tooLate).toHaveLength(1);
    expect(field.text).toBe("");
    expect(core.messages.get(1)).toHaveLength(1);
  });

  it("brings its file back, to be sent anew", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    field.type("Así");
    const sent = await field.send(LIMITS);
    if (!sent) throw new Error("it was not taken");
    await field.withdraw(sent, nothing, nobody);
    expect(field.text).toBe("Así");
    expect(field.attachments).toMatchObject([{ shownAs: "image" }]);
    expect(field.attachments[0]?.file.size).toBe(9);
    await settled();
    expect(core.chat(1).draftMediaId, "it is in the draft over a restart").toBe(field.attachments[0]?.added?.id);
    await field.send(LIMITS);
    expect(core.callsOf("media_add"), "the core has it").toHaveLength(1);
  });

  it.each(["words", "a file"])(
    "of one whose answer was lost (%s) leaves once in the field what is there already",
    async (what) => {
      const field = composer();
      if (what === "a file") field.attach(photo(), LIMITS);
      field.type("Hola");
      core.failNext("message_send", { kind: "lost_after" });
      await field.send(LIMITS);
      const [sent] = core.messages.get(1) ?? [];
      if (!sent) throw new Error("there is none");
      expect([field.text, field.unsure], "it is here and in the chat").toEqual(["Hola", true]);
      await field.withdraw(sent, nothing, nobody);
      expect([field.text, field.attachments.length, field.unsure]).toEqual(["Hola", what === "a file" ? 1 : 0, false]);

      await field.send(LIMITS);
      const ids = new Set(core.callsOf("message_send").map(({ clientId }) => clientId));
      expect([ids.size, core.messages.get(1)?.length], "it is another message").toEqual([2, 1]);
    },
  );

  it("of one whose answer was lost brings it back beside what was written since", async () => {
    const field = composer();
    field.type("Hola");
    core.failNext("message_send", { kind: "lost_after" });
    await field.send(LIMITS);
    const [sent] = core.messages.get(1) ?? [];
    if (!sent) throw new Error("there is none");
    field.type("Otra cosa");
    await field.withdraw(sent, nothing, nobody);
    expect(field.text).toBe("Hola\nOtra cosa");
  });

  it("leaves it in the queue when its file cannot be read", async () => {
    const field = composer();
    field.attach(photo(), LIMITS);
    const sent = await field.send(LIMITS);
    if (!sent) throw new Error("it was not taken");
    vi.spyOn(core, "mediaBytes").mockRejectedValueOnce(new Fault("media_missing"));
    await field.withdraw(sent, nothing, nobody);
    expect(field.fault?.code).toBe("media_missing");
    expect(core.callsOf("message_take_back")).toEqual([]);
    expect(core.messages.get(1)).toHaveLength(1);
  });

  it.each(["remote", "failed"] as const)(
    "takes one that was sent on with a file that is %s back, and its words",
    async (state) => {
      const field = composer();
      field.attach(photo(), LIMITS);
      field.type("Así");
      const sent = await field.send(LIMITS);
      if (sent?.body.kind !== "image") throw new Error("it was not taken");
      const forwarded = { ...sent, body: { ...sent.body, media: { ...sent.body.media, state } } };
      vi.spyOn(core, "mediaBytes").mockRejectedValue(new Fault("media_missing"));
      await field.withdraw(forwarded, nothing, nobody);
      expect(core.messages.get(1), "it does not leave").toEqual([]);
      expect([field.text, field.attachments, field.fault], "its file was never here").toEqual(["Así", [], null]);
    },
  );

  it("leaves it in the queue when what it answers cannot be read", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    await field.withdraw(sent, () => Promise.reject(new Fault("storage_busy")), nobody);
    expect(field.fault?.code).toBe("storage_busy");
    expect(core.callsOf("message_take_back"), "its words would come without what they answer").toEqual([]);
  });

  it.each(["lost_before", "lost_after"] as const)(
    "that was not answered (%s) leaves what was sent after it alone, whatever ends the time to undo that",
    async (kind) => {
      for (const ends of ["the bar", "the next press"]) {
        const field = composer();
        const sent = await waiting(field, "S/ 50");
        field.type("Gracias");
        const later = await field.send(HELD);
        core.failNext("message_take_back", { kind });
        await field.withdraw(sent, nothing, nobody);
        expect(
          field.held.map(({ message }) => message.id),
          "it can be undone by itself",
        ).toEqual([later?.id]);

        field.type("Hasta luego");
        if (ends === "the bar") {
          field.letGo();
          await vi.advanceTimersByTimeAsync(UNDO_REST_MS);
        } else await field.send(HELD);

        expect(field.text, ends).toBe("S/ 50\nHasta luego");
        expect(
          core.messages.get(1)?.map(({ id }) => id),
          "it leaves",
        ).toEqual([later?.id]);
        core.messages.set(1, []);
      }
    },
  );

  it("that was not answered is asked again by itself", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    core.failNext("message_take_back", { kind: "lost_after" });
    await field.withdraw(sent, nothing, nobody);
    expect([field.text, field.isEmpty]).toEqual(["", false]);
    await vi.advanceTimersByTimeAsync(UNDO_REST_MS);
    expect(field.text).toBe("S/ 50");

    await field.withdraw(sent, nothing, nobody);
    expect(field.text, "its row is still shown: pressed again it comes back once").toBe("S/ 50");
  });

  it("that is never answered loses nothing when something else is sent", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    for (let times = 0; times < 2; times += 1) core.failNext("message_take_back", { kind: "lost_before" });
    await field.withdraw(sent, nothing, nobody);
    field.type("Gracias");
    expect(await field.send(HELD), "nobody waits for it for ever").not.toBeNull();
    await vi.advanceTimersByTimeAsync(UNDO_REST_MS);
    expect(field.text).toBe("S/ 50");
    expect(core.messages.get(1)).toHaveLength(1);
  });

  it("that was not answered is asked again before anything is sent", async () => {
    const field = composer();
    const sent = await waiting(field, "S/ 50");
    core.failNext("message_take_back", { kind: "lost_after" });
    await field.withdraw(sent, nothing, nobody);
    field.type("Gracias");
    expect(await field.send(LIMITS)).toBeNull();
    expect(field.text).toBe("S/ 50\nGracias");
  });

  it("writes names again where the digits stand that went out", async () => {
    const field = composer();
    const [sent] =
      core.messages
        .set(1, [
          message({
            id: 9,
            fromMe: true,
            status: "queued",
            body: { kind: "text", text: "Hola @51900000021 y @51900000099" },
            mentions: ["51900000021@s.whatsapp.net"],
          }),
        ])
        .get(1) ?? [];
    if (!sent) throw new Error("there is none");
    await field.withdraw(sent, nothing, new Map([["51900000021@s.whatsapp.net", "Ana"]]));
    expect(field.text).toBe("Hola @Ana y @51900000099");
    expect([...field.people]).toEqual([["Ana", "51900000021@s.whatsapp.net"]]);
  });
});

describe("a draft that is older than the window", () => {
  /** As after a start: another desk, the chat as the core has it. */
  async function opened() {
    const field = new Desk(core, newId).at(core.chat(1));
    await field.begin(LIMITS);
    return field;
  }

  async function undone() {
    const asked = message({ id: 7 });
    core.messages.set(1, [asked]);
    const field = composer();
    field.attach(photo(), HELD);
    field.reply(asked);
    field.type("Así queda");
    await field.send(HELD);
    await field.takeBack();
    await settled();
    return field;
  }

  it("has the file and the answer of what was undone, and sends them as they were", async () => {
    await undone();
    const field = await opened();
    expect([field.text, field.attachments.map(({ shownAs }) => shownAs), field.quote?.id]).toEqual([
      "Así queda",
      ["image"],
      7,
    ]);
    await settled();
    const sent = await field.send(LIMITS);
    expect(core.callsOf("media_add"), "its file is known").toHaveLength(1);
    expect([sent?.body.kind, sent?.quoted?.messageId]).toEqual(["image", 7]);
    const { draft, draftMediaId, draftQuotedId } = core.chat(1);
    expect([draft, draftMediaId, draftQuotedId]).toEqual([null, null, null]);
  });

  it("has no file any more once it was taken away, and answers nothing once that was given up", async () => {
    await undone();
    const field = await opened();
    const [file] = field.attachments;
    if (!file) throw new Error("there is none");
    field.detach(file);
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);
    expect([core.chat(1).draftMediaId, core.chat(1).draftQuotedId]).toEqual([null, 7]);
    field.reply(null);
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);
    expect([core.chat(1).draftMediaId, core.chat(1).draftQuotedId]).toEqual([null, null]);
    expect((await opened()).text).toBe("Así queda");
  });

  it("keeps an answer that was chosen and not sent", async () => {
    core.messages.set(1, [message({ id: 7 })]);
    composer().reply(message({ id: 7 }));
    await vi.advanceTimersByTimeAsync(DRAFT_REST_MS);
    expect((await opened()).quote?.id).toBe(7);
  });

  it("loses nothing when its file cannot be read now, whatever is written meanwhile", async () => {
    await undone();
    core.failNext("media_fetch", { kind: "lost_before" });
    const field = await opened();
    expect([field.fault?.code, field.attachments.length]).toEqual(["core_lost", 0]);
    field.type("Así queda mejor");
    await field.flush();
    const again = await opened();
    expect([again.text, again.attachments.length, again.quote?.id]).toEqual(["Así queda mejor", 1, 7]);
  });

  it("says so when its file is gone, and keeps the rest", async () => {
    await undone();
    vi.spyOn(core, "mediaBytes").mockRejectedValue(new Fault("media_missing"));
    const field = await opened();
    expect([field.fault?.code, field.attachments.length, field.quote?.id]).toEqual(["media_missing", 0, 7]);
    await settled();
    expect([core.chat(1).draft, core.chat(1).draftMediaId, core.chat(1).draftQuotedId]).toEqual(["Así queda", null, 7]);
  });

  it("is not sent without its file, nor written over by words from outside, while that is on its way", async () => {
    await undone();
    core.change(1, { draft: null });
    const open = core.hold("media_fetch");
    const field = new Desk(core, newId).at(core.chat(1));
    const beginning = field.begin(LIMITS);
    expect(field.offer("Hola"), "something is being written").toBe(false);
    field.type("Ya");
    expect(await field.send(LIMITS)).toBeNull();
    open();
    await beginning;
    expect([field.text, field.attachments.length, field.ready(LIMITS)]).toEqual(["Ya", 1, true]);
  });
});
