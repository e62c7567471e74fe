import {
  asFault,
  Coalesced,
  type Fault,
  type Feed,
  type Platform,
  type ProofView,
  type ReportFormat,
  type ReportView,
} from "../../platform";
import { speech } from "../../words";

/** Whom a campaign missed: all who failed, all whom its run left out, or these. */
export type Missed = "failed" | "left_out" | number[];

/** What a campaign came to, read when it is looked at and again when its people go on. */
export class Report {
  view = $state.raw<ReportView | null>(null);
  fault = $state.raw<Fault | null>(null);
  exporting = $state(false);
  exportFault = $state.raw<Fault | null>(null);
  /** What the file is called; "" where the browser has it. */
  saved = $state<string | null>(null);
  proof = $state.raw<ProofView | null>(null);
  proving = $state(false);
  proofFault = $state.raw<Fault | null>(null);
  retryFault = $state.raw<Fault | null>(null);

  private readonly reading = new Coalesced(() => this.read());
  private readonly checking = new Coalesced(() => this.check());
  private readonly stopListening: () => void;

  constructor(
    private readonly platform: Platform,
    feed: Feed,
    private readonly campaignId: number,
  ) {
    this.stopListening = feed.onChange((change) => {
      const ours = change.topic === "campaign" && change.campaignId === campaignId;
      if (!ours && change.topic !== "everything") return;
      if (this.view) void this.load();
      // What is being closed ends by itself, and so does the wait for its proof.
      if (this.proof?.verdict === "closing") void this.checking.request();
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  close(): void {
    this.stopListening();
  }

  async save(format: ReportFormat): Promise<void> {
    this.exporting = true;
    this.saved = null;
    try {
      const args = { campaignId: this.campaignId, format, language: speech.language };
      const { fileName, mediaType, content } = await this.platform.call("campaign_export", args);
      const kept = await this.platform.saveFile(fileName, content, mediaType);
      if (kept) this.saved = kept.fileName;
      else if (this.platform.kind === "browser") this.saved = "";
      this.exportFault = null;
    } catch (thrown) {
      this.exportFault = asFault(thrown);
    } finally {
      this.exporting = false;
    }
  }

  async prove(): Promise<void> {
    this.proving = true;
    await this.checking.request();
    this.proving = false;
  }

  /** The new campaign's number; null: none was made. */
  async retry(name: string, who: Missed): Promise<number | null> {
    try {
      const which = { recipients: typeof who === "string" ? null : who, leftOut: who === "left_out" };
      const made = await this.platform.call("campaign_retry", { campaignId: this.campaignId, name, ...which });
      this.retryFault = null;
      return made.id;
    } catch (thrown) {
      this.retryFault = asFault(thrown);
      return null;
    }
  }

  private async check(): Promise<void> {
    try {
      this.proof = await this.platform.call("campaign_prove", { campaignId: this.campaignId });
      this.proofFault = null;
    } catch (thrown) {
      this.proofFault = asFault(thrown);
    }
  }

  private async read(): Promise<void> {
    try {
      this.view = await this.platform.call("campaign_report", { campaignId: this.campaignId });
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
