import {
  asFault,
  type Fault,
  type Platform,
  type Settings,
  type StoragePreview,
  type StorageStatus,
} from "../../platform";
import type { Preferences } from "./preferences.svelte";

/** What the shop chooses about what is kept. */
export type Keeping = Pick<Settings, "keepMessages" | "mediaShare">;

export const KEEPS: Settings["keepMessages"][] = ["forever", "five_years", "two_years", "one_year"];
export const SHARES: Settings["mediaShare"][] = ["unlimited", "gb20", "gb5", "gb1"];

/** A choice that keeps less, until a person confirms it. */
export type Asking = { choice: Keeping; preview: StoragePreview };

/**
 * How much room everything takes, read when it is shown. To keep more is chosen at once; to keep less is asked first, with
 * what would go.
 */
export class Storage {
  status = $state.raw<StorageStatus | null>(null);
  asking = $state.raw<Asking | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  constructor(
    private readonly platform: Platform,
    readonly preferences: Preferences,
  ) {}

  get chosen(): Keeping {
    const { keepMessages, mediaShare } = this.preferences.settings;
    return { keepMessages, mediaShare };
  }

  async load(): Promise<void> {
    await this.guarded(async () => {
      this.status = await this.platform.call("storage_status", {});
    });
  }

  async choose(part: Partial<Keeping>): Promise<void> {
    const before = this.chosen;
    const choice = { ...before, ...part };
    if (!keepsLess(choice, before)) return this.preferences.choose(choice);
    await this.guarded(async () => {
      const preview = await this.platform.call("storage_preview", choice);
      this.asking = { choice, preview };
    });
  }

  async confirm(): Promise<void> {
    const asked = this.asking;
    this.asking = null;
    if (asked) await this.preferences.choose(asked.choice);
  }

  leave(): void {
    this.asking = null;
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }
}

function keepsLess(choice: Keeping, before: Keeping): boolean {
  return (
    KEEPS.indexOf(choice.keepMessages) > KEEPS.indexOf(before.keepMessages) ||
    SHARES.indexOf(choice.mediaShare) > SHARES.indexOf(before.mediaShare)
  );
}
