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

/** The queue of answers: of one campaign, or of all of them. What was answered goes away by itself. */
export class Replies {
  rows = $state.raw<ReplyView[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  fault = $state.raw<Fault | null>(null);
  next = $state.raw<string | null>(null);
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
    this.state = "loading";
    return this.reading.request();
  }

  close(): void {
    this.stopListening();
  }

  async more(): Promise<void> {
    const { turn, next } = this;
    if (next === null) return;
    try {
      const page = await this.page(next, PAGE);
      if (turn !== this.turn) return;
      this.rows = [...this.rows, ...page.replies];
      this.next = page.next;
    } catch (thrown) {
      this.fault = asFault(thrown);
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
    try {
      const page = await this.page(null, Math.min(200, Math.max(PAGE, this.rows.length)));
      if (turn !== this.turn) return;
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
