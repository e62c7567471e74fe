import { beforeEach, describe, expect, it } from "vitest";
import { countsOf } from "../src/features/conversation/bodies/poll";
import { numbersOf } from "../src/features/conversation/bodies/vcard";
import { barsOf } from "../src/features/conversation/bodies/waveform";
import { Conversation, PAGE } from "../src/features/conversation/conversation.svelte";
import { Doing } from "../src/features/conversation/doing.svelte";
import { Forwarding } from "../src/features/conversation/forwarding.svelte";
import { actionsOf, canReact, commonActions, EDIT_MS } from "../src/features/conversation/message-actions";
import { reactionsOf } from "../src/features/conversation/reactions";
import { around, isIn, MOST, moved, STEP, screenful, spanOf } from "../src/features/conversation/thread-window";
import { findEmoji, loadEmoji } from "../src/parts/emoji/emoji";
import emojiTable from "../src/parts/emoji/emoji.gen.json";
import { Feed, type MessageView } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow, device, MINUTE, manyChats, manyMessages, message, NOON } from "./people";
import { settled } from "./settled";

const ALL = device().capabilities;
const NOTHING = {
  ...ALL,
  quote: false,
  edit: false,
  delete: false,
  react: false,
  star: false,
  pin: false,
  sendText: false,
};
const ours = (part: Partial<MessageView> = {}) => message({ fromMe: true, status: "read", ...part });

describe("what can be done to a message", () => {
  it("is what the device can do", () => {
    expect(actionsOf(ours(), ALL, NOON)).toEqual([
      "reply",
      "edit",
      "copy",
      "forward",
      "star",
      "pin",
      "info",
      "select",
      "delete",
    ]);
    expect(actionsOf(ours(), NOTHING, NOON)).toEqual(["copy", "info", "select"]);
    expect(actionsOf(ours(), null, NOON), "a device that is gone can do nothing").toEqual(["copy", "info", "select"]);
    expect(canReact(ours(), NOTHING)).toBe(false);
  });

  it("theirs are neither edited nor deleted", () => {
    const offered = actionsOf(message(), ALL, NOON);
    expect(offered).not.toContain("edit");
    expect(offered).not.toContain("delete");
  });

  it("words change only while WhatsApp lets them", () => {
    expect(actionsOf(ours(), ALL, NOON + EDIT_MS - 1)).toContain("edit");
    expect(actionsOf(ours(), ALL, NOON + EDIT_MS)).not.toContain("edit");
  });

  it("one that is not out yet, or is deleted, is only looked at", () => {
    expect(actionsOf(ours({ status: "sending" }), ALL, NOON)).toEqual(["copy", "info", "select"]);
    expect(actionsOf(ours({ body: { kind: "deleted" } }), ALL, NOON)).toEqual(["info"]);
  });

  it("one that failed is corrected by taking it back, if it was written here", () => {
    const failed = ours({ status: "failed", needsOperator: true });
    expect(actionsOf(failed, NOTHING, NOON)).toContain("takeBack");
    const elsewhere = ours({ status: "failed", needsOperator: false });
    expect(actionsOf(elsewhere, NOTHING, NOON), "written on the phone").not.toContain("takeBack");
  });

  it("one that waits for the gateway can be taken back, whatever the gateway can do", () => {
    const waiting = ours({ status: "queued" });
    expect(actionsOf(waiting, NOTHING, NOON)).toEqual(["takeBack", "copy", "info", "select"]);
    const poll = { kind: "poll" as const, question: "¿Cuál?", options: ["Una"], several: false, votes: [] };
    expect(actionsOf({ ...waiting, body: poll as never }, ALL, NOON), "no field holds a question").not.toContain(
      "takeBack",
    );
  });

  it("to several is what can be done to each", () => {
    expect([...commonActions([ours(), message({ id: 2 })], ALL, NOON)]).not.toContain("delete");
    expect(
      [...commonActions([ours(), ours({ id: 2, starred: true })], ALL, NOON)],
      "who has no star gets one",
    ).toContain("star");
    expect(commonActions([], ALL, NOON).size).toBe(0);
  });
});

let core: FakeCore;
let ids: number;

