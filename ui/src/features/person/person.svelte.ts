import { asFault, type ChatAbout, Coalesced, type Fault, type Feed, type Platform } from "../../platform";
import { ChatFiles } from "./files.svelte";

const NOTE_MS = 900;
/** As the core has it. */
export const MAX_NOTE = 10_000;

/**
 * What is known of whom a chat is with, for the panel beside it. A note is kept a moment after the last letter and at the
 * latest when the panel closes; while it is being written, what comes from the core does not overwrite it. What could not be
 * kept then is there when the panel opens again, and is tried again.
 */
export class Person {
  about = $state.raw<ChatAbout | null>(null);
  fault = $state.raw<Fault | null>(null);
  note = $state("");
  noting = $state<"idle" | "saving" | "saved" | "failed">("idle");
  noteFault = $state.raw<Fault | null>(null);
  blocking = $state(false);

  readonly pictures: ChatFiles;
  readonly documents: ChatFiles;
  readonly tooLong = $derived([...this.note].length > MAX_NOTE);

  /** Of chats whose panel closed before their note could be kept. */
  private static readonly unkept = new WeakMap<Platform, Map<number, string>>();

  private kept = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop: () => void;
  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    feed: Feed,
    readonly chatId: number,
    private readonly isGroup = false,
  ) {
    this.pictures = new ChatFiles(platform, chatId, "pictures");
    this.documents = new ChatFiles(platform, chatId, "documents");
    this.stop = feed.onChange((change) => {
      if (change.topic === "everything" || (change.topic === "chat" && change.chatId === chatId)) void this.load();
      if (change.topic === "everything" || (change.topic === "messages" && change.chatId === chatId)) {
        void this.pictures.refresh();
        void this.documents.refresh();
      }
      if (change.topic === "media") {
        for (const files of [this.pictures, this.documents]) if (files.shows(change.mediaId)) void files.refresh();
      }
    });
  }

  async open(): Promise<void> {
    const left = this.unkept.get(this.chatId);
    if (left !== undefined) this.write(left);
    await Promise.all([this.load(), this.pictures.refresh(), this.documents.refresh()]);
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  /** Every letter; it is kept when the writing pauses. */
  write(note: string): void {
    this.note = note;
    this.noting = "idle";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), NOTE_MS);
  }

  async save(): Promise<void> {
    clearTimeout(this.timer);
    const { note } = this;
    if (note === this.kept || this.tooLong) return;
    this.noting = "saving";
    try {
      await this.platform.call("chat_note_set", { chatId: this.chatId, note });
      this.kept = note;
      this.noteFault = null;
      if (this.note === note) this.noting = "saved";
    } catch (thrown) {
      this.noteFault = asFault(thrown);
      this.noting = "failed";
    }
  }

  async block(blocked: boolean): Promise<void> {
    this.blocking = true;
    try {
      this.about = await this.platform.call("chat_block_set", { chatId: this.chatId, blocked });
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
    this.blocking = false;
  }

  close(): void {
    this.stop();
    void this.leave();
  }

  private async leave(): Promise<void> {
    this.unkept.delete(this.chatId);
    if (this.note !== this.kept) this.unkept.set(this.chatId, this.note);
    await this.save();
    if (this.note === this.kept) this.unkept.delete(this.chatId);
  }

  private get unkept(): Map<number, string> {
    const known = Person.unkept.get(this.platform) ?? new Map<number, string>();
    Person.unkept.set(this.platform, known);
    return known;
  }

  private async read(): Promise<void> {
    try {
      const about = await this.platform.call("chat_about", { chatId: this.chatId });
      this.about = about;
      this.fault = null;
      if (this.isGroup && about.members.length === 0) void this.askMembers();
      const told = about.note ?? "";
      if (this.note === this.kept) this.note = told;
      this.kept = told;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  /** Of some groups nobody has told yet who is in them. */
  private async askMembers(): Promise<void> {
    try {
      const { members } = await this.platform.call("group_get", { chatId: this.chatId });
      if (this.about) this.about = { ...this.about, members };
    } catch {
      // The panel shows what is known without them.
    }
  }
}
