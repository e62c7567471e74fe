import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Conversation } from "../src/features/conversation/conversation.svelte";
import { Doing } from "../src/features/conversation/doing.svelte";
import Thread from "../src/features/conversation/Thread.svelte";
import { type ChatRow, Feed, type MediaPlace, type MessageBody, type MessageView } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, device, MINUTE, manyMessages, message, NOON, quoted } from "./people";
import { settled } from "./settled";

let shown: ReturnType<typeof mount> | null = null;

/** The thread of a chat that holds these messages, drawn. */
async function draw(messages: MessageView[], chat: Partial<ChatRow> = {}) {
  const core = new FakeCore();
  core.chats = [chatRow({ id: 1, ...chat })];
  const conversation = new Conversation(core, new Feed(core), 1);
  await conversation.refresh();
  conversation.rows = messages;
  return { core, ...drawn(conversation) };
}

function drawn(conversation: Conversation) {
  const doing = new Doing(conversation, { reply: () => {}, edit: () => {}, takeBack: () => {} });
  const props = { conversation, doing, can: device().capabilities, now: NOON, onpicture: () => {} };
  const thread = mount(Thread, { target: document.body, props });
  shown = thread;
  flushSync();
  return { conversation, doing };
}

const articles = () => [...document.querySelectorAll<HTMLElement>("article")];

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

describe("a conversation of 100,000 messages", () => {
  it("has at most 150 of them in the document, and the one that is gone to among them", async () => {
    const { conversation } = await draw(manyMessages(100_000));
    expect(articles().length).toBeLessThanOrEqual(150);
    expect(articles().at(-1)?.dataset.messageId, "at its end").toBe("100000");

    await conversation.seek(5_000);
    await settled();

    expect(articles().length).toBeLessThanOrEqual(150);
    const there = articles().find((row) => row.dataset.messageId === "5000");
    expect(there?.classList.contains("flash"), "and it is marked").toBe(true);
  }, 30_000);
});

describe("a conversation that is left further up", () => {
  const HIGH = 60;
  const SEEN = 600;
  const ROWS = 30;
  const scroller = () => document.querySelector<HTMLElement>(".scroller");

  /** Rows of one height each; the rest of the window is above them. */
  function laidOut() {
    const box = (top: number, height: number) => ({ top, bottom: top + height, height }) as DOMRect;
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
      if (this === scroller()) return box(100, SEEN);
      const { messageId } = this.dataset;
      return messageId ? box(100 + (Number(messageId) - 1) * HIGH - (scroller()?.scrollTop ?? 0), HIGH) : box(0, 0);
    });
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(SEEN);
    vi.spyOn(HTMLElement.prototype, "scrollHeight", "get").mockReturnValue(ROWS * HIGH);
  }

  it("is drawn where the eye was when it is opened again", async () => {
    laidOut();
    const { conversation } = await draw(manyMessages(ROWS));
    expect(conversation.leave(), "it is at its end").toBeNull();
    await conversation.seek(10);
    await settled();
    const box = scroller();
    if (!box) throw new Error("there are no rows");
    box.scrollTop = 10 * HIGH + 34;
    box.dispatchEvent(new Event("scroll"));
    const there = { messageId: 11, top: -34 };
    expect(conversation.leave()).toEqual(there);

    if (shown) await unmount(shown);
    drawn(conversation);
    expect(scroller(), "drawn anew").not.toBe(box);
    expect(scroller()?.scrollTop).toBe(10 * HIGH + 34);
    expect(conversation.leave()).toEqual(there);
  }, 30_000);
});

const HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>";
const media = {
  id: 1,
  mime: HOSTILE,
  width: null,
  height: null,
  bytes: 1,
  fileName: HOSTILE,
  state: "remote" as const,
  seconds: 1,
  waveform: [1],
};
const BODIES: MessageBody[] = [
  { kind: "text", text: HOSTILE },
  { kind: "image", caption: HOSTILE, media },
  ...(["video", "short_video", "gif", "audio", "voice", "document", "sticker"] as const).map(
    (shownAs): MessageBody => ({ kind: "file", shownAs, caption: HOSTILE, media }),
  ),
  { kind: "link_preview", text: HOSTILE, title: HOSTILE, description: HOSTILE, url: "javascript:alert(1)" },
  { kind: "location", latitude: 1, longitude: 1, name: HOSTILE, address: HOSTILE, live: false },
  { kind: "contacts", cards: [{ name: HOSTILE, vcard: `FN:${HOSTILE}\nTEL:${HOSTILE}` }] },
  { kind: "poll", question: HOSTILE, options: [HOSTILE, HOSTILE], several: true },
  {
    kind: "interactive",
    header: HOSTILE,
    body: HOSTILE,
    footer: HOSTILE,
    listLabel: HOSTILE,
    choices: [{ id: HOSTILE, title: HOSTILE, description: HOSTILE }],
  },
  { kind: "notice", notice: "order", text: HOSTILE },
  { kind: "unknown", rawKind: HOSTILE },
];

