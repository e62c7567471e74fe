import type { AppEvent, Change } from "./bindings.gen";
import type { Platform } from "./platform";

/**
 * One subscription to the core, shared by every controller. The core sends invalidations, not content: "these messages
 * changed", and whoever shows them reads them again. Whenever the stream opens again, and when the core says "reload", changes
 * may have been missed: `everything` is told. Whoever reads first waits for the stream, so its first opening tells nothing.
 */
export type FeedChange = Change | { topic: "everything" };

export class Feed {
  /** "lost" only after the link was there or failed to come: at start there is nothing to say yet. */
  link = $state<"opening" | "open" | "lost">("opening");

  private readonly changes = new Set<(change: FeedChange) => void>();
  private readonly others = new Set<(event: AppEvent) => void>();
  private close: (() => void) | null = null;
  private settle = () => {};
  private readonly tried = new Promise<void>((done) => {
    this.settle = done;
  });

  constructor(private readonly platform: Platform) {}

  /** Until the stream is there, or cannot come yet. */
  open(): Promise<void> {
    this.close ??= this.platform.events({
      event: (event) => this.take(event),
      link: (state) => this.linkIs(state),
    });
    return this.tried;
  }

  stop(): void {
    this.close?.();
    this.close = null;
  }

  onChange(listener: (change: FeedChange) => void): () => void {
    this.changes.add(listener);
    return () => this.changes.delete(listener);
  }

  /** Events that are not invalidations: open this chat, show this notification. */
  onEvent(listener: (event: AppEvent) => void): () => void {
    this.others.add(listener);
    return () => this.others.delete(listener);
  }

  private take(event: AppEvent): void {
    if (event.kind === "changed") for (const change of event.changes) this.tell(change);
    else if (event.kind === "reload") this.tell({ topic: "everything" });
    else for (const listener of [...this.others]) listener(event);
  }

  private linkIs(state: "open" | "lost"): void {
    const again = this.link !== "opening";
    this.link = state;
    if (state === "open" && again) this.tell({ topic: "everything" });
    this.settle();
  }

  private tell(change: FeedChange): void {
    for (const listener of [...this.changes]) listener(change);
  }
}
