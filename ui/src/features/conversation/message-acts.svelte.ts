import { type ActArg, asFault, type Fault, type MessagePast, type Platform } from "../../platform";

/** What is done to single messages of the open chat; after each the conversation is read again. */
export class MessageActs {
  /** What a retry, discard or resolve ran into, by message. */
  faults = $state.raw<ReadonlyMap<number, Fault>>(new Map());

  constructor(
    private readonly platform: Platform,
    private readonly refresh: () => Promise<void>,
    private readonly newId: () => string,
  ) {}

  /** Edits, deletes, reacts, stars, pins: a wish, told as soon as the device can. */
  act(messageId: number, action: ActArg): Promise<void> {
    return this.attempt(messageId, () =>
      this.platform.call("message_act", { messageId, clientId: this.newId(), action }),
    );
  }

  /** What it said before, who voted, how its sending went; null = it could not be read. */
  async past(messageId: number): Promise<MessagePast | null> {
    try {
      return await this.platform.call("message_past", { messageId });
    } catch {
      return null;
    }
  }

  retry(messageId: number): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_retry", { messageId }));
  }

  discard(messageId: number): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_discard", { messageId }));
  }

  resolve(messageId: number, outcome: "it_went" | "it_did_not"): Promise<void> {
    return this.attempt(messageId, () => this.platform.call("message_resolve", { messageId, outcome }));
  }

  async fetchMedia(mediaId: number): Promise<void> {
    try {
      await this.platform.call("media_fetch", { mediaId });
    } catch {
      // Its state says "failed" on the next reading, with the way to try again.
    }
    await this.refresh();
  }

  private async attempt(messageId: number, run: () => Promise<unknown>): Promise<void> {
    const faults = new Map(this.faults);
    faults.delete(messageId);
    try {
      await run();
    } catch (thrown) {
      faults.set(messageId, asFault(thrown));
    }
    this.faults = faults;
    await this.refresh();
  }
}
