import type { Names } from "../../parts/text/format";
import {
  type ActArg,
  asFault,
  type ChatRow,
  Coalesced,
  type Fault,
  type Feed,
  type MediaUrl,
  type MessagePage,
  type MessagePast,
  type MessageView,
  type Platform,
} from "../../platform";
import { speech } from "../../words";

export const PAGE = 50;
/** To find the first unread message, or what was shown before, no more than this is read; the rest is read by scrolling. */
const REACH = 1_000;
/** What the core gives at most in one page. */
const LARGEST_PAGE = 200;

/**
 * One open chat: its messages from the newest back to wherever the operator scrolled, kept whole across refreshes, so
 * that nothing under the eye goes away. Reading again always starts at the newest page and goes on until the oldest
 * message known is reached again.
 *
 * Marking as read happens only when somebody can have read: the window has the focus and the end is on screen.
 */
export class Conversation {
  chat = $state.raw<ChatRow | null>(null);
  rows = $state.raw<MessageView[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  /** Before this message the unread line is drawn. Set at opening, then only while nobody is looking. */
  unreadFrom = $state<number | null>(null);
  /** Messages that came in while the operator was further up. */
  arrived = $state(0);
  more = $state(false);
  earlierFault = $state.raw<Fault | null>(null);
  /** What a retry, discard or resolve ran into, by message. */
  actionFaults = $state.raw<ReadonlyMap<number, Fault>>(new Map());

  readonly title = $derived(this.chat ? speech.titleOf(this.chat) : "");
  /** Those who wrote here, by their address. */
  readonly people = $derived(peopleOf(this.rows));
  /** What an @ with digits is drawn as. */
  readonly names: Names = $derived(new Map([...this.people].map(([address, name]) => [digitsOf(address), name])));

  private earlier: string | null = null;
  private stale = true;
  private wantEarlier = false;
  private focused = false;
  /** Until the first layout nobody has seen the end. */
  private atEnd = false;
  private marking = false;
  private markedUpTo: number | null = null;
  private readonly reading = new Coalesced(() => this.read());
  private readonly unsubscribe: () => void;

  constructor(
    readonly platform: Platform,
    feed: Feed,
    readonly chatId: number,
    private readonly newId: () => string = () => crypto.randomUUID(),
  ) {
    this.unsubscribe = feed.onChange((change) => {
      if (change.topic === "everything") void this.refresh();
      if (change.topic === "messages" && change.chatId === chatId) void this.refresh();
      if (change.topic === "chat" && change.chatId === chatId) void this.refresh();
      if (change.topic === "chats") void this.refresh();
      if (change.topic === "media" && this.shows(change.mediaId)) void this.refresh();
    });
  }

  close(): void {
    this.unsubscribe();
  }

  mediaUrl(mediaId: number): Promise<MediaUrl> {
    return this.platform.mediaUrl(mediaId);
  }

  playUrl(mediaId: number): Promise<MediaUrl> {
    return this.platform.playUrl(mediaId);
  }

  refresh(): Promise<void> {
    this.stale = true;
    return this.reading.request();
  }

  loadEarlier(): Promise<void> {
    if (this.earlier === null) return Promise.resolve();
    this.wantEarlier = true;
    return this.reading.request();
  }

  /** Our own message as the core took it: shown at once, with its clock, before the next reading. */
  add(message: MessageView): void {
    if (this.state !== "ready" || message.chatId !== this.chatId || has(this.rows, message.id)) return;
    this.rows = [...this.rows, message];
  }

  /** What the operator can see now. */
  look(part: { focused?: boolean; atEnd?: boolean }): void {
    this.focused = part.focused ?? this.focused;
    this.atEnd = part.atEnd ?? this.atEnd;
    if (this.atEnd) this.arrived = 0;
    void this.markRead();
  }

  /** Edits, deletes, reacts, stars, pins: a wish, told as soon as the device can. */
  act(messageId: number, action: ActArg): Promise<void> {
    return this.attempt(messageId, () =>
      this.platform.call("message_act", { messageId, clientId: this.newId(), action }),
    );
  }

  /** What it said before, and who voted; null = it could not be read. */
  async past(messageId: number): Promise<MessagePast | null> {
    try {
      return await this.platform.call("message_past", { messageId });
    } catch {
      return null;
    }
  }

  /** Reads back until the message is there; false = it is not, or too far away. */
  async reach(messageId: number): Promise<boolean> {
    const limit = this.rows.length + REACH;
    while (!has(this.rows, messageId) && this.more && this.rows.length < limit) {
      const before = this.rows.length;
      await this.loadEarlier();
      if (this.rows.length === before) break;
    }
    return has(this.rows, messageId);
  }

  retry(messageId: number): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_retry", { messageId }));
  }

