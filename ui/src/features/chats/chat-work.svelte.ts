import type { ChatFilter, ChatRow, Platform } from "../../platform";
import { type ChatAct, ChatActs, type Done, FOR_EVER } from "./chat-acts.svelte";
import type { ChatList, Query } from "./chat-list.svelte";
import { Picks } from "./picks.svelte";

/** A part of the menu of chats; "all" has the others in it. */
export type MenuPart = "all" | "labels" | "snooze" | "mute";
type Menu = { rows: ChatRow[]; part: MenuPart; at: DOMRect };

/** What a key does to chats: it goes there and back. */
export type Toggle = "archive" | "pin" | "mute" | "markUnread" | "done" | "waiting";

/** Does a chat that became this leave the list that shows these? */
function leaves(filter: ChatFilter, became: Done["what"]): boolean {
  if (became === "archived" || became === "unarchived") return true;
  return filter === "unanswered" || (["open", "waiting", "snoozed", "done"].includes(filter) && filter !== became);
}

/** Work on chats from the list, its menu and the keys: on those that are chosen, else on the open one. */
export class ChatWork {
  readonly picks = new Picks((id) => this.known(id));
  readonly acts: ChatActs;
  /** The open chat as far as it is known: it may be outside what the list shows. */
  open = $state.raw<ChatRow | null>(null);
  snoozing = $state.raw<ChatRow[]>([]);

  private menu = $state.raw<Menu | null>(null);
  private readonly live = $derived.by(() => new Map(this.list.rows.map((row) => [row.id, row])));
  readonly menuRows = $derived((this.menu?.rows ?? []).map((row) => this.live.get(row.id) ?? row));
  readonly menuPart = $derived(this.menu?.part ?? "all");
  readonly menuAt = $derived(this.menu?.at ?? null);

  constructor(
    private readonly list: ChatList,
    platform: Platform,
  ) {
    this.acts = new ChatActs(
      platform,
      (ids, became) => {
        if (leaves(list.filter, became)) list.drop(ids);
      },
      () => void list.refresh().then(() => list.renew()),
    );
  }

  /** On which chats a key or a button works now. */
  targets(): ChatRow[] {
    const rows = this.picks.any ? [...this.picks.ids.values()] : this.open ? [this.open] : [];
    return rows.map((row) => this.live.get(row.id) ?? row);
  }

  private known(id: number): ChatRow | undefined {
    return this.live.get(id) ?? (this.open?.id === id ? this.open : undefined);
  }

  ask(query: Query): void {
    this.picks.clear();
    void this.list.ask(query);
  }

  /** Opens the menu on these, or on the chosen ones if they are among them. */
  openMenu(part: MenuPart, at: DOMRect, rows: ChatRow[] = this.targets()): boolean {
    const chosen = rows.length === 1 && rows[0] && this.picks.ids.has(rows[0].id) ? this.targets() : rows;
    if (chosen.length === 0) return false;
    this.menu = { rows: chosen, part, at };
    return true;
  }

  closeMenu(): void {
    this.menu = null;
  }

  /** Labels are ticked one after the other; everything else is one deed. */
  fromMenu(act: ChatAct): Promise<void> {
    const rows = this.menuRows;
    const again = act.kind === "wish" && act.wish.kind === "label";
    if (!again) this.closeMenu();
    return this.act(act, rows);
  }

  act(act: ChatAct, rows: ChatRow[] = this.targets()): Promise<void> {
    if (act.kind !== "wish" || act.wish.kind !== "label") this.picks.clear();
    return this.acts.act(rows, act);
  }

  toggle(what: Toggle): boolean {
    const rows = this.targets();
    if (rows.length === 0) return false;
    void this.act(toggled(what, rows), rows);
    return true;
  }

  askSnooze(): void {
    this.snoozing = this.menuRows;
    this.closeMenu();
  }

  snooze(until: number): void {
    const rows = this.snoozing;
    this.snoozing = [];
    void this.act({ kind: "triage", state: "snoozed", until }, rows);
  }
}

/** All of them have it: it is taken away. Some have it not: all get it. */
export function toggled(what: Toggle, rows: readonly ChatRow[]): ChatAct {
  const every = (is: (row: ChatRow) => boolean) => rows.every(is);
  switch (what) {
    case "archive":
      return { kind: "wish", wish: { kind: "archived", on: !every((row) => row.archived) } };
    case "pin":
      return { kind: "wish", wish: { kind: "pinned", on: !every((row) => row.pinned) } };
    case "mute":
      return { kind: "wish", wish: { kind: "muted", until: every((row) => row.muted) ? 0 : FOR_EVER } };
    case "markUnread":
      if (every((row) => row.markedUnread || row.unread > 0)) return { kind: "read" };
      return { kind: "wish", wish: { kind: "marked_unread", on: true } };
    case "done":
    case "waiting":
      return { kind: "triage", state: every((row) => row.triage === what) ? "open" : what, until: null };
  }
}
