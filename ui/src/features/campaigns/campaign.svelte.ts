import {
  asFault,
  type CampaignPlan,
  type CampaignView,
  Coalesced,
  type Fault,
  type Feed,
  type Platform,
  type RecipientView,
  type RehearsalView,
  type SafetyView,
  type ScheduleView,
  type SettleWord,
} from "../../platform";

/** A pause in typing after which the plan is kept. */
const REST_MS = 600;
/** The safety meter of a campaign that sends is read again so long after a change. */
const SAFETY_MS = 15_000;
/** So many people are read at once. */
const AT_ONCE = 100;

type Step =
  | "campaign_start"
  | "campaign_start_undo"
  | "campaign_pause"
  | "campaign_resume"
  | "campaign_cancel"
  | "campaign_unschedule";

/**
 * One open campaign. Its plan is edited here and kept by itself after each rest in typing, in order; what the core says
 * meanwhile never takes words from under the fingers. A plan that is not kept yet is kept before anything else is asked.
 */
export class OpenCampaign {
  view = $state.raw<CampaignView | null>(null);
  /** As it is edited; the same as the view's once it is kept. */
  plan = $state.raw<CampaignPlan | null>(null);
  saving = $state<"no" | "soon" | "now" | "failed">("no");
  /** Why the campaign cannot be read. */
  fault = $state.raw<Fault | null>(null);
  /** Why the last thing that was asked was not done. */
  actFault = $state.raw<Fault | null>(null);
  busy = $state(false);
  rehearsal = $state.raw<RehearsalView | null>(null);
  rehearsing = $state(false);
  /** How it goes if it begins at the time that is being chosen, or that it has. */
  course = $state.raw<RehearsalView | null>(null);
  safety = $state.raw<SafetyView | null>(null);
  /** It was rehearsed, and changed since. */
  changedSince = $state(false);
  gone = $state(false);

  /** One that has a time, or missed it, is edited once a person has taken the time away. */
  readonly editable = $derived(["draft", "rehearsed"].includes(this.view?.state ?? ""));
  /** One whose time was missed can be started, or given another time. */
  readonly launchable = $derived(this.editable || this.view?.state === "missed");
  readonly live = $derived(this.view?.state === "running" || this.view?.state === "paused");
  readonly ended = $derived(this.view?.state === "finished" || this.view?.state === "cancelled");
  /** Rehearsed as it stands, words and audience. */
  readonly ready = $derived(this.view?.rehearsed === true && this.saving === "no");

  private played = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private safetyTimer: ReturnType<typeof setTimeout> | undefined;
  private kept: Promise<void> = Promise.resolve();
  private readonly reading = new Coalesced(() => this.read());
  private readonly stopListening: () => void;

