import { asFault, type GatheringView, type Platform } from "../../platform";

const LOOK_MS = 250;

/**
 * How far an audience has come that is being put together, by this window or by another one, and the way to give it up. Until it is
 * whole the former audience stays.
 */
export class Gathering {
  /** Null: none is. */
  view = $state.raw<GatheringView | null>(null);
  stopping = $state(false);

  private looking: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private ours = 0;

  constructor(
    private readonly platform: Platform,
    private readonly campaignId: number,
  ) {}

  /** Does what makes an audience. Null: it was given up here. */
  async during<T>(work: () => Promise<T>): Promise<T | null> {
    this.stopping = false;
    this.ours += 1;
    this.lookAgain();
    try {
      return await work();
    } catch (thrown) {
      if (this.stopping && asFault(thrown).code === "state_changed") return null;
      throw thrown;
    } finally {
      this.ours -= 1;
      this.stopping = false;
      if (this.ours === 0) {
        clearTimeout(this.looking);
        this.view = null;
      }
    }
  }

  async look(): Promise<void> {
    try {
      const view = await this.platform.call("campaign_gathering_get", { campaignId: this.campaignId });
      if (this.closed) return;
      this.view = view.underWay ? view : null;
    } catch {
      // Whoever makes it is told what is wrong.
      this.view = null;
    }
    if (this.view || this.ours > 0) this.lookAgain();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.platform.call("campaign_gathering_stop", { campaignId: this.campaignId });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.looking);
  }

  private lookAgain(): void {
    clearTimeout(this.looking);
    if (!this.closed) this.looking = setTimeout(() => void this.look(), LOOK_MS);
  }
}
