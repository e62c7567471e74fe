import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { Conversation } from "../src/features/conversation/conversation.svelte";
import { Doing } from "../src/features/conversation/doing.svelte";
import InfoDialog from "../src/features/conversation/InfoDialog.svelte";
import { PIN_DAYS } from "../src/features/conversation/message-actions";
import { Feed, type MessagePast, type MessageView } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, MINUTE, message, NOON } from "./people";
import { settled } from "./settled";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

async function opened(view: MessageView, past?: MessagePast) {
  const core = new FakeCore();
  core.chats = [chatRow({ id: 1 })];
  core.messages.set(1, [view]);
  if (past) core.pasts.set(view.id, past);
  const conversation = new Conversation(core, new Feed(core), 1);
  await conversation.refresh();
  return { core, conversation };
}

describe("what is told of a message", () => {
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