beforeEach(() => {
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 }), chatRow({ id: 2, title: "Lucía" }), chatRow({ id: 3, title: "Mateo" })];
  ids = 0;
});

async function opened(messages: MessageView[]) {
  core.messages.set(1, messages);
  const feed = new Feed(core);
  feed.open();
  const conversation = new Conversation(core, feed, 1, () => `id-${++ids}`);
  await conversation.refresh();
  const copied: string[] = [];
  const told: string[] = [];
  const doing = new Doing(
    conversation,
    {
      reply: (to) => told.push(`reply ${to.id}`),
      edit: (to) => told.push(`edit ${to.id}`),
      takeBack: (to) => told.push(`take back ${to.id}`),
    },
    async (text) => void copied.push(text),
  );
  return { conversation, doing, copied, told };
}

describe("doing", () => {
  it("a reaction that is ours already is taken back", async () => {
    const one = message({ reactions: [{ fromMe: true, name: null, emoji: "👍" }] });
    const { doing } = await opened([one]);
    doing.react(one, "👍");
    doing.react(one, "🙏");
    await settled();
    expect(core.callsOf("message_act").map((call) => call.action)).toEqual([
      { kind: "react", emoji: null },
      { kind: "react", emoji: "🙏" },
    ]);
  });

  it("the keys that edit and delete take back what has not left yet", async () => {
    const waiting = ours({ status: "queued" });
    const { doing, told } = await opened([waiting]);
    expect(doing.key("edit", waiting, ALL, NOON)).toBe(true);
    expect(doing.key("remove", waiting, ALL, NOON)).toBe(true);
    expect(told).toEqual([`take back ${waiting.id}`, `take back ${waiting.id}`]);
    expect(doing.asking, "nothing of it is on a phone: nothing is asked").toBeNull();
    expect(doing.key("remove", ours({ status: "sending" }), ALL, NOON), "it may be on its way").toBe(false);
  });

  it("deleting asks first, and does it to each under an id of its own", async () => {
    const rows = [ours({ id: 1 }), ours({ id: 2 })];
    const { doing } = await opened(rows);
    doing.do("select", rows[0] as MessageView);
    doing.toggle(2);
    doing.askOfChosen("delete");
    const before = core.callsOf("message_act").length;
    await doing.deleteAsked();

    expect(before, "asking does nothing").toBe(0);
    expect(core.callsOf("message_act").map((call) => [call.messageId, call.clientId])).toEqual([
      [1, "id-1"],
      [2, "id-2"],
    ]);
    expect(doing.selecting).toBe(false);
  });

  it("copies the chosen ones in the order of the conversation", async () => {
    const rows = manyMessages(3);
    const { doing, copied } = await opened(rows);
    doing.do("select", rows[2] as MessageView);
    doing.toggle(1);
    doing.copyChosen();
    expect(copied).toEqual(["Mensaje 1\n\nMensaje 3"]);
  });

  it("saves a film under the name of its moment, and says as what", async () => {
    const media = {
      id: 5,
      mime: "video/mp4",
      width: 1,
      height: 1,
      bytes: 9,
      seconds: 3,
      waveform: null,
      fileName: null,
    };
    const body = { kind: "file", shownAs: "video", caption: null } as const;
    const film = message({ body: { ...body, media: { ...media, state: "ready" } } });
    const { doing } = await opened([film]);
    expect(actionsOf(film, NOTHING, NOON)).toContain("save");
    const away = message({ body: { ...body, media: { ...media, state: "remote" } } });
    expect(actionsOf(away, NOTHING, NOON), "what is not here cannot be saved").not.toContain("save");

    doing.do("save", film);
    await settled();
    expect(doing.saving.saved).toMatch(/^\d{4}-\d\d-\d\d \d\d\.\d\d\.mp4$/);
  });

  it("says so when the system does not let it copy", async () => {
    const [text] = manyMessages(1) as [MessageView];
    const { conversation } = await opened([text]);
    const refused = () => Promise.reject(new Error("NotAllowed"));
    const doing = new Doing(conversation, { reply: () => {}, edit: () => {}, takeBack: () => {} }, refused);
    doing.do("copy", text);
    await settled();
    expect(doing.uncopied).toBe(true);
    doing.do("select", text);
    expect(doing.uncopied).toBe(false);
  });

  it("ends selecting with the last one that is let go", async () => {
    const rows = manyMessages(1);
    const { doing } = await opened(rows);
    doing.do("select", rows[0] as MessageView);
    doing.toggle(1);
    expect(doing.selecting).toBe(false);
  });

  it("a key does what the menu would, and nothing that it would not", async () => {
    const { doing, told } = await opened([message()]);
    expect(doing.key("reply", message(), ALL, NOON)).toBe(true);
    expect(doing.key("edit", message(), ALL, NOON), "theirs cannot be edited").toBe(false);
    expect(doing.key(undefined, message(), ALL, NOON)).toBe(false);
    expect(told).toEqual(["reply 1"]);
  });

  it("what could not be done is told beside its message", async () => {
    const { conversation, doing } = await opened([message()]);
    core.failNext("message_act", { kind: "refused", code: "not_offered" });
    doing.do("star", message());
    await settled();
    expect(conversation.acts.faults.get(1)?.code).toBe("not_offered");
  });
});

