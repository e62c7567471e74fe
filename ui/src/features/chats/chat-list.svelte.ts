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

/**
 * The chat list as a growing window from its top. Pages are read by keyset cursor as the operator scrolls. An
 * invalidation reads the window again, as deep as it is being looked at and no deeper: what lies below is dropped and read
 * when somebody scrolls there. Answers to an older filter are thrown away.
 */
export class ChatList {
  rows = $state.raw<ChatRow[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  filter = $state<ChatFilter>("all");
  unreadChats = $state(0);
  more = $state(false);

  private next: string | null = null;
  private want = PAGE;
  private stale = true;
  private epoch = 0;
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

  refresh(): Promise<void> {
    this.stale = true;
    return this.reading.request();
  }

  /** Tells how far down the operator is looking; reads more when the window does not reach well beyond it. */
  lookingAt(lastVisible: number): Promise<void> {
    this.want = Math.max(PAGE, Math.ceil((lastVisible + PAGE / 2) / PAGE) * PAGE);
    if (this.next === null || this.rows.length >= this.want) return Promise.resolve();
    return this.reading.request();
  }

  choose(filter: ChatFilter): Promise<void> {
    if (filter === this.filter) return Promise.resolve();
    this.filter = filter;
    this.epoch += 1;
    this.rows = [];
    this.next = null;
    this.want = PAGE;
    this.state = "loading";
    return this.refresh();
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
      if (this.rows.length === 0) this.state = "failed";
    }
  }

  private async readPages(epoch: number, whole: boolean): Promise<void> {
    let rows = whole ? [] : this.rows;
    let after = whole ? null : this.next;
    let unread = this.unreadChats;
    do {
      const page = await this.platform.call("chat_list", { filter: this.filter, deviceId: null, after, limit: PAGE });
      if (epoch !== this.epoch) return;
      rows = joined(rows, page.rows);
      after = page.next;
      unread = page.unreadChats;
    } while (after !== null && rows.length < this.want);
    this.rows = rows;
    this.next = after;
    this.more = after !== null;
    this.unreadChats = unread;
    this.fault = null;
    this.state = "ready";
  }
}

/** Two pages read one after the other: a chat that moved meanwhile may be in both, and counts where it was seen first. */
function joined(rows: ChatRow[], page: ChatRow[]): ChatRow[] {
  const known = new Set(rows.map((row) => row.id));
  return [...rows, ...page.filter((row) => !known.has(row.id))];
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
