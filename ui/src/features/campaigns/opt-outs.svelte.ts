import { asFault, type Fault, type Feed, type OptOutState, type OptOutView, type Platform } from "../../platform";
import { Pages } from "./pages.svelte";

/** Who asked not to be written to, newest first, and what was decided about it. */
export class OptOuts {
  filter = $state<OptOutState | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  readonly list: Pages<OptOutView>;
  private readonly stopListening: () => void;

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    this.list = new Pages((last, limit) =>
      platform.call("opt_out_list", { state: this.filter, after: last?.id ?? null, limit }),
    );
    this.stopListening = feed.onChange(({ topic }) => {
      if (topic === "opt_outs" || topic === "everything") void this.list.refresh();
    });
  }

  show(filter: OptOutState | null): void {
    this.filter = filter;
    void this.list.load();
  }

  close(): void {
    this.stopListening();
  }

  decide(optOutId: number, state: OptOutState): Promise<boolean> {
    return this.acted(() => this.platform.call("opt_out_decide", { optOutId, state }));
  }

  /** True: it is on the list. */
  add(number: string): Promise<boolean> {
    return this.acted(() => this.platform.call("opt_out_add", { number: number.trim() }));
  }

  private async acted(act: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    try {
      await act();
      this.fault = null;
      void this.list.refresh();
      return true;
    } catch (thrown) {
      this.fault = asFault(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
