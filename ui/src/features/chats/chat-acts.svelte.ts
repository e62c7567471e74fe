import { asFault, type ChatRow, type ChatWish, type Fault, type Platform, type TriageState } from "../../platform";

/** What can be done to chats, one or many. */
export type ChatAct =
  | { kind: "read" }
  | { kind: "wish"; wish: ChatWish }
  | { kind: "triage"; state: TriageState; until: number | null };

/** What was done last and can be undone, for as long as it is shown. */
export type Done = { what: "archived" | "unarchived" | "done" | "snoozed" | "waiting"; count: number };

/** A mute that never ends, as the core understands it. */
export const FOR_EVER = 8_640_000_000_000_000;
const UNDO_MS = 10_000;
const AT_ONCE = 6;

type Before = Pick<ChatRow, "id" | "archived" | "triage" | "snoozedUntil">;

/**
 * Acts on chats. Each goes to the core at once; the list reads again by itself. Archiving and triage take a chat out of
 * sight, so they can be undone for a while: the chats become again what they were, not merely its opposite.
 */
export class ChatActs {
  done = $state.raw<Done | null>(null);
  fault = $state.raw<Fault | null>(null);

  private undoing: (() => Promise<void>) | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly platform: Platform,
    /** Chats that became this. */
    private readonly went: (ids: ReadonlySet<number>, what: Done["what"]) => void = () => {},
    /** Chats are again what they were. */
    private readonly restored: () => void = () => {},
  ) {}

  async act(rows: readonly ChatRow[], act: ChatAct): Promise<void> {
    if (rows.length === 0) return;
    this.forget();
    this.fault = null;
    const before = rows.map(({ id, archived, triage, snoozedUntil }) => ({ id, archived, triage, snoozedUntil }));
    const went: Before[] = [];
    await eachOf(before, async (row) => {
      if (await this.attempt(() => this.one(row.id, act))) went.push(row);
    });
    const what = undoable(act);
    if (what === null || went.length === 0) return;
    this.went(new Set(went.map((row) => row.id)), what);
    this.remember({ what, count: went.length }, () => this.restore(went, act));
  }

  async undo(): Promise<void> {
    const undo = this.undoing;
    this.forget();
    await undo?.();
  }

  forget(): void {
    clearTimeout(this.timer);
    this.undoing = null;
    this.done = null;
  }

  private remember(done: Done, undo: () => Promise<void>): void {
    this.done = done;
    this.undoing = undo;
    this.timer = setTimeout(() => this.forget(), UNDO_MS);
  }

  private async restore(before: Before[], act: ChatAct): Promise<void> {
    await eachOf(before, async (row) => {
      const back: ChatAct =
        act.kind === "triage"
          ? { kind: "triage", state: row.triage, until: row.snoozedUntil }
          : { kind: "wish", wish: { kind: "archived", on: row.archived } };
      await this.attempt(() => this.one(row.id, back));
    });
    this.restored();
  }

  private async one(chatId: number, act: ChatAct): Promise<void> {
    if (act.kind === "wish") await this.platform.call("chat_change", { chatId, change: act.wish });
    else if (act.kind === "triage") {
      await this.platform.call("chat_triage_set", { chatId, state: act.state, until: act.until });
    } else await this.read(chatId);
  }

  /** Read is told up to a message: the newest that is known now. */
  private async read(chatId: number): Promise<void> {
    const page = await this.platform.call("message_list", { chatId, before: null, limit: 1 });
    const newest = page.rows.at(-1);
    if (newest) await this.platform.call("chat_read", { chatId, upTo: newest.id });
    const row = await this.platform.call("chat_get", { chatId });
    if (row.markedUnread) {
      await this.platform.call("chat_change", { chatId, change: { kind: "marked_unread", on: false } });
    }
  }

  private async attempt(call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (thrown) {
      this.fault = asFault(thrown);
      return false;
    }
  }
}

/** A few at a time: what else the window asks is not to wait behind hundreds. */
async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const one = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

function undoable(act: ChatAct): Done["what"] | null {
  if (act.kind === "wish") {
    if (act.wish.kind !== "archived") return null;
    return act.wish.on ? "archived" : "unarchived";
  }
  if (act.kind === "read" || act.state === "open") return null;
  return act.state;
}
