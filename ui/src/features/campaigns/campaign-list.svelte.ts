import {
  asFault,
  type CampaignRow,
  type CampaignStateWord,
  Coalesced,
  type Fault,
  type Feed,
  type Platform,
} from "../../platform";

export type ListFilter = "all" | "open" | "draft" | "finished";

const FILTERS: Record<ListFilter, readonly CampaignStateWord[]> = {
  all: [],
  open: ["scheduled", "running", "paused", "missed"],
  draft: ["draft", "rehearsed"],
  finished: ["finished", "cancelled"],
};

/** All campaigns, newest first. Read anew whenever one changes. */
export class CampaignList {
  rows = $state.raw<CampaignRow[] | null>(null);
  fault = $state.raw<Fault | null>(null);
  filter = $state<ListFilter>("all");
  busy = $state(false);

  readonly shown = $derived(
    (this.rows ?? []).filter(({ state }) => this.filter === "all" || FILTERS[this.filter].includes(state)),
  );

  private readonly reading = new Coalesced(() => this.read());
  private readonly stopListening: () => void;

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    this.stopListening = feed.onChange(({ topic }) => {
      if (topic === "campaigns" || topic === "campaign" || topic === "everything") void this.load();
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  close(): void {
    this.stopListening();
  }

  /** The new one's number; null: it was not made, and `fault` says why. */
  create(deviceId: number, name: string): Promise<number | null> {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return this.acted(
      async () => (await this.platform.call("campaign_create", { deviceId, name: name.trim(), zone })).id,
    );
  }

  copy(campaignId: number): Promise<number | null> {
    return this.acted(async () => (await this.platform.call("campaign_copy", { campaignId })).id);
  }

  async remove(campaignId: number): Promise<void> {
    await this.acted(() => this.platform.call("campaign_delete", { campaignId }));
  }

  private async read(): Promise<void> {
    try {
      this.rows = await this.platform.call("campaign_list", {});
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  private async acted<T>(act: () => Promise<T>): Promise<T | null> {
    this.busy = true;
    try {
      const result = await act();
      await this.load();
      return result;
    } catch (thrown) {
      this.fault = asFault(thrown);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
