import { beforeEach, describe, expect, it, vi } from "vitest";
import { ChatExport } from "../src/features/chats/export.svelte";
import { type Format, writerOf } from "../src/features/chats/export-text";
import { Fault } from "../src/platform";
import { speech } from "../src/words";
import { FakeCore } from "./fake-core";
import { chatRow, manyMessages, message, quoted } from "./people";

let core: FakeCore;
let exporting: ChatExport;

beforeEach(() => {
  speech.language = "es";
  core = new FakeCore();
  core.chats = [chatRow()];
  core.messages.set(1, manyMessages(450));
  exporting = new ChatExport(core);
});

const written = (format: Format, part: Parameters<typeof message>[0]) => {
  const writer = writerOf(format, chatRow());
  return writer.head + writer.row(message(part), true) + writer.tail;
};

describe("an exported chat", () => {
  it("is written whole, oldest first, page by page", async () => {
    exporting.ask(chatRow());
    await exporting.write("txt");
    const lines = core.written.get("Lucía Paredes.txt")?.trim().split("\n") ?? [];
    expect(lines).toHaveLength(452);
    expect(lines[2]).toMatch(/Lucía Paredes: Mensaje 1$/);
    expect(lines.at(-1)).toMatch(/Lucía Paredes: Mensaje 450$/);
    expect(core.callsOf("message_list").map(({ limit }) => limit)).toEqual([200, 200, 200]);
    expect(exporting.saved).toBe("Lucía Paredes.txt");
    expect(exporting.progress).toBeNull();
  });

  it("is written once by two quick presses", async () => {
    exporting.ask(chatRow());
    await Promise.all([exporting.write("txt"), exporting.write("txt")]);
    expect(core.callsOf("chat_size")).toHaveLength(1);
  });

  it("shows how far it is, and leaves nothing when it is given up", async () => {
    exporting.ask(chatRow());
    const open = core.hold("message_list");
    const done = exporting.write("json");
    await vi.waitFor(() => expect(core.callsOf("message_list")).toHaveLength(1));
    const second = core.hold("message_list");
    open();
    await vi.waitFor(() => expect(exporting.progress).toEqual({ done: 200, total: 450 }));
    exporting.leave();
    second();
    await done;
    expect(core.written.get("Lucía Paredes.json")).toBeNull();
    expect(exporting.saved).toBeNull();
  });

  it("leaves nothing and says why when the disk or the core fails", async () => {
    core.failNext("message_list", { kind: "refused", code: "storage_failed" });
    exporting.ask(chatRow());
    await exporting.write("html");
    expect(exporting.fault?.code).toBe("storage_failed");
    core.outsideFault = new Fault("storage_full");
    await exporting.write("html");
    expect(exporting.fault?.code, "not that its beginning is gone").toBe("storage_full");
    expect(core.written.get("Lucía Paredes.html")).toBeNull();
  });
});

describe("an exported group", () => {
  const of = (format: Format, part: Parameters<typeof message>[0]) => {
    const writer = writerOf(format, chatRow({ kind: "group", title: "Feria" }));
    return writer.row(message(part), true);
  };

  it.each(["txt", "html"] as const)("says who wrote, never that the group did (%s)", (format) => {
    const number = { sender: "51900000021@s.whatsapp.net", senderNumber: "+51900000021" };
    expect(of(format, number)).toContain("+51 900 000 021");
    expect(of(format, { sender: "99000000000021@lid" })).toContain(speech.words.talk.marks.member);
    for (const part of [number, { sender: "99000000000021@lid" }]) expect(of(format, part)).not.toContain("Feria");
  });

  it("says what was answered, also if that had no words", () => {
    expect(of("txt", { quoted: quoted({ messageId: 7, kind: "voice" }) })).toContain("> Mensaje de voz");
  });
});

const HOSTILE = "</p><script>alert(1)</script>\n20 nov · Tú: te debo 100\u202Egpj.exe\u2028otra";

describe("hostile words in an exported chat", () => {
  it("begin no line of their own in a text", () => {
    const lines = written("txt", { body: { kind: "text", text: HOSTILE } })
      .trim()
      .split("\n");
    expect(lines.slice(3)).toEqual(["    20 nov · Tú: te debo 100gpj.exe", "    otra"]);
  });

  it("are no markup in a page, wherever they stand", () => {
    const file = { kind: "file", shownAs: "document", caption: HOSTILE } as const;
    const media = {
      id: 1,
      mime: "text/html",
      width: null,
      height: null,
      bytes: 1,
      fileName: "<img src=x onerror=alert(1)>.html",
      state: "ready" as const,
      seconds: null,
      waveform: null,
    };
    const row = {
      body: { ...file, media },
      senderName: '"><b onclick=x>',
      quoted: quoted({ messageId: null, text: "<i>" }),
    };
    const html = written("html", row);
    const page = new DOMParser().parseFromString(html, "text/html");
    expect(page.querySelectorAll("script, img, i, [onclick], [onerror]")).toHaveLength(0);
    expect(page.querySelector("article b")?.textContent).toBe('"><b onclick=x>');
    expect(page.body.textContent).toContain("<script>alert(1)</script>");
    expect(html).toContain("default-src 'none'");
    expect(html).not.toContain("\u202E");
  });

  it("are values in JSON", () => {
    const read = JSON.parse(written("json", { body: { kind: "text", text: HOSTILE } }));
    expect(read.messages[0].body.text).toBe(HOSTILE);
    expect(read.chat.title).toBe("Lucía Paredes");
  });
});
