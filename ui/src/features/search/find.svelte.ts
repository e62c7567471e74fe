import type { Platform } from "../../platform";
import { Search } from "./search.svelte";

/**
 * Finding in the open chat: its hits from the newest back, one of which is before the eye. The newest one is shown as
 * soon as there is an answer; further ones by stepping.
 */
export class Find {
  open = $state(false);
  readonly search: Search;
  /** The place of the hit before the eye, from 1; 0 = there is none. */
  readonly place = $derived.by(() => (this.search.hits.length === 0 ? 0 : this.search.at + 1));
  readonly canOlder = $derived.by(() => this.search.at + 1 < this.search.hits.length || this.search.more);
  readonly canNewer = $derived.by(() => this.search.at > 0);

  constructor(
    platform: Platform,
    chatId: number,
    private readonly show: (messageId: number) => void,
  ) {
    this.search = new Search(platform, chatId, () => this.showActive());
  }

  close(): void {
    this.open = false;
    this.search.clear();
  }

  /** Enter: what was just typed is searched at once; else the next older hit. */
  async enter(step: 1 | -1): Promise<void> {
    if (this.search.state === "searching" || this.search.state === "failed") return this.search.ask();
    return step === 1 ? this.older() : this.newer();
  }

  async older(): Promise<void> {
    const { search } = this;
    if (search.at + 1 >= search.hits.length) await search.loadMore();
    if (search.at + 1 < search.hits.length) this.go(1);
  }

  newer(): void {
    if (this.canNewer) this.go(-1);
  }

  private go(step: 1 | -1): void {
    this.search.move(step);
    this.showActive();
  }

  private showActive(): void {
    const hit = this.search.hits[this.search.at];
    if (this.open && hit) this.show(hit.message.id);
  }
}