describe("each kind of message", () => {
  it.each(BODIES.map((body) => [body.kind === "file" ? body.shownAs : body.kind, body] as const))(
    "draws what came from outside as text only: %s",
    async (_kind, body) => {
      await draw([
        message({
          id: 1,
          body,
          senderName: HOSTILE,
          quoted: quoted({ messageId: null, text: HOSTILE }),
          reactions: [{ fromMe: false, name: HOSTILE, emoji: HOSTILE }],
        }),
      ]);
      const [article] = articles();
      expect(article?.querySelectorAll("script, iframe, [onerror], img[src='x']")).toHaveLength(0);
      expect(article?.querySelectorAll("a")).toHaveLength(0);
      expect(article?.textContent, "it is there to be read").toContain("onerror=alert(1)");
    },
  );

  it("a page that leads nowhere allowed is no button", async () => {
    await draw([
      message({ body: { kind: "link_preview", text: "x", title: "y", description: null, url: "javascript:alert(1)" } }),
    ]);
    expect(document.querySelectorAll("button.card")).toHaveLength(0);
  });

  it("a deleted one says so, and shows none of what it said", async () => {
    await draw([message({ body: { kind: "deleted" } })]);
    expect(articles()[0]?.textContent).toContain(speech.words.talk.marks.deleted);
  });
});

describe("somebody in a group who has no name", () => {
  const GROUP = { kind: "group", title: "Feria" } as const;
  const NUMBER = { sender: "51900000021@s.whatsapp.net", senderNumber: "+51900000021" };
  const HIDDEN = { sender: "99000000000021@lid" };
  const senders = () => [...document.querySelectorAll(".sender")];

  it("is shown by the number, or in plain words if that is hidden", async () => {
    await draw([message({ id: 1, ...NUMBER }), message({ id: 2, ...HIDDEN })], GROUP);
    expect(senders().map((one) => one.textContent)).toEqual(["+51 900 000 021", speech.words.talk.marks.member]);
    expect(document.body.textContent, "never by the digits of a hidden one").not.toContain("9900");
  });

  it("keeps the colour when a name is known", async () => {
    const rows = [
      message({ id: 1, ...NUMBER }),
      message({ id: 2, at: NOON + 9 * MINUTE, ...NUMBER, senderName: "Ana" }),
    ];
    await draw(rows, GROUP);
    const [before, after] = senders().map((one) => [...one.classList].find((name) => name.startsWith("tint-")));
    expect(senders().at(-1)?.textContent).toBe("Ana");
    expect(after).toBe(before);
  });

  it("is not the author of a notice that is nobody's", async () => {
    await draw([message({ body: { kind: "notice", notice: "system", text: "Ana entró" } })], GROUP);
    expect(senders()).toHaveLength(0);
  });
});

describe("the exact times of a message", () => {
  it("describe it to whoever has the keys on it, step by step", async () => {
    const steps = { at: NOON, sentAt: NOON + 1_000, deliveredAt: NOON + 2_000, readAt: NOON + 65_000 };
    await draw([message({ id: 1, fromMe: true, status: "read", ...steps }), message({ id: 2, at: NOON + MINUTE })]);
    const { at } = speech.words.conversation;
    const told = articles().map((one) => {
      const times = document.getElementById(one.getAttribute("aria-describedby") ?? "");
      return [...(times?.querySelectorAll("p") ?? [])].map((line) => line.textContent);
    });
    const moment = (ms: number) => speech.moment(ms);
    expect(told).toEqual([
      [
        at.written(moment(steps.at)),
        at.sent(moment(steps.sentAt)),
        at.delivered(moment(steps.deliveredAt)),
        at.read(moment(steps.readAt)),
      ],
      [at.received(moment(NOON + MINUTE))],
    ]);
  });
});

