import {
  asFault,
  type CampaignRow,
  type ChatPage,
  type ChatRow,
  type Fault,
  type LabelView,
  type NumbersChecked,
  type Platform,
  type SegmentView,
  type SourceView,
} from "../../platform";
import type { OpenCampaign } from "./campaign.svelte";
import { Gathering } from "./gathering.svelte";

const LOOK_MS = 1_000;
const GROUPS_AT_ONCE = 200;

/** What an audience can be made of besides a sheet, and how far asking about its numbers has come. */
export class Audience {
  labels = $state.raw<LabelView[]>([]);
  groups = $state.raw<ChatRow[]>([]);
  campaigns = $state.raw<CampaignRow[]>([]);
  segments = $state.raw<SegmentView[]>([]);
  numbers = $state.raw<NumbersChecked | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  /** Those who are being put together, here or in another window. */
  readonly gathering: Gathering;

  private looking: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly platform: Platform,
    private readonly campaign: OpenCampaign,
  ) {
    this.gathering = new Gathering(platform, campaign.id);
  }

  async load(): Promise<void> {
    const { deviceId } = this.campaign.view ?? { deviceId: null };
    await this.guarded(async () => {
      const [labels, groups, campaigns, segments] = await Promise.all([
        this.platform.call("label_list", {}),
        this.everyGroup(deviceId),
        this.platform.call("campaign_list", {}),
        this.platform.call("segment_list", {}),
      ]);
      this.labels = labels.filter((label) => label.deviceId === deviceId && label.name !== null);
      this.groups = groups;
      this.campaigns = campaigns.filter((row) => row.id !== this.campaign.id && row.startedAt !== null);
      this.segments = segments;
    });
    await Promise.all([this.look(), this.gathering.look()]);
  }

  /** A number may be in hundreds of groups, and any of them may be wanted. */
  private async everyGroup(deviceId: number | null): Promise<ChatRow[]> {
    const groups: ChatRow[] = [];
    let after: string | null = null;
    do {
      const page: ChatPage = await this.platform.call("chat_list", {
        filter: "groups",
        deviceId,
        after,
        limit: GROUPS_AT_ONCE,
      });
      groups.push(...page.rows);
      after = page.next;
    } while (after !== null && !this.closed);
    return groups;
  }

  close(): void {
    this.closed = true;
    this.gathering.close();
    clearTimeout(this.looking);
  }

  /** Whether another source would take the place of a sheet's list. */
  get replacesSheet(): boolean {
    return this.campaign.view?.sources.some((source) => source.kind === "sheet") ?? false;
  }

  async add(source: SourceView): Promise<void> {
    const kept = (this.campaign.view?.sources ?? []).filter((one) => one.kind !== "sheet" && !same(one, source));
    await this.set([...kept, source]);
  }

  async remove(at: number): Promise<void> {
    await this.set((this.campaign.view?.sources ?? []).filter((_, index) => index !== at));
  }

  /** True: it is saved. */
  async save(name: string): Promise<boolean> {
    const sources = this.campaign.view?.sources ?? [];
    return this.guarded(async () => {
      await this.platform.call("segment_save", { name: name.trim(), sources });
      this.segments = await this.platform.call("segment_list", {});
    });
  }

  async forget(segmentId: number): Promise<void> {
    await this.guarded(async () => {
      await this.platform.call("segment_remove", { segmentId });
      this.segments = this.segments.filter((one) => one.id !== segmentId);
    });
  }

  /** `stop`: no more; what was said is kept. */
  async check(stop = false): Promise<void> {
    await this.guarded(async () => {
      this.numbers = await this.platform.call("campaign_numbers_check", { campaignId: this.campaign.id, stop });
    });
    this.lookAgain();
  }

  private async set(sources: SourceView[]): Promise<void> {
    await this.guarded(async () => {
      await this.campaign.flush();
      const args = { campaignId: this.campaign.id, sources };
      const made = await this.gathering.during(() => this.platform.call("campaign_audience_set", args));
      if (made !== null) this.campaign.took(made);
    });
    await this.look();
  }

  async look(): Promise<void> {
    if (this.closed || (this.campaign.view?.counts.total ?? 0) === 0) return;
    await this.guarded(async () => {
      this.numbers = await this.platform.call("campaign_numbers_status", { campaignId: this.campaign.id });
    });
    this.lookAgain();
  }

  private lookAgain(): void {
    clearTimeout(this.looking);
    if (!this.closed && this.numbers?.asking) this.looking = setTimeout(() => void this.look(), LOOK_MS);
  }

  private async guarded(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      this.fault = null;
      return true;
    } catch (thrown) {
      this.fault = asFault(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export function same(one: SourceView, other: SourceView): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
