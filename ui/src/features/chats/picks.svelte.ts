import { SvelteMap } from "svelte/reactivity";
import type { ChatRow } from "../../platform";

/**
 * Several chats chosen for one action: Ctrl and Shift as in every list. Nothing chosen = the list is used as ever. What was
 * chosen stays so, with its row as it was then, also when the list shows it no more.
 */
export class Picks {
  readonly ids = new SvelteMap<number, ChatRow>();
  private anchor: number | null = null;

  constructor(private readonly rowOf: (id: number) => ChatRow | undefined) {}

  get any(): boolean {
    return this.ids.size > 0;
  }

  /** Into the choice or out of it. The open chat, where a choice begins, belongs to it. */
  toggle(id: number, open: number | null): void {
    if (!this.any && open !== null && open !== id) this.add(open);
    if (this.ids.has(id)) this.ids.delete(id);
    else this.add(id);
    this.anchor = id;
  }

  /** Everything from where the choice began to here, and nothing else. */
  reach(id: number, order: readonly { id: number }[], open: number | null): void {
    const from = order.findIndex((row) => row.id === (this.anchor ?? open));
    const to = order.findIndex((row) => row.id === id);
    if (to < 0) return;
    const begin = from < 0 ? to : from;
    this.anchor = order[begin]?.id ?? id;
    this.ids.clear();
    for (const row of order.slice(Math.min(begin, to), Math.max(begin, to) + 1)) this.add(row.id);
  }

  add(id: number): void {
    const row = this.rowOf(id);
    if (row) this.ids.set(id, row);
  }

  clear(): void {
    this.ids.clear();
    this.anchor = null;
  }
}
