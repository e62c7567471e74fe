import { asFault, type ChatFile, Coalesced, type Fault, type FileKind, type Platform } from "../../platform";

export const FILES_PAGE = 12;

/** The pictures or the documents of a chat, newest first, a page more at each asking. */
export class ChatFiles {
  rows = $state.raw<ChatFile[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  more = $state(false);

  private next: string | null = null;
  private want = FILES_PAGE;
  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    private readonly chatId: number,
    private readonly files: FileKind,
  ) {}

  /** Reads again as many as are shown. */
  refresh(): Promise<void> {
    return this.reading.request();
  }

  showMore(): Promise<void> {
    if (this.next === null) return Promise.resolve();
    this.want = this.rows.length + FILES_PAGE;
    return this.reading.request();
  }

  /** One that is not here is wanted; what became of it is told by its state. */
  async fetch(file: ChatFile): Promise<void> {
    try {
      await this.platform.call("media_fetch", { mediaId: file.media.id });
    } catch {
      // Its state says "failed" on the next reading.
    }
    await this.refresh();
  }

  shows(mediaId: number): boolean {
    return this.rows.some((row) => row.media.id === mediaId);
  }

  private async read(): Promise<void> {
    try {
      const rows: ChatFile[] = [];
      let after: string | null = null;
      do {
        const page: { rows: ChatFile[]; next: string | null } = await this.platform.call("chat_file_list", {
          chatId: this.chatId,
          files: this.files,
          after,
          limit: FILES_PAGE,
        });
        rows.push(...page.rows);
        after = page.next;
      } while (after !== null && rows.length < this.want);
      this.rows = rows;
      this.next = after;
      this.more = after !== null;
      this.fault = null;
      this.state = "ready";
    } catch (thrown) {
      this.fault = asFault(thrown);
      if (this.rows.length === 0) this.state = "failed";
    }
  }
}