describe("going to a message", () => {
  it("shows it with those around it", async () => {
    const { conversation } = await opened(manyMessages(6 * PAGE));
    expect(await conversation.seek(10)).toBe(true);
    expect(conversation.rows.some((row) => row.id === 10)).toBe(true);
  });

  it("says that it is not there, and when reading fails", async () => {
    const { conversation } = await opened(manyMessages(3 * PAGE));
    expect(await conversation.seek(99_999)).toBe(false);
    expect(conversation.missing).toBe(1);
    const again = await opened(manyMessages(3 * PAGE));
    core.failNext("message_list", { kind: "lost_before" });
    expect(await again.conversation.seek(1)).toBe(false);
  });

  it("does not read a whole long conversation for one that is not there", async () => {
    const { conversation } = await opened(manyMessages(20_000));
    await conversation.seek(-1);
    expect(conversation.rows, "what was shown").toHaveLength(PAGE);
  });
});

describe("the rows in the document", () => {
  const rows = manyMessages(100_000);

  it("are never more than so many, at the end, in the middle and at the beginning", () => {
    for (const start of [null, 1, 50_000, 99_990]) {
      const span = spanOf(rows, start);
      expect(span.to - span.from, `from ${start}`).toBeLessThanOrEqual(MOST);
    }
    expect(MOST).toBeLessThanOrEqual(150);
  });

  it("are at first as many as a screen can hold, at the end", () => {
    const most = screenful(768);
    expect(spanOf(rows, null, most)).toEqual({ from: rows.length - most, to: rows.length });
    expect(most * 36, "of the lowest there are").toBeGreaterThanOrEqual(768);
    expect(screenful(100_000), "never more than later").toBe(MOST);
  });

  it("stay where they are when others come before or after", () => {
    const start = 50_000;
    const before = rows.slice(spanOf(rows, start).from, spanOf(rows, start).to).map((row) => row.id);
    const grown = [message({ id: -1 }), message({ id: -2 }), ...rows, message({ id: 200_000 })];
    const span = spanOf(grown, start);
    expect(grown.slice(span.from, span.to).map((row) => row.id)).toEqual(before);
  });

  it("move by steps that overlap, and reach the end as the end", () => {
    const up = moved(rows, spanOf(rows, null), -1);
    expect(spanOf(rows, up).from).toBe(100_000 - MOST - STEP);
    const down = moved(rows, spanOf(rows, up), 1);
    expect(down, "null is the end").toBeNull();
  });

  it("hold the message that is gone to", () => {
    for (const index of [0, 3, 500, 99_999])
      expect(isIn(spanOf(rows, around(rows, index)), index), `row ${index}`).toBe(true);
  });
});

