/**
 * Runs a reading so that bursts of invalidations cost little: at most one run at a time, and however many requests come
 * meanwhile, exactly one more run after it. Every request is therefore followed by a run that began after it was made.
 */
export class Coalesced {
  private running: Promise<void> | null = null;
  private again = false;

  constructor(private readonly run: () => Promise<void>) {}

  /** Resolves when a run that began after this call has ended. */
  request(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.loop().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async loop(): Promise<void> {
    do {
      this.again = false;
      await this.run();
    } while (this.again);
  }
}
