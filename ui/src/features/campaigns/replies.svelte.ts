import {
  asFault,
  Coalesced,
  type Fault,
  type Feed,
  type OptOutState,
  type Platform,
  type ReplyKind,
  type ReplyView,
} from "../../platform";

const PAGE = 50;
/** So many are read anew at once. */
const MOST = 200;

/** The queue of answers: of one campaign, or of all of them. What was answered goes away by itself. */
export class Replies {
  rows = $state.raw<ReplyView[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  next = $state.raw<string | null>(null);
  /** More is being read. */
  busy = $state(false);
  kind = $state<ReplyKind | null>(null);
  open = $state(true);
  campaignId = $state<number | null>(null);

  private turn = 0;
  private readonly reading = new Coalesced(() => this.read());
  private readonly stopListening: () => void;

  constructor(
    private readonly platform: Platform,
    feed: Feed,
    campaignId: number | null = null,
  ) {
    this.campaignId = campaignId;
    this.stopListening = feed.onChange(({ topic }) => {
      const about = topic === "campaign" || topic === "campaigns" || topic === "messages" || topic === "opt_outs";
      if (about || topic === "everything") void this.reading.request();
    });
  }

  /** Another choice: from the newest again. */
  load(part: { kind?: ReplyKind | null; open?: boolean; campaignId?: number | null } = {}): Promise<void> {
    Object.assign(this, part);
    this.turn += 1;
    this.rows = [];
    this.next = null;
    this.state = "loading";
    return this.reading.request();
  }

  close(): void {
    this.stopListening();
  }

  /** The page after what is shown, once however often it is asked for. What was read anew meanwhile may end elsewhere: then it is let go. */
  async more(): Promise<void> {
    const { turn, next } = this;
    if (next === null || this.busy) return;
    this.busy = true;
    try {
      const page = await this.page(next, PAGE);
      if (turn !== this.turn || next !== this.next) return;
      this.rows = [...this.rows, ...page.replies];
      this.next = page.next;
    } catch (thrown) {
      if (turn === this.turn) this.fault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }

  async decide(optOutId: number, state: OptOutState): Promise<void> {
    try {
      await this.platform.call("opt_out_decide", { optOutId, state });
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
    await this.reading.request();
  }

  private page(after: string | null, limit: number) {
    const { campaignId, kind, open } = this;
    return this.platform.call("campaign_reply_list", { campaignId, kind, open, after, limit });
  }

  private async read(): Promise<void> {
    const { turn } = this;
    const wanted = Math.min(MOST, Math.max(PAGE, this.rows.length));
    try {
      const page = await this.page(null, wanted);
      if (turn !== this.turn) return;
      // More was shown meanwhile: it does not go away again.
      if (wanted < Math.min(MOST, this.rows.length)) return void this.reading.request();
      this.rows = page.replies;
      this.next = page.next;
      this.fault = null;
      this.state = "ready";
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.fault = asFault(thrown);
      this.state = "failed";
    }
  }
}
