import type { Hearing, Platform } from "../../platform";

const MOST_MS = 15 * 60_000;

/**
 * One recording at a time. The microphone is given back whatever happens, also when it is handed over after nobody wants it
 * any more.
 */
export class Recorder {
  since = $state<number | null>(null);
  refused = $state(false);

  private hearing: Hearing | null = null;
  /** Another one each time that a microphone is asked for, or is not wanted any more. */
  private turn = 0;
  private asking = false;

  constructor(private readonly host: Pick<Platform, "listen">) {}

  /** Where nothing can be recorded in the form that WhatsApp plays, nothing of it is shown. */
  get can(): boolean {
    return this.host.listen !== null;
  }

  async start(now: () => number = Date.now): Promise<void> {
    if (!this.host.listen || this.hearing || this.asking) return;
    this.refused = false;
    this.asking = true;
    const turn = ++this.turn;
    try {
      const hearing = await this.host.listen();
      if (turn !== this.turn) {
        await hearing.end(false);
        return;
      }
      this.hearing = hearing;
      this.since = now();
    } catch {
      this.refused = turn === this.turn;
    } finally {
      this.asking = false;
    }
  }

  /** The recording as a file; null = there was none. */
  async stop(): Promise<File | null> {
    const sound = await this.end(true);
    return sound && sound.size > 0 ? new File([sound], "voz.ogg", { type: "audio/ogg" }) : null;
  }

  discard(): void {
    void this.end(false);
  }

  /** A microphone that was asked for and is not there yet is not wanted any more. */
  giveUp(): void {
    this.turn += 1;
  }

  tooLong(now: number): boolean {
    return this.since !== null && now - this.since > MOST_MS;
  }

  private async end(keep: boolean): Promise<Blob | null> {
    const { hearing } = this;
    this.turn += 1;
    this.hearing = null;
    this.since = null;
    try {
      return (await hearing?.end(keep)) ?? null;
    } catch {
      this.refused = true;
      return null;
    }
  }
}
