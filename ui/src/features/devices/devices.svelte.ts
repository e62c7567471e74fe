import { numberTints } from "../../parts/number-tints";
import { asFault, Coalesced, type DeviceView, type Fault, type Feed, type Platform } from "../../platform";

/** The linked numbers and their states. Everybody who shows a device reads it here. */
export class Devices {
  /** null: not read yet. */
  list = $state.raw<DeviceView[] | null>(null);
  fault = $state.raw<Fault | null>(null);

  private readonly reading = new Coalesced(() => this.read());

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    feed.onChange((change) => {
      if (change.topic === "devices" || change.topic === "everything") void this.reading.request();
    });
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  byId(deviceId: number | undefined): DeviceView | undefined {
    return this.list?.find((device) => device.id === deviceId);
  }

  /** Runs a command that answers with the device as it is now, and shows that at once. */
  async settle(command: Promise<DeviceView>): Promise<DeviceView> {
    const device = await command;
    const others = (this.list ?? []).filter((known) => known.id !== device.id);
    const at = this.list?.findIndex((known) => known.id === device.id) ?? -1;
    this.list = at < 0 ? [...others, device] : others.toSpliced(at, 0, device);
    return device;
  }

  async remove(deviceId: number): Promise<void> {
    await this.platform.call("device_remove", { deviceId });
    this.list = (this.list ?? []).filter((device) => device.id !== deviceId);
  }

  private async read(): Promise<void> {
    try {
      this.list = await this.platform.call("device_list", {});
      numberTints.among(this.list.map(({ id }) => id));
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
