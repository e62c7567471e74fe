import { asFault, type ChatRow, type Fault, type FileSink, type Platform } from "../../platform";
import { speech } from "../../words";
import { type Format, writerOf } from "./export-text";

const PAGE = 200;

/**
 * A chat written to a file, oldest message first, a page at a time: however long it is, no more than a page is held, and what
 * else the window asks has its turn in between. Given up half-way, nothing of the file is left.
 */
export class ChatExport {
  /** The chat that is asked about or written. */
  chat = $state.raw<ChatRow | null>(null);
  progress = $state.raw<{ done: number; total: number } | null>(null);
  /** Ended: what the file is called, or "" where the browser has it. */
  saved = $state<string | null>(null);
  fault = $state.raw<Fault | null>(null);

  private wanted = false;
  private writing = false;

  constructor(private readonly platform: Platform) {}

  ask(chat: ChatRow): void {
    if (this.progress) return;
    this.chat = chat;
    this.saved = null;
    this.fault = null;
  }

  /** Closes; what is being written is given up. */
  leave(): void {
    this.wanted = false;
    this.chat = null;
  }

  async write(format: Format): Promise<void> {
    const { chat } = this;
    if (!chat || this.writing) return;
    this.fault = null;
    this.wanted = true;
    this.writing = true;
    try {
      const sink = await this.platform.openFile(`${speech.titleOf(chat)}.${format}`);
      if (sink) await this.pour(chat, format, sink);
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.progress = null;
      this.writing = false;
    }
  }

  private async pour(chat: ChatRow, format: Format, sink: FileSink): Promise<void> {
    let whole = false;
    try {
      whole = await this.pages(chat, format, sink);
    } finally {
      const ended = sink.end(whole);
      if (whole) this.saved = (await ended)?.fileName ?? "";
      // Why it is not whole is told, not that nothing of it is there to be ended.
      else await ended.catch(() => {});
    }
  }

  /** False: given up. */
  private async pages(chat: ChatRow, format: Format, sink: FileSink): Promise<boolean> {
    const writer = writerOf(format, chat);
    const { messages: total } = await this.platform.call("chat_size", { chatId: chat.id });
    const first = { chatId: chat.id, before: null, limit: PAGE };
    let page = await this.platform.call("message_list", { ...first, oldest: true });
    let done = 0;
    await sink.write(writer.head);
    while (this.wanted) {
      await sink.write(page.rows.map((message, at) => writer.row(message, done + at === 0)).join(""));
      done += page.rows.length;
      this.progress = { done, total: Math.max(done, total) };
      if (page.later === null || page.rows.length === 0) {
        await sink.write(writer.tail);
        return this.wanted;
      }
      page = await this.platform.call("message_list", { ...first, after: page.later });
    }
    return false;
  }
}
