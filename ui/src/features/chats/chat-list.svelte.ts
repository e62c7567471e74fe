import {
  asFault,
  type ChatFilter,
  type ChatRow,
  Coalesced,
  type Fault,
  type Feed,
  type Platform,
} from "../../platform";

export const PAGE = 60;
/** The core gives no more at once. */
const MOST = 200;
/** So long the rows of the last query stand until those of the next are there: usually they are in the next frame. */
const PATIENT_MS = 150;

/** What is shown of all chats. */
export type Query = { filter: ChatFilter; labelId: number | null; deviceId: number | null };

export const EVERYTHING: Query = { filter: "all", labelId: null, deviceId: null };

/**
 * The chat list as a growing window from its top. Pages are read by keyset cursor as the operator scrolls. An
 * invalidation reads the window again, as deep as it is being looked at and no deeper: what lies below is dropped and read
 * when somebody scrolls there. Answers to an older query are thrown away.
 *
 * While it is held (the pointer is about to click), rows change what they say but keep their places; the new order comes
 * when it is let go.
 */
export class ChatList {
  rows = $state.raw<ChatRow[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  query = $state.raw<Query>(EVERYTHING);
  unreadChats = $state(0);
  more = $state(false);
  /** Of which query the rows are: a new number for each. */
  turn = $state(0);
  /** What is shown is not in its order now: it was held. */
  deferred = $state(false);

  /** The rows in their true order. */
  private order: ChatRow[] = [];
  /** Whose rows are in it. */
  private known = new Set<number>();
  private held = false;
  private next: string | null = null;
  private want = PAGE;
  private stale = true;
  private epoch = 0;
  private late: ReturnType<typeof setTimeout> | undefined;
  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    feed.onChange((change) => {
      const ours = change.topic === "chats" || change.topic === "chat" || change.topic === "everything";
      if (ours) void this.refresh();
    });
  }

  get filter(): ChatFilter {
    return this.query.filter;
  }

  refresh(): Promise<void> {
    this.stale = true;
    return this.reading.request();
  }

  /** Tells how far down the operator is looking; reads more when the window does not reach well beyond it. */
  lookingAt(lastVisible: number): Promise<void> {
    this.want = Math.max(PAGE, Math.ceil((lastVisible + PAGE / 2) / PAGE) * PAGE);
    if (this.next === null || this.order.length >= this.want) return Promise.resolve();
    return this.reading.request();
  }

  /** Shows only the chats of one filter, whatever was shown before. */
  choose(filter: ChatFilter): Promise<void> {
    return this.ask({ ...EVERYTHING, filter });
  }

  ask(query: Query): Promise<void> {
    const now = this.query;
    const same = query.filter === now.filter && query.labelId === now.labelId && query.deviceId === now.deviceId;
    if (same) return Promise.resolve();
    this.query = query;
    this.epoch += 1;
    this.order = [];
    this.known = new Set();
    this.next = null;
    this.want = PAGE;
    this.held = false;
    clearTimeout(this.late);
    // An empty list does not stand for another one.
    if (this.rows.length === 0) this.turnTo("loading");
    else this.late = setTimeout(() => this.turnTo("loading"), PATIENT_MS);
    return this.refresh();
  }

  /** From now on nothing of an older query is shown. */
  private turnTo(state: "loading" | "ready" | "failed"): void {
    clearTimeout(this.late);
    this.state = state;
    if (this.turn === this.epoch) return;
    this.turn = this.epoch;
    this.present();
  }

  /** Nothing moves until `letGo`. */
  hold(): void {
    this.held = true;
  }

  letGo(): void {
    if (!this.held) return;
    this.held = false;
    this.present();
  }

  /** The new order, asked for, also while it is held: that is what stands from now on. */
  renew(): void {
    this.rows = this.order;
    this.deferred = false;
  }

  /** The operator put these away: they go at once, held or not. */
  drop(ids: ReadonlySet<number>): void {
    this.rows = this.rows.filter((row) => !ids.has(row.id));
    this.order = this.order.filter((row) => !ids.has(row.id));
    for (const id of ids) this.known.delete(id);
  }

  private async read(): Promise<void> {
    const epoch = this.epoch;
    const whole = this.stale;
    this.stale = false;
    if (!whole && this.next === null) return;
    try {
      await this.readPages(epoch, whole);
    } catch (thrown) {
      if (epoch !== this.epoch) return;
      if (whole) this.stale = true;
      this.fault = asFault(thrown);
      if (this.turn !== this.epoch || this.rows.length === 0) this.turnTo("failed");
    }
  }

  private async readPages(epoch: number, whole: boolean): Promise<void> {
    const rows = whole ? [] : [...this.order];
    const fresh = new Set<number>();
    const isKnown = (id: number) => fresh.has(id) || (!whole && this.known.has(id));
    let after = whole ? null : this.next;
    let unread = this.unreadChats;
    const { filter, labelId, deviceId } = this.query;
    const asked = labelId === null ? { filter, deviceId } : { filter, deviceId, labelId };
    do {
      const limit = Math.max(PAGE, Math.min(this.want - rows.length, MOST));
      const page = await this.platform.call("chat_list", { ...asked, after, limit });
      if (epoch !== this.epoch) return;
      // Two pages read one after the other: a chat that moved meanwhile may be in both, and counts where it was seen first.
      const others = page.rows.filter(({ id }) => !isKnown(id));
      rows.push(...others);
      for (const { id } of others) fresh.add(id);
      after = page.next;
      unread = page.unreadChats;
    } while (after !== null && rows.length < this.want);
    this.order = rows;
    if (whole) this.known = fresh;
    else for (const id of fresh) this.known.add(id);
    this.next = after;
    this.more = after !== null;
    this.unreadChats = unread;
    this.fault = null;
    this.turnTo("ready");
    this.present();
  }

  private present(): void {
    this.rows = this.held && this.rows.length > 0 ? steady(this.rows, this.order) : this.order;
    this.deferred = this.rows !== this.order && !sameOrder(this.rows, this.order);
  }
}

/**
 * What is shown, with what its rows say now, each where it was. Rows that are new above wait; those that follow the last
 * known one were scrolled to and are added. A row that is no longer in the order stays until it is let go.
 */
export function steady(shown: ChatRow[], order: ChatRow[]): ChatRow[] {
  const now = new Map(order.map((row) => [row.id, row]));
  const known = new Set(shown.map((row) => row.id));
  const last = order.findLastIndex((row) => known.has(row.id));
  return [...shown.map((row) => now.get(row.id) ?? row), ...order.slice(last + 1)];
}

function sameOrder(one: ChatRow[], other: ChatRow[]): boolean {
  return one.length === other.length && one.every((row, at) => row.id === other[at]?.id);
}

/**
 * By how many rows the visible part moved between two states of the list. Most visible rows move together (somebody
 * wrote and went to the top: all move by one), so the commonest move counts; the one that jumped does not.
 */
export function commonShift(visible: { id: number; index: number }[], after: ChatRow[]): number {
  const places = new Map(after.map((row, index) => [row.id, index]));
  const votes = new Map<number, number>();
  for (const { id, index } of visible) {
    const now = places.get(id);
    if (now !== undefined) votes.set(now - index, (votes.get(now - index) ?? 0) + 1);
  }
  let best = 0;
  let most = 0;
  for (const [shift, count] of votes) {
    if (count > most) [best, most] = [shift, count];
  }
  return best;
}