describe("forwarding", () => {
  const messages = [message({ id: 7 }), message({ id: 8 })];
  const forwarding = () => new Forwarding(core, messages, undefined, () => `id-${++ids}`);

  it("finds a chat without accents or case, further down the list too", async () => {
    core.chats = [...manyChats(450), chatRow({ id: 900, title: "Úrsula", lastAt: 1 })];
    const one = forwarding();
    one.query = "ursula";
    await one.read();
    expect(one.found.map((row) => row.id)).toEqual([900]);
  });

  it("sends each message to each chat, in their order", async () => {
    const one = forwarding();
    await one.read();
    one.toggle(core.chat(2));
    one.toggle(core.chat(3));
    expect(await one.send()).toBe(true);
    const sent = core
      .callsOf("message_send")
      .map(({ chatId, content }) => [chatId, content?.kind === "forward" && content.messageId]);
    expect(sent).toEqual([
      [2, 7],
      [2, 8],
      [3, 7],
      [3, 8],
    ]);
  });

  it("tries again only what was not taken, under the same id", async () => {
    const one = forwarding();
    one.toggle(core.chat(2));
    const first = one.send();
    core.failNext("message_send", { kind: "lost_after" });
    // The mishap is taken by whichever call comes next: the second message's.
    expect(await first).toBe(false);
    const failed = one.failed;
    expect(await one.send()).toBe(true);
    const calls = core.callsOf("message_send").map((call) => call.clientId);
    expect(failed).toBe(1);
    expect(new Set(calls).size, "two messages, two ids").toBe(2);
    expect(core.sent.size).toBe(2);
  });
});

describe("what messages show", () => {
  it("a poll counts each person once for each answer of the question", () => {
    const votes = [
      { fromMe: true, name: null, options: ["a", "a"] },
      { fromMe: false, name: "Ana", options: ["b", "zzz"] },
      { fromMe: false, name: null, options: ["b"] },
    ];
    expect(countsOf(["a", "b", "c"], votes).map(({ count, mine }) => [count, mine])).toEqual([
      [1, true],
      [2, false],
      [0, false],
    ]);
  });

  it("a card shows its numbers, folded or not, and nothing else that it claims", () => {
    const card =
      "BEGIN:VCARD\r\nFN:Ana\r\nTEL;type=CELL;waid=519:+51 900\r\n  000 033\r\nitem1.TEL:900000034\r\nURL:javascript:alert(1)\r\nTEL:javascript:alert(1)\r\nTEL:900000034\r\nEND:VCARD";
    expect(numbersOf(card)).toEqual(["+51 900 000 033", "900000034"]);
  });

  it("a voice message without a waveform shows a flat line, with one its loudest is the highest", () => {
    expect(new Set(barsOf([], 20)).size).toBe(1);
    const bars = barsOf([0, 10, 50, 10], 4);
    expect(bars[2]).toBe(100);
    expect(barsOf([5], 30), "as many as asked for").toHaveLength(30);
  });

  it("reactions are counted by emoji, ours marked", () => {
    const one = { fromMe: false, name: "Ana", emoji: "👍" };
    const all = reactionsOf(
      [one, { fromMe: true, name: null, emoji: "👍" }, { ...one, emoji: "🙏" }, { ...one, emoji: "" }],
      "Tú",
      "Alguien",
    );
    expect(all).toEqual([
      { emoji: "👍", names: ["Ana", "Tú"], mine: true },
      { emoji: "🙏", names: ["Ana"], mine: false },
    ]);
  });

  it("names in a text are those of who wrote here", async () => {
    const ana = { sender: "51900000021@s.whatsapp.net", senderName: "Ana", at: NOON - MINUTE };
    const { conversation } = await opened([message({ id: 1, ...ana }), message({ id: 2 })]);
    expect(conversation.names.get("51900000021")).toBe("Ana");
  });
});

describe("emoji", () => {
  it.each([
    ["corazon rojo", "❤️"],
    ["coração vermelho", "❤️"],
    ["red heart", "❤️"],
    ["bandera peru", "🇵🇪"],
  ])("are found by %s", async (query, sign) => {
    const found = findEmoji(await loadEmoji(async () => emojiTable), query).map((one) => one.sign);
    expect(found).toContain(sign);
  });

  it("are all there without words, and none for words of none", async () => {
    const all = await loadEmoji(async () => emojiTable);
    expect(findEmoji(all, "  ")).toHaveLength(all.length);
    expect(findEmoji(all, "xyzxyz")).toEqual([]);
    expect(all.length).toBeGreaterThan(1_500);
  });
});
