import { asFault, Coalesced, type Fault, type Feed, type LabelView, type Platform } from "../../platform";

/** All labels of all numbers, read again when chats change. What is known stays when a reading fails. */
export class Labels {
  list = $state.raw<LabelView[]>([]);
  fault = $state.raw<Fault | null>(null);

  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    feed.onChange((change) => {
      if (change.topic === "chats" || change.topic === "everything") void this.load();
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  /** The labels a chat bears, in the list's order. */
  of(ids: readonly number[]): LabelView[] {
    return this.list.filter((label) => ids.includes(label.id));
  }

  private async read(): Promise<void> {
    try {
      this.list = await this.platform.call("label_list", {});
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
