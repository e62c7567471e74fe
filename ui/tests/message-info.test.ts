import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { Conversation } from "../src/features/conversation/conversation.svelte";
import { Doing } from "../src/features/conversation/doing.svelte";
import InfoDialog from "../src/features/conversation/InfoDialog.svelte";
import { PIN_DAYS } from "../src/features/conversation/message-actions";
import { type ChatRow, Feed, type MemberReceiptView, type MessagePast, type MessageView } from "../src/platform";
import { phoneWords, speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, MINUTE, message, NOON } from "./people";
import { settled } from "./settled";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function opened(view: MessageView, past?: MessagePast, chat: Partial<ChatRow> = {}) {
  const core = new FakeCore();
  core.chats = [chatRow({ id: 1, ...chat })];
  core.messages.set(1, [view]);
  if (past) core.pasts.set(view.id, past);
  const conversation = new Conversation(core, new Feed(core), 1);
  await conversation.refresh();
  return { core, conversation };
}

describe("what is told of a message", () => {
  it("is who wrote it, in a group also if they have no name", async () => {
    const view = message({ id: 7, sender: "99000000000021@lid" });
    const { conversation } = await opened(view, undefined, { kind: "group", title: "Feria" });
    shown = mount(InfoDialog, { target: document.body, props: { message: view, conversation, onclose: () => {} } });
    await settled();
    expect(document.querySelector("dd")?.textContent).toBe(speech.words.talk.marks.member);
  });

  it("is each thing that it said before, with when, and who voted for what", async () => {
    const view = message({
      id: 7,
      fromMe: true,
      status: "read",
      editedAt: NOON + 9 * MINUTE,
      body: { kind: "text", text: "A las cuatro" },
    });
    const { conversation } = await opened(view, {
      earlier: [
        { at: NOON, text: "A las *dos*" },
        { at: NOON + MINUTE, text: null },
      ],
      votes: [{ fromMe: false, name: "Ana Ruiz", options: ["Sábado", "Lunes"] }],
      sending: null,
      members: [],
    });
    shown = mount(InfoDialog, { target: document.body, props: { message: view, conversation, onclose: () => {} } });
    await settled();
    flushSync();

    const dialog = document.querySelector('[role="dialog"]');
    const told = [...(dialog?.querySelectorAll("li") ?? [])].map((one) => one.textContent?.replace(/\s+/g, " ").trim());
    expect(told).toEqual([
      `${speech.when(NOON)} A las dos`,
      `${speech.when(NOON + MINUTE)} ${speech.words.talk.info.noWords}`,
      "Ana Ruiz Sábado, Lunes",
    ]);
    expect(dialog?.querySelector("li strong")?.textContent, "drawn as it was written").toBe("dos");
    expect(dialog?.textContent).toContain(speech.moment(NOON + 9 * MINUTE));
  });
});

describe("of a message in a group", () => {
  const member = (part: Partial<MemberReceiptView>): MemberReceiptView => ({
    name: null,
    number: null,
    deliveredAt: null,
    readAt: null,
    playedAt: null,
    ...part,
  });

  /** The headings of the members' lists, each with its lines. */
  async function told(members: MemberReceiptView[]) {
    const view = message({ id: 7, fromMe: true, status: "sent", body: { kind: "text", text: "Abrimos a las ocho" } });
    const { conversation } = await opened(view, { earlier: [], votes: [], sending: null, members });
    shown = mount(InfoDialog, { target: document.body, props: { message: view, conversation, onclose: () => {} } });
    await settled();
    flushSync();
    const lists = [...document.querySelectorAll('[role="dialog"] h3 + ul')];
    return lists.map((list) => [
      list.previousElementSibling?.textContent,
      ...[...list.querySelectorAll("li")].map((line) => [...line.children].map((part) => part.textContent).join(" ")),
    ]);
  }

  it("it is told who played, read and received it, each once and since when", async () => {
    const { by } = speech.words.talk.info;
    const lists = await told([
      member({ name: "Ana Ruiz", deliveredAt: NOON, readAt: NOON + 9 * MINUTE }),
      member({ name: "Rosa Huamán", readAt: NOON + 2 * MINUTE, playedAt: NOON + 3 * MINUTE }),
      member({ number: "+51900000024", deliveredAt: NOON + MINUTE }),
      member({ deliveredAt: NOON }),
    ]);

    expect(lists).toEqual([
      [by.played, `Rosa Huamán ${speech.when(NOON + 3 * MINUTE)}`],
      [by.read, `Ana Ruiz ${speech.when(NOON + 9 * MINUTE)}`],
      [
        by.delivered,
        `${phoneWords("+51900000024")} ${speech.when(NOON + MINUTE)}`,
        `${speech.words.talk.marks.someone} ${speech.when(NOON)}`,
      ],
    ]);
  });

  it("nothing is said where nothing is told", async () => {
    expect(await told([]), "no heading without anybody under it").toEqual([]);
    expect(document.querySelector('[role="dialog"] h3')).toBeNull();
  });

  it("a long list is scrolled by the keys", async () => {
    const many = Array.from({ length: 300 }, (_, nth) => member({ name: `Vecina ${nth}`, deliveredAt: NOON }));
    const [list] = await told(many);

    expect(list, "nobody is left out").toHaveLength(301);
    const region = document.querySelector<HTMLElement>('[role="dialog"] [role="region"]');
    expect(region?.tabIndex, "it takes the keys").toBe(0);
  });
});

describe("a star and a pin", () => {
  it("are put on by one press and taken away by another", async () => {
    const view = message({ id: 7, fromMe: true, status: "read" });
    const { core, conversation } = await opened(view);
    const doing = new Doing(conversation, { reply: () => {}, edit: () => {}, takeBack: () => {} });
    for (const name of ["star", "unstar", "pin", "unpin"] as const) doing.do(name, view);
    await settled();

    expect(core.callsOf("message_act").map(({ messageId, action }) => ({ messageId, action }))).toEqual([
      { messageId: 7, action: { kind: "star", on: true } },
      { messageId: 7, action: { kind: "star", on: false } },
      { messageId: 7, action: { kind: "pin", days: PIN_DAYS } },
      { messageId: 7, action: { kind: "pin", days: null } },
    ]);
  });
});