  constructor(
    readonly platform: Platform,
    feed: Feed,
    readonly id: number,
  ) {
    this.stopListening = feed.onChange((change) => {
      const ours = change.topic === "campaign" && change.campaignId === id;
      if (ours || change.topic === "campaigns" || change.topic === "everything") void this.load();
      if (ours && this.live) this.safetyTimer ??= setTimeout(() => void this.loadSafety(), SAFETY_MS);
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  close(): void {
    this.stopListening();
    clearTimeout(this.safetyTimer);
    void this.flush();
  }

  /** Another plan: shown at once, kept soon. */
  edit(plan: CampaignPlan): void {
    if (!this.editable) return;
    this.plan = plan;
    this.saving = "soon";
    if (this.view?.rehearsed) this.changedSince = true;
    this.rehearsal = null;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), REST_MS);
  }

  /** Keeps what is not kept yet. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    if (this.saving === "soon" || this.saving === "failed") {
      this.saving = "now";
      this.kept = this.kept.then(() => this.keep());
    }
    return this.kept;
  }

  async rename(name: string): Promise<void> {
    const trimmed = name.trim();
    if (trimmed === "" || trimmed === this.view?.name) return;
    await this.act(() => this.platform.call("campaign_rename", { campaignId: this.id, name: trimmed }));
  }

  async rehearse(): Promise<void> {
    this.rehearsing = true;
    await this.guarded(async () => {
      await this.flush();
      this.rehearsal = await this.platform.call("campaign_rehearse", { campaignId: this.id, startsAt: null });
      this.safety = this.rehearsal.safety;
      this.changedSince = false;
      await this.load();
    });
    this.rehearsing = false;
  }

  /** Plays the run that begins then; null = at the time that it has. What is found later than another question was asked is let go. */
  async playFrom(startsAt: number | null): Promise<void> {
    const asked = ++this.played;
    this.course = null;
    const course = await this.platform.call("campaign_rehearse", { campaignId: this.id, startsAt }).catch(() => null);
    if (asked === this.played) this.course = course;
  }

  step(command: Step): Promise<void> {
    return this.act(() => this.platform.call(command, { campaignId: this.id }));
  }

  schedule(schedule: ScheduleView): Promise<void> {
    return this.act(() => this.platform.call("campaign_schedule", { campaignId: this.id, schedule }));
  }

  /** The audience is another. */
  took(view: CampaignView): void {
    if (this.view?.rehearsed) this.changedSince = true;
    this.rehearsal = null;
    this.see(view);
  }

  async takeOut(recipientId: number): Promise<void> {
    await this.guarded(async () => {
      await this.platform.call("campaign_recipient_take_out", { recipientId });
      this.rehearsal = null;
      await this.load();
    });
  }

  async settle(recipientId: number, word: SettleWord): Promise<void> {
    await this.guarded(async () => {
      await this.platform.call("campaign_recipient_settle", { recipientId, word });
      await this.load();
    });
  }

  /**
   * A person has seen on the phone that none of those has the message of whom no turn is known: it is sent to all of them. One whose
   * message is there is settled by itself.
   */
  async againToAll(): Promise<void> {
    await this.guarded(async () => {
      let after: number | null = null;
      let found = AT_ONCE;
      while (found === AT_ONCE) {
        const args = { campaignId: this.id, states: ["uncertain" as const], after, limit: AT_ONCE };
        const page: RecipientView[] = await this.platform.call("campaign_recipient_list", args);
        for (const { id: recipientId, needsOperator, messageId } of page) {
          if (needsOperator && messageId === null)
            await this.platform.call("campaign_recipient_settle", { recipientId, word: "again" });
        }
        after = page.at(-1)?.place ?? null;
        found = page.length;
      }
      await this.load();
    });
  }

  /** Nobody asked for it: if it cannot be read, what is shown stays. */
  async loadSafety(): Promise<void> {
    clearTimeout(this.safetyTimer);
    this.safetyTimer = undefined;
    this.safety = await this.platform.call("campaign_safety", { campaignId: this.id }).catch(() => this.safety);
  }

  private async keep(): Promise<void> {
    const { plan } = this;
    if (!plan) return;
    try {
      const view = await this.platform.call("campaign_plan_set", { campaignId: this.id, plan });
      if (this.plan === plan) this.saving = "no";
      this.see(view);
      this.actFault = null;
    } catch (thrown) {
      this.saving = "failed";
      this.actFault = asFault(thrown);
    }
  }

  private async read(): Promise<void> {
    try {
      this.see(await this.platform.call("campaign_get", { campaignId: this.id }));
      this.fault = null;
    } catch (thrown) {
      const fault = asFault(thrown);
      this.gone = fault.code === "not_found";
      this.fault = fault;
    }
  }

  private see(view: CampaignView): void {
    this.view = view;
    if (this.saving === "no" || this.plan === null) this.plan = view.plan;
  }

  private act(call: () => Promise<CampaignView>): Promise<void> {
    return this.guarded(async () => {
      await this.flush();
      this.see(await call());
    });
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
      this.actFault = null;
    } catch (thrown) {
      this.actFault = asFault(thrown);
      // Somebody else was faster: show how it is now.
      void this.load();
    } finally {
      this.busy = false;
    }
  }
}
