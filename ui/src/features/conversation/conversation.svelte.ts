import { messageAt } from "../../parts/message-at";
import type { Names } from "../../parts/text/format";
import {
  asFault,
  type ChatRow,
  Coalesced,
  type Fault,
  type Feed,
  type MediaUrl,
  type MessagePage,
  type MessageView,
  type Platform,
} from "../../platform";
import { speech } from "../../words";
import { Group } from "./group.svelte";
import { MessageActs } from "./message-acts.svelte";
import { digitsOf, firstUnread, has, incomingIn, joined, known, PAGE, peopleOf } from "./rows";

/** A message to bring before the eye, and whether the keys are to be on it then. */
export type Sought = { messageId: number; focus: boolean };

/** The first message on screen, and how far its top is below the rows' upper edge. */
export type Eye = { messageId: number; top: number };

export { PAGE };

/** To find the first unread message, or what was shown before, no more than this is read; scrolling reads the rest. */
const REACH = 1_000;
/** What the core gives at most in one page. */
const LARGEST_PAGE = 200;
/** A stretch longer than this is cut at the end that is far from the eye, down to so many. */
const LONGEST = 1_200;
const KEPT = 800;

/**
 * One open chat: a stretch of its messages without gaps, kept whole across refreshes, so that nothing under the eye goes
 * away. It usually reaches to the newest one; a message that was sought far back has its own stretch around it, with
 * `newer` true until paging or `toNewest` has reached the end. Reading again starts at the stretch's end and goes on
 * until the oldest message known is reached again. One that has grown long while somebody scrolled lets go of its far end.
 *
 * Marking as read happens only when somebody can have read: the window has the focus and the end is on screen.
 */
export class Conversation {
  chat = $state.raw<ChatRow | null>(null);
  rows = $state.raw<MessageView[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  /**
   * Before this message the unread line is drawn. Set at opening, then only while nobody is looking. It stays while somebody
   * reads, and goes once nothing is unread and they look away, or answer.
   */
  unreadFrom = $state<number | null>(null);
  /** Messages that came in while the operator was further up. */
  arrived = $state(0);
  more = $state(false);
  earlierFault = $state.raw<Fault | null>(null);
  /** There are newer messages than those shown. */
  newer = $state(false);
  laterFault = $state.raw<Fault | null>(null);
  /** The message to bring before the eye; a new object each time. */
  sought = $state.raw<Sought | null>(null);
  /** How many times a message was sought that is not there. */
  missing = $state(0);
  /** What is done to single messages. */
  readonly acts: MessageActs;
  readonly group: Group;

  readonly title = $derived(this.chat ? speech.titleOf(this.chat) : "");
  /** Those who are here or wrote here, by their address. */
  readonly people: ReadonlyMap<string, string> = $derived.by(
    () => new Map([...this.group.people, ...peopleOf(this.rows)]),
  );
  /** What an @ with digits is drawn as. */
  readonly names: Names = $derived(new Map([...this.people].map(([address, name]) => [digitsOf(address), name])));

  /** Says where the eye is; null = at the end, undefined = nothing shows the rows. */
  eye: () => Eye | null | undefined = () => undefined;

  private earlier: string | null = null;
  private later: string | null = null;
  private stale = true;
  private wantEarlier = false;
  private wantLater = false;
  private wantNewest = false;
  private wantAround: Sought | null = null;
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
    newId: () => string = () => crypto.randomUUID(),
    /** Where the eye was when this chat was left. */
    private left: Eye | null = null,
  ) {
    this.acts = new MessageActs(platform, () => this.refresh(), newId);
    this.group = new Group(platform, chatId);
    this.unsubscribe = feed.onChange((change) => {
      if (change.topic === "everything") void this.refresh();
      if (change.topic === "messages" && change.chatId === chatId) void this.refresh();
      if (change.topic === "chat" && change.chatId === chatId) void this.refresh();
      if (change.topic === "chats") void this.refresh();
      if (change.topic === "media" && this.shows(change.mediaId)) void this.refresh();
    });
  }

