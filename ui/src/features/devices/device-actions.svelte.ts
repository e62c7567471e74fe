import { asFault, type Fault, type FieldKey, type Platform } from "../../platform";
import type { Devices } from "./devices.svelte";

/** What an operator does to one number in Settings: its secrets, its log-out, its removal. One at a time, faults kept. */
export class DeviceActions {
  asking = $state<"token" | "logout" | "remove" | null>(null);
  /** The secrets that were typed; one that is left empty stays as it is. */
  secrets = $state<{ [key in FieldKey]?: string }>({});
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  keyring = $state<"keyring_unavailable" | "keyring_locked" | null>(null);

  readonly typed = $derived(Object.values(this.secrets).some((text) => text.trim() !== ""));

  constructor(
    private readonly platform: Platform,
    private readonly devices: Devices,
    private readonly deviceId: number,
  ) {}

  ask(what: "token" | "logout" | "remove"): void {
    this.asking = what;
    this.secrets = {};
    this.fault = null;
  }

  leave(): void {
    this.asking = null;
    this.secrets = {};
    this.keyring = null;
    this.fault = null;
  }

  async setToken(remember: boolean): Promise<void> {
    if (!this.typed) return;
    this.keyring = null;
    const { deviceId } = this;
    const fields = $state.snapshot(this.secrets);
    await this.run(() => this.devices.settle(this.platform.call("device_token_set", { deviceId, fields, remember })));
  }

  async logout(): Promise<void> {
    const { deviceId } = this;
    await this.run(() => this.devices.settle(this.platform.call("device_logout", { deviceId })));
  }

  async remove(): Promise<void> {
    await this.run(() => this.devices.remove(this.deviceId));
  }

  private async run(command: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      await command();
      this.leave();
    } catch (thrown) {
      this.refused(asFault(thrown));
    } finally {
      this.busy = false;
    }
  }

  private refused(fault: Fault): void {
    if (fault.code === "keyring_unavailable" || fault.code === "keyring_locked") this.keyring = fault.code;
    else this.fault = fault;
  }
}
