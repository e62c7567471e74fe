import {
  asFault,
  Coalesced,
  type DeviceView,
  type Fault,
  type Feed,
  type LabelView,
  type Platform,
} from "../../platform";

/** The label that is made (`label` null) or changed, and what is done with a new one. */
export type Editing = { deviceId: number; label: LabelView | null; onmade?: (label: LabelView) => void };

/** A label of the phone's stays as it is where the gateway only puts labels on chats. */
export function canBeChanged(label: LabelView, device: DeviceView): boolean {
  return !(label.ofPhone && device.capabilities.labelsFixed);
}

/** All labels of all numbers, read again when chats change. What is known stays when a reading fails. */
export class Labels {
  list = $state.raw<LabelView[]>([]);
  fault = $state.raw<Fault | null>(null);
  editing = $state.raw<Editing | null>(null);
  busy = $state(false);
  /** Why the last change was not made. */
  editFault = $state.raw<Fault | null>(null);

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

  edit(editing: Editing | null): void {
    this.editing = editing;
    this.editFault = null;
  }

  /** `colour` null: as the gateway likes, or as it was. */
  async save(name: string, colour: string | null): Promise<void> {
    const { editing } = this;
    if (!editing) return;
    const part = { name, ...(colour === null ? {} : { colour }) };
    await this.attempt(async () => {
      const { label, deviceId } = editing;
      const saved = label
        ? await this.platform.call("label_change", { labelId: label.id, ...part })
        : await this.platform.call("label_add", { deviceId, ...part });
      if (!label) editing.onmade?.(saved);
    });
  }

  async remove(label: LabelView): Promise<void> {
    await this.attempt(() => this.platform.call("label_remove", { labelId: label.id }));
  }

  private async attempt(change: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.editFault = null;
    try {
      await change();
      this.editing = null;
      void this.load();
    } catch (thrown) {
      this.editFault = asFault(thrown);
    } finally {
      this.busy = false;
    }
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