  /** Nobody looks at it any more: what a reading under way still brings stays unread. */
  close(): void {
    this.focused = false;
    this.group.close();
    this.unsubscribe();
  }

  /** It is left, perhaps for a while: where the eye is. */
  leave(): Eye | null {
    const eye = this.eye();
    if (eye !== undefined) this.left = eye;
    return this.left;
  }

  /** Where the eye was, for it to be there again; null = it belongs at what is unread, or at the end. */
  get stood(): Eye | null {
    return this.unreadFrom !== null && this.chat?.unread ? null : this.left;
  }

  mediaUrl(mediaId: number): Promise<MediaUrl> {
    return this.platform.mediaUrl(mediaId);
  }

  smallUrl(mediaId: number): Promise<MediaUrl> {
    return this.platform.smallUrl(mediaId);
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

  loadLater(): Promise<void> {
    if (this.later === null) return Promise.resolve();
    this.wantLater = true;
    return this.reading.request();
  }

  /** Back to the end, from wherever a sought message was. */
  toNewest(): Promise<void> {
    if (this.later === null) return Promise.resolve();
    this.wantNewest = true;
    return this.reading.request();
  }

  /** Shows a message with those around it, however far back; false = it is not there or could not be read. */
  async seek(messageId: number, focus = true): Promise<boolean> {
    const sought = { messageId, focus };
    if (has(this.rows, messageId)) this.sought = sought;
    else {
      this.wantAround = sought;
      await this.reading.request();
    }
    return has(this.rows, messageId);
  }

  /** What a message answers, however far back; null = nothing, or it is not here any more. */
  async quotedBy({ quoted }: MessageView): Promise<MessageView | null> {
    const id = quoted?.messageId ?? null;
    if (id === null) return null;
    return this.rows.find((row) => row.id === id) ?? messageAt(this.platform, this.chatId, id);
  }

  /** Our own message as the core took it: shown at once, with its clock, before the next reading. */
  add(message: MessageView): void {
    this.unreadFrom = null;
    // It does not belong behind a stretch that ends before it.
    if (this.newer) return;
    if (this.state !== "ready" || message.chatId !== this.chatId || has(this.rows, message.id)) return;
    // Where the next reading will have it: a customer's clock may be ahead of ours.
    const place = this.rows.findLastIndex((row) => row.at <= message.at) + 1;
    this.rows = this.rows.toSpliced(place, 0, message);
  }

  /** What the operator can see now. */
  look(part: { focused?: boolean; atEnd?: boolean }): void {
    this.focused = part.focused ?? this.focused;
    this.atEnd = part.atEnd ?? this.atEnd;
    if (this.atEnd) this.arrived = 0;
    this.dropLine();
    void this.markRead();
  }

  private async read(): Promise<void> {
    if (this.wantAround) await this.readAround(this.wantAround);
    const newest = this.wantNewest;
    if (this.stale || newest) await this.readAgain(newest);
    if (this.wantEarlier) await this.readEarlier();
    if (this.wantLater) await this.readLater();
    await this.markRead();
  }

  /** What is shown once more; `newest`: the end instead of it. */
  private async readAgain(newest: boolean): Promise<void> {
    this.stale = false;
    this.wantNewest = false;
    try {
      const opening = this.chat === null;
      const asked = this.platform.call("chat_get", { chatId: this.chatId });
      const anew = opening || newest;
      const incoming = asked.then(({ unread }) => (anew ? unread : 0));
      const [chat, page] = await Promise.all([asked, this.readBack(anew ? [] : this.rows, incoming)]);
      const left = opening && chat.unread === 0 ? await this.readLeft(page.rows) : null;
      const { rows, earlier, later } = left ?? page;
      if (anew) this.unreadFrom = firstUnread(rows, chat.unread);
      else this.noticeArrivals(rows, chat);
      this.show(chat, rows, earlier, later);
    } catch (thrown) {
      this.stale = true;
      this.fault = asFault(thrown);
      if (this.chat === null) this.state = "failed";
    }
  }

  /** Where the eye was is further back than these; null = it is not, or is there no more. */
  private async readLeft(rows: MessageView[]): Promise<MessagePage | null> {
    if (!this.left || has(rows, this.left.messageId)) return null;
    const around = { chatId: this.chatId, before: null, around: this.left.messageId, limit: PAGE };
    return this.platform.call("message_list", around).catch(() => null);
  }

  /**
   * Joins the stretch around a message to the one that is shown if they touch; else it takes its place. What was to be read
   * again of the rows that stay still is.
   */
  private async readAround(sought: Sought): Promise<void> {
    this.wantAround = null;
    const { chatId, stale, fault } = this;
    this.stale = false;
    try {
      const chat = this.chat ?? (await this.platform.call("chat_get", { chatId }));
      const around = { chatId, before: null, around: sought.messageId, limit: PAGE };
      const page = await this.platform.call("message_list", around);
      const older = has(page.rows, this.rows[0]?.id ?? null);
      const newer = has(page.rows, this.rows.at(-1)?.id ?? null);
      let { rows } = page;
      if (older && !newer) rows = joined(rows, this.rows);
      if (newer && !older) rows = joined(this.rows, rows);
      this.show(chat, rows, newer && !older ? this.earlier : page.earlier, older && !newer ? this.later : page.later);
      this.sought = sought;
      if (rows === page.rows) return;
      this.stale ||= stale;
      this.fault = fault;
    } catch {
      // What was shown stays; a chat that was to be opened at it opens at its end.
      this.stale ||= stale;
      this.missing += 1;
    }
  }

  private show(chat: ChatRow, rows: MessageView[], earlier: string | null, later: string | null): void {
    this.chat = chat;
    if (chat.kind === "group") this.group.load();
    this.rows = rows;
    this.setEarlier(earlier);
    this.setLater(later);
    this.fault = null;
    this.state = "ready";
  }

  private setEarlier(earlier: string | null): void {
    this.earlier = earlier;
    this.more = earlier !== null;
  }

  private setLater(later: string | null): void {
    this.later = later;
    this.newer = later !== null;
  }

  /**
   * From the end of what is shown back, until its beginning is there again and `incoming` messages of the other side are.
   * Reads what was there and what is new, no more: a conversation must not grow at its far end each time something
   * changes. With nothing shown, from the newest.
   */
  private async readBack(shown: MessageView[], incoming: Promise<number>) {
    const oldest = shown[0]?.id ?? null;
    const end = shown.length > 0 && this.later !== null ? await this.readEnd(shown) : null;
    let { rows, earlier: before } = end ?? { rows: [] as MessageView[], earlier: null };
    let wanted = Math.max(PAGE, shown.length);
    while (end === null || (before !== null && !has(rows, oldest))) {
      const limit = Math.max(1, Math.min(wanted - rows.length, LARGEST_PAGE));
      const page: MessagePage = await this.platform.call("message_list", { chatId: this.chatId, before, limit });
      rows = joined(page.rows, rows);
      before = page.earlier;
      wanted = Math.max(known(shown, rows), incomingIn(rows) < (await incoming) ? rows.length + PAGE : 0);
      if (before === null || rows.length >= Math.min(wanted, shown.length + REACH) || has(rows, oldest)) break;
    }
    return { rows, earlier: before, later: end?.later ?? null };
  }

  /** The last message shown once more, and whether there are still newer ones. Null: it is gone, so is its stretch. */
  private async readEnd(shown: MessageView[]): Promise<MessagePage | null> {
    const last = shown.at(-1)?.id ?? 0;
    const around = { chatId: this.chatId, before: null, around: last, limit: 2 };
    try {
      const page = await this.platform.call("message_list", around);
      const rows = page.rows.slice(0, page.rows.findIndex((row) => row.id === last) + 1);
      // What was read beyond it is read again by paging: the place to go on from is still the last one's.
      const later = rows.length < page.rows.length ? this.later : page.later;
      return { rows, earlier: page.earlier, later };
    } catch (thrown) {
      if (asFault(thrown).code === "not_found") return null;
      throw thrown;
    }
  }

  private async readEarlier(): Promise<void> {
    this.wantEarlier = false;
    if (this.earlier === null) return;
    try {
      const page = await this.platform.call("message_list", { chatId: this.chatId, before: this.earlier, limit: PAGE });
      this.rows = joined(page.rows, this.rows);
      this.setEarlier(page.earlier);
      this.earlierFault = null;
      await this.letGo("newer");
    } catch (thrown) {
      this.earlierFault = asFault(thrown);
    }
  }

  private async readLater(): Promise<void> {
    this.wantLater = false;
    if (this.later === null) return;
    const after = { chatId: this.chatId, before: null, after: this.later, limit: PAGE };
    try {
      const page = await this.platform.call("message_list", after);
      this.rows = joined(this.rows, page.rows);
      this.setLater(page.later);
      this.laterFault = null;
      await this.letGo("older");
    } catch (thrown) {
      this.laterFault = asFault(thrown);
    }
  }

  /** Of a long stretch, what lies furthest from the eye: paging brings it back. A cut that fails is made at the next page. */
  private async letGo(part: "older" | "newer"): Promise<void> {
    if (this.rows.length <= LONGEST) return;
    const edge = part === "newer" ? this.rows[KEPT - 1] : this.rows.at(-KEPT);
    const around = { chatId: this.chatId, before: null, around: edge?.id ?? 0, limit: 2 };
    const page = await this.platform.call("message_list", around).catch(() => null);
    const last = part === "newer" ? page?.rows.at(-1) : page?.rows[0];
    const at = this.rows.findIndex((row) => row.id === last?.id);
    if (!page || at < 0) return;
    if (part === "newer") {
      this.rows = this.rows.slice(0, at + 1);
      this.setLater(page.later);
    } else {
      this.rows = this.rows.slice(at);
      this.setEarlier(page.earlier);
    }
  }

  /** What came in since the last reading, if nobody was looking at the end. */
  private noticeArrivals(rows: MessageView[], chat: ChatRow): void {
    if (this.newer) {
      this.arrived += Math.max(0, chat.unread - (this.chat?.unread ?? 0));
      return;
    }
    if (this.focused && this.atEnd) return;
    const last = this.rows.at(-1);
    const from = last ? rows.findIndex((row) => row.id === last.id) + 1 : 0;
    if (last && from === 0) return;
    const incoming = rows.slice(from).filter((row) => !row.fromMe);
    if (!this.atEnd) this.arrived += incoming.length;
    // All that is unread came in now: what stood below the line was read, be it on the phone.
    if (!this.focused && incoming.length > 0 && chat.unread <= incoming.length) this.unreadFrom = null;
    this.unreadFrom ??= incoming[0]?.id ?? null;
  }

  private dropLine(): void {
    if (!this.focused && this.chat?.unread === 0) this.unreadFrom = null;
  }

  /** One marking at a time, never the same one twice; one that failed is tried at the next change or look. */
  private async markRead(): Promise<void> {
    if (this.newer || this.marking || !this.focused || !this.atEnd || this.state !== "ready" || !this.chat?.unread)
      return;
    const newest = this.rows.findLast((row) => !row.fromMe);
    if (!newest || newest.id === this.markedUpTo) return;
    this.marking = true;
    try {
      this.chat = await this.platform.call("chat_read", { chatId: this.chatId, upTo: newest.id });
      this.markedUpTo = newest.id;
      this.dropLine();
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