  discard(messageId: number): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_discard", { messageId }));
  }

  resolve(messageId: number, outcome: "it_went" | "it_did_not"): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_resolve", { messageId, outcome }));
  }

  async fetchMedia(mediaId: number): Promise<void> {
    try {
      await this.platform.call("media_fetch", { mediaId });
    } catch {
      // Its state says "failed" on the next reading, with the way to try again.
    }
    await this.refresh();
  }

  private async attempt(messageId: number, run: () => Promise<unknown>): Promise<void> {
    const faults = new Map(this.actionFaults);
    faults.delete(messageId);
    try {
      await run();
    } catch (thrown) {
      faults.set(messageId, asFault(thrown));
    }
    this.actionFaults = faults;
    await this.refresh();
  }

  private async read(): Promise<void> {
    const stale = this.stale;
    this.stale = false;
    if (stale) await this.readAgain();
    if (this.wantEarlier) await this.readEarlier();
    await this.markRead();
  }

  private async readAgain(): Promise<void> {
    try {
      const opening = this.chat === null;
      const chat = await this.platform.call("chat_get", { chatId: this.chatId });
      const reach = opening ? chat.unread : 0;
      const { rows, earlier } = await this.readBackTo(this.rows[0]?.id ?? null, reach);
      if (opening) this.unreadFrom = firstUnread(rows, chat.unread);
      else this.noticeArrivals(rows);
      this.show(chat, rows, earlier);
    } catch (thrown) {
      this.stale = true;
      this.fault = asFault(thrown);
      if (this.chat === null) this.state = "failed";
    }
  }

  private show(chat: ChatRow, rows: MessageView[], earlier: string | null): void {
    this.chat = chat;
    this.rows = rows;
    this.setEarlier(earlier);
    this.fault = null;
    this.state = "ready";
  }

  private setEarlier(earlier: string | null): void {
    this.earlier = earlier;
    this.more = earlier !== null;
  }

  /**
   * From the newest back, until `oldest` is there again and `incoming` messages of the other side are. Reads what was
   * there and what is new, no more: a conversation must not grow at its far end each time something changes.
   */
  private async readBackTo(oldest: number | null, incoming: number) {
    let rows: MessageView[] = [];
    let before: string | null = null;
    let wanted = Math.max(PAGE, this.rows.length);
    do {
      const limit = Math.max(1, Math.min(wanted - rows.length, LARGEST_PAGE));
      const page: MessagePage = await this.platform.call("message_list", { chatId: this.chatId, before, limit });
      rows = joined(page.rows, rows);
      before = page.earlier;
      wanted = Math.max(this.known(rows), rows.filter((row) => !row.fromMe).length < incoming ? rows.length + PAGE : 0);
    } while (before !== null && rows.length < Math.min(wanted, this.rows.length + REACH) && !has(rows, oldest));
    return { rows, earlier: before };
  }

  /** How many rows the conversation has when it is as it was plus what is new; more than there are, if not known yet. */
  private known(rows: MessageView[]): number {
    const last = this.rows.at(-1);
    if (!last) return 0;
    const at = rows.findIndex((row) => row.id === last.id);
    return at < 0 ? rows.length + PAGE : this.rows.length + rows.length - 1 - at;
  }

  private async readEarlier(): Promise<void> {
    this.wantEarlier = false;
    if (this.earlier === null) return;
    try {
      const page = await this.platform.call("message_list", { chatId: this.chatId, before: this.earlier, limit: PAGE });
      this.rows = joined(page.rows, this.rows);
      this.setEarlier(page.earlier);
      this.earlierFault = null;
    } catch (thrown) {
      this.earlierFault = asFault(thrown);
    }
  }

  /** What came in since the last reading, if nobody was looking at the end. */
  private noticeArrivals(rows: MessageView[]): void {
    if (this.focused && this.atEnd) return;
    const last = this.rows.at(-1);
    const from = last ? rows.findIndex((row) => row.id === last.id) + 1 : 0;
    if (last && from === 0) return;
    const incoming = rows.slice(from).filter((row) => !row.fromMe);
    if (!this.atEnd) this.arrived += incoming.length;
    this.unreadFrom ??= incoming[0]?.id ?? null;
  }

  /** One marking at a time, never the same one twice; one that failed is tried at the next change or look. */
  private async markRead(): Promise<void> {
    if (this.marking || !this.focused || !this.atEnd || this.state !== "ready" || !this.chat?.unread) return;
    const newest = this.rows.findLast((row) => !row.fromMe);
    if (!newest || newest.id === this.markedUpTo) return;
    this.marking = true;
    try {
      this.chat = await this.platform.call("chat_read", { chatId: this.chatId, upTo: newest.id });
      this.markedUpTo = newest.id;
    } catch {
      this.markedUpTo = null;
    } finally {
      this.marking = false;
    }
  }

  private shows(mediaId: number): boolean {
    return this.rows.some(({ body }) => (body.kind === "image" || body.kind === "file") && body.media.id === mediaId);
  }
}

function has(rows: MessageView[], messageId: number | null): boolean {
  return rows.some((row) => row.id === messageId);
}

function joined(older: MessageView[], newer: MessageView[]): MessageView[] {
  const known = new Set(newer.map((row) => row.id));
  return [...older.filter((row) => !known.has(row.id)), ...newer];
}

/** The message before which `unread` incoming ones begin; the oldest incoming one read when there are more. */
export function firstUnread(rows: MessageView[], unread: number): number | null {
  if (unread <= 0) return null;
  const incoming = rows.filter((row) => !row.fromMe);
  return incoming[Math.max(0, incoming.length - unread)]?.id ?? null;
}

/** Names of those who wrote, by address. */
function peopleOf(rows: MessageView[]): Map<string, string> {
  const people = new Map<string, string>();
  for (const { sender, senderName } of rows) if (sender && senderName) people.set(sender, senderName);
  return people;
}

function digitsOf(address: string): string {
  return address.split("@")[0] ?? "";
}
