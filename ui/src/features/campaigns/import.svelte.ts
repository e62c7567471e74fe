import {
  asFault,
  brought,
  type CampaignView,
  type Fault,
  type ImportAbout,
  type ImportCounters,
  type ImportReading,
  type ImportRow,
  type ImportVerdict,
  type ImportView,
  isGivenUp,
  type Platform,
} from "../../platform";
import { Gathering } from "./gathering.svelte";
import { Pages } from "./pages.svelte";

const LOOK_MS = 250;

/** Each verdict with the name of its counter, in the order in which they are shown. */
export const VERDICTS: readonly [ImportVerdict, keyof ImportCounters][] = [
  ["good", "good"],
  ["repaired", "repaired"],
  ["proposed", "proposed"],
  ["several", "several"],
  ["needs_country", "needsCountry"],
  ["refused", "refused"],
  ["not_a_number", "notANumber"],
  ["duplicate", "duplicate"],
  ["opted_out", "optedOut"],
  ["blocked", "blocked"],
  ["not_on_whatsapp", "notOnWhatsapp"],
];

/**
 * A spreadsheet before it is anybody's audience: read in the core, looked at here, decided by a person, and only then
 * stored. Given up, nothing of it is left.
 */
export class Doctor {
  view = $state.raw<ImportView | null>(null);
  /** The file is on its way to the core. */
  bringing = $state<string | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);
  verdict = $state<ImportVerdict | null>(null);

  readonly people = $derived((this.view?.counters.good ?? 0) + (this.view?.counters.repaired ?? 0));
  readonly waiting = $derived(
    (this.view?.counters.proposed ?? 0) + (this.view?.counters.several ?? 0) + (this.view?.counters.needsCountry ?? 0),
  );
  readonly reading = $derived(this.view !== null && this.view.progress < 1 && this.view.fault === null);

  readonly rows: Pages<ImportRow>;
  /** Those who are being taken over. */
  readonly gathering: Gathering;
  private looking: ReturnType<typeof setTimeout> | undefined;
  private turn = 0;
  private given = new AbortController();

  constructor(
    private readonly platform: Platform,
    private readonly campaignId: number,
    private readonly onaccepted: (view: CampaignView) => void,
  ) {
    this.gathering = new Gathering(platform, campaignId);
    this.rows = new Pages((last, limit) =>
      this.platform.call("import_rows", {
        importId: this.view?.importId ?? 0,
        verdicts: this.verdict === null ? [] : [this.verdict],
        after: last?.row ?? null,
        limit,
      }),
    );
  }

  async open(file: File): Promise<void> {
    const turn = this.begin();
    this.bringing = file.name;
    await this.guarded(async () => {
      const media = await brought(this.platform, file, this.given.signal, () => {});
      const args = { campaignId: this.campaignId, mediaId: media.id, fileName: file.name };
      const view = await this.platform.call("import_open", args);
      if (turn !== this.turn) {
        // It was given up meanwhile.
        await this.platform.call("import_close", { importId: view.importId });
        return;
      }
      this.verdict = null;
      this.see(view);
    });
    if (turn === this.turn) this.bringing = null;
  }

  show(verdict: ImportVerdict | null): void {
    this.verdict = verdict;
    void this.rows.load();
  }

  read(part: Partial<ImportReading>): Promise<void> {
    return this.changed((view) =>
      this.platform.call("import_reading_set", { importId: view.importId, reading: { ...view.reading, ...part } }),
    );
  }

  decide(about: ImportAbout): Promise<void> {
    return this.changed((view) => this.platform.call("import_decide", { importId: view.importId, about }), true);
  }

  async accept(): Promise<void> {
    const { view } = this;
    if (!view || this.people === 0) return;
    await this.guarded(async () => {
      const accepted = () => this.platform.call("import_accept", { importId: view.importId });
      const campaign = await this.gathering.during(accepted);
      if (campaign === null) return;
      this.begin();
      this.onaccepted(campaign);
    });
  }

  /** Gives it up. */
  async leave(): Promise<void> {
    const { view } = this;
    this.begin();
    this.bringing = null;
    if (view) await this.guarded(() => this.platform.call("import_close", { importId: view.importId }));
  }

  private begin(): number {
    clearTimeout(this.looking);
    this.view = null;
    this.fault = null;
    this.turn += 1;
    this.given.abort();
    this.given = new AbortController();
    return this.turn;
  }

  private see(view: ImportView, sameRows = false): void {
    this.view = view;
    if (sameRows) void this.rows.refresh();
    else void this.rows.load();
    this.lookAgain();
  }

  /** While it is read, its figures rise. */
  private lookAgain(): void {
    clearTimeout(this.looking);
    if (!this.reading) return;
    this.looking = setTimeout(() => {
      void this.changed((view) => this.platform.call("import_get", { importId: view.importId }), true);
    }, LOOK_MS);
  }

  private async changed(ask: (view: ImportView) => Promise<ImportView>, sameRows = false): Promise<void> {
    const { view, turn } = this;
    if (!view) return;
    await this.guarded(async () => {
      const next = await ask(view);
      if (turn === this.turn) this.see(next, sameRows);
    });
  }

  private async guarded(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await work();
      this.fault = null;
    } catch (thrown) {
      if (!isGivenUp(thrown)) this.fault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }
}
