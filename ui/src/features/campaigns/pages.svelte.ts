import { asFault, Coalesced, type Fault } from "../../platform";

const PAGE = 100;

/**
 * A long list that is read page by page as it is looked at. When it changed, as much as was read before is read again, so
 * that nothing jumps.
 */
export class Pages<T> {
  rows = $state.raw<readonly T[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  /** Nothing comes after what was read. */
  ended = $state(false);

  private turn = 0;
  private wanted = PAGE;
  private readonly reading = new Coalesced(() => this.read());

  /** `page` gives what comes after `last`; fewer than `limit` is the end. */
  constructor(private readonly page: (last: T | null, limit: number) => Promise<readonly T[]>) {}

  /** From the beginning, as another list. */
  load(): Promise<void> {
    this.turn += 1;
    this.wanted = PAGE;
    this.state = "loading";
    this.rows = [];
    this.ended = false;
    return this.reading.request();
  }

  refresh(): Promise<void> {
    this.wanted = Math.max(PAGE, this.rows.length);
    return this.reading.request();
  }

  /** The eye is at this row. */
  lookingAt(index: number): void {
    if (this.ended || this.state !== "ready" || index < this.rows.length - PAGE / 2) return;
    this.wanted = this.rows.length + PAGE;
    void this.reading.request();
  }

  private async read(): Promise<void> {
    const { turn, wanted } = this;
    const found: T[] = [];
    let ended = false;
    try {
      while (found.length < wanted && !ended) {
        const page = await this.page(found.at(-1) ?? null, PAGE);
        found.push(...page);
        ended = page.length < PAGE;
      }
      if (turn !== this.turn) return;
      this.rows = found;
      this.ended = ended;
      this.fault = null;
      this.state = "ready";
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.fault = asFault(thrown);
      this.state = "failed";
    }
  }
}
