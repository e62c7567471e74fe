import { howFar } from "../../parts/how-far";
import { type CampaignRow, Coalesced, type Feed, type Platform } from "../../platform";

/** Long work that goes on whatever screen is up. */
export type Job = { id: number; name: string; done: number; total: number; paused: boolean };

/** The campaigns that run or are paused, for the rail's foot. Not to know them is no fault: their own screen says it. */
export class Jobs {
  list = $state.raw<Job[]>([]);

  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    feed.onChange(({ topic }) => {
      if (topic === "campaigns" || topic === "campaign" || topic === "everything") void this.load();
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  private async read(): Promise<void> {
    try {
      this.list = (await this.platform.call("campaign_list", {})).flatMap(jobOf);
    } catch {
      this.list = [];
    }
  }
}

function jobOf({ id, name, state, counts }: CampaignRow): Job[] {
  if (state !== "running" && state !== "paused") return [];
  return [{ id, name, ...howFar(counts), paused: state === "paused" }];
}
