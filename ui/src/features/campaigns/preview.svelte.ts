import { asFault, type Fault, type PreviewView } from "../../platform";
import type { OpenCampaign } from "./campaign.svelte";

const PAGE = 20;

/** What real people of the audience would get, one after the other; read anew when the words or the audience change. */
export class Preview {
  rows = $state.raw<PreviewView[]>([]);
  at = $state(0);
  fault = $state.raw<Fault | null>(null);
  testing = $state<"no" | "asked" | "sending" | "sent">("no");
  testFault = $state.raw<Fault | null>(null);
  /** Variables that stood in the last test by their names. */
  withoutValue = $state.raw<string[]>([]);

  readonly shown = $derived(this.rows[this.at] ?? null);

  private from = 0;
  private turn = 0;

  constructor(private readonly campaign: OpenCampaign) {}

  async load(): Promise<void> {
    this.turn += 1;
    const { turn, from } = this;
    try {
      const args = { campaignId: this.campaign.id, from, limit: PAGE };
      const rows = await this.campaign.platform.call("campaign_preview", args);
      if (turn !== this.turn) return;
      this.rows = rows;
      this.at = Math.min(this.at, Math.max(0, rows.length - 1));
      this.fault = null;
    } catch (thrown) {
      if (turn === this.turn) this.fault = asFault(thrown);
    }
  }

  get canGoBack(): boolean {
    return this.at > 0 || this.from > 0;
  }

  get canGoOn(): boolean {
    return this.at < this.rows.length - 1 || this.rows.length === PAGE;
  }

  async next(): Promise<void> {
    if (this.at < this.rows.length - 1) {
      this.at += 1;
      return;
    }
    const last = this.rows.at(-1);
    if (!last || this.rows.length < PAGE) return;
    const before = this.from;
    this.from = last.place + 1;
    this.at = 0;
    await this.load();
    // There was nobody more.
    if (this.rows.length === 0) {
      this.from = before;
      await this.load();
      this.at = Math.max(0, this.rows.length - 1);
    }
  }

  async previous(): Promise<void> {
    if (this.at > 0) {
      this.at -= 1;
      return;
    }
    if (this.from === 0) return;
    this.from = 0;
    await this.load();
  }

  /** One message to the shop's own phone. Asked twice with the same id, it goes once. */
  async test(number: string, variant: number, clientId: string): Promise<void> {
    this.testing = "sending";
    try {
      await this.campaign.flush();
      const { id, platform } = this.campaign;
      const recipientId = this.shown?.recipientId ?? null;
      const sent = await platform.call("campaign_test_send", {
        campaignId: id,
        recipientId,
        variant,
        number: number.trim(),
        clientId,
      });
      this.withoutValue = sent.withoutValue;
      this.testFault = null;
      this.testing = "sent";
    } catch (thrown) {
      this.testFault = asFault(thrown);
      this.testing = "asked";
    }
  }
}