describe("what a message answers", () => {
  const { files, marks } = speech.words.talk;
  const block = () => document.querySelector(".quote")?.textContent;
  const answer = (part: Parameters<typeof quoted>[0]) => [message({ id: 60, quoted: quoted(part) })];

  it("has its kind and its author also when it is further up than what was read", async () => {
    await draw(answer({ messageId: 1, kind: "image", fromMe: true }));
    expect(block()).toBe(`${marks.you} ${files.image}`);
  });

  it("has them beside its words", async () => {
    const ana = { sender: "51900000021@s.whatsapp.net", senderName: "Ana" };
    await draw(answer({ messageId: 1, kind: "video", text: "*Mira*", ...ana }), { kind: "group" });
    expect(block()).toBe(`Ana ${files.video}: Mira`);
  });

  it("is not here only if it is not", async () => {
    await draw(answer({}));
    expect(block()).toBe(marks.quotedGone);
    expect(document.querySelector("button.quote")).toBeNull();
  });
});

describe("a document that is wanted before it is here", () => {
  const file = (state: MediaPlace) =>
    message({
      body: {
        kind: "file",
        shownAs: "document",
        caption: null,
        media: { ...media, mime: "application/pdf", fileName: "lista.pdf", state },
      },
    });
  const button = () => document.querySelector<HTMLButtonElement>(".card button");
  const becomes = async (core: FakeCore, conversation: Conversation, state: MediaPlace) => {
    core.messages.set(1, [file(state)]);
    await conversation.refresh();
    flushSync();
  };
  const press = async () => {
    button()?.click();
    await settled();
    flushSync();
  };

  it("can be wanted again when it could not be fetched", async () => {
    const { core, conversation } = await draw([file("remote")]);
    core.messages.set(1, [file("fetching")]);
    await press();
    expect(button()?.disabled, "it is on its way").toBe(true);
    await becomes(core, conversation, "failed");
    expect(button()?.disabled).toBe(false);
  });

  it("can be so also when it fails again before anything was seen of it", async () => {
    const { core } = await draw([file("failed")]);
    core.messages.set(1, [file("failed")]);
    await press();
    expect(button()?.disabled).toBe(false);
  });

  it("that had failed is saved when it came at the second try", async () => {
    const { core, conversation } = await draw([file("failed")]);
    core.messages.set(1, [file("fetching")]);
    await press();
    expect(button()?.disabled, "it is on its way").toBe(true);
    await becomes(core, conversation, "ready");
    await settled();
    expect(core.saved).toEqual(["lista.pdf"]);
  });
});

describe("what is still to be done to a message", () => {
  it("is told once of a kind, as it was wanted last", async () => {
    const thumb = { action: "react" as const, failure: "no_answer" as const };
    const heart = { action: "react" as const, failure: null };
    await draw([message({ pending: [thumb, { action: "delete", failure: null }, heart] })]);
    const told = [...document.querySelectorAll(".pending p")].map((line) => line.textContent?.trim());
    const { pending } = speech.words.talk.marks;
    expect(told).toEqual([pending.react, pending.delete]);
  });
});

describe("choosing messages", () => {
  it("a press chooses instead of doing what it would", async () => {
    const { doing } = await draw(manyMessages(3));
    doing.do("select", message({ id: 1 }));
    flushSync();
    articles()[1]?.querySelector<HTMLElement>(".bubble")?.click();
    expect([...doing.selected]).toEqual([1, 2]);
  });

  it("a right press opens the menu of its message", async () => {
    const { doing } = await draw(manyMessages(3));
    articles()[1]?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
    expect(doing.menu?.message.id).toBe(2);
  });
});

describe("the keys among the messages", () => {
  const log = () => document.querySelector<HTMLElement>('[role="log"]');

  it("stay there when the one that had them leaves the document", async () => {
    const { conversation } = await draw(manyMessages(140));
    const last = articles().at(-1);
    last?.focus();
    expect(document.activeElement).toBe(last);

    // Scrolled far up, as PageUp does: the window of rows moves on.
    await conversation.seek(1, false);
    await settled();
    flushSync();

    expect(last?.isConnected, "it is not in the document any more").toBe(false);
    expect(document.activeElement).toBe(log());
  }, 30_000);

  it("stay there when the button that leads to the end goes by its own press", async () => {
    const { conversation } = await draw(manyMessages(140));
    await conversation.seek(1, false);
    await settled();
    flushSync();
    const down = document.querySelector<HTMLElement>("button.down");
    down?.focus();
    down?.click();
    await settled();
    flushSync();
    expect(document.querySelector("button.down")).toBeNull();
    expect(document.activeElement).toBe(log());
  }, 30_000);
});
