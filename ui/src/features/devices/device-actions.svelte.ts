import { asFault, type DeviceOption, type DeviceSize, type Fault, type FieldKey, type Platform } from "../../platform";
import type { Devices } from "./devices.svelte";

type Asked = "token" | "options" | "logout" | "remove";

/** What an operator does to one number in Settings: its secrets, its options, its log-out, its removal. One at a time, faults kept. */
export class DeviceActions {
  asking = $state<Asked | null>(null);
  /** The secrets that were typed; one that is left empty stays as it is. */
  secrets = $state<{ [key in FieldKey]?: string }>({});
  /** What can be changed of it, as it was when that was asked; null: not read yet. */
  options = $state.raw<DeviceOption[] | null>(null);
  /** What was typed there. */
  chosen = $state<{ [key in FieldKey]?: string }>({});
  /** How much goes with it, once that was counted. */
  size = $state.raw<DeviceSize | null>(null);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  keyring = $state<"keyring_unavailable" | "keyring_locked" | null>(null);

  readonly typed = $derived(Object.values(this.secrets).some((text) => text.trim() !== ""));

  constructor(
    private readonly platform: Platform,
    private readonly devices: Devices,
    private readonly deviceId: number,
  ) {}

  ask(what: Asked): void {
    this.asking = what;
    this.secrets = {};
    this.fault = null;
    if (what === "options") void this.readOptions();
    if (what === "remove") {
      this.platform.call("device_size", { deviceId: this.deviceId }).then(
        (size) => (this.size = size),
        (thrown) => (this.fault = asFault(thrown)),
      );
    }
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

  /** Those that are otherwise than they were, and only those. */
  readonly changed = $derived(
    (this.options ?? []).filter(({ field, value }) => this.textOf(field.key) !== (value ?? field.default ?? "")),
  );

  async setOptions(): Promise<void> {
    const { deviceId, changed } = this;
    if (changed.length === 0) return;
    const fields = Object.fromEntries(changed.map(({ field }) => [field.key, this.textOf(field.key)]));
    const seen = Object.fromEntries(changed.map(({ field, value }) => [field.key, value ?? ""]));
    await this.run(() => this.devices.settle(this.platform.call("device_option_set", { deviceId, fields, seen })));
  }

  async logout(): Promise<void> {
    const { deviceId } = this;
    await this.run(() => this.devices.settle(this.platform.call("device_logout", { deviceId })));
  }

  /** What a first sync that was stopped has left out. */
  async fetchRest(): Promise<void> {
    const { deviceId } = this;
    await this.run(() => this.devices.settle(this.platform.call("device_sync_resume", { deviceId })));
  }

  async remove(): Promise<void> {
    await this.run(() => this.devices.remove(this.deviceId));
  }

  private textOf(key: FieldKey): string {
    return this.chosen[key]?.trim() ?? "";
  }

  private async readOptions(): Promise<void> {
    this.options = null;
    this.chosen = {};
    try {
      const options = await this.platform.call("device_option_list", { deviceId: this.deviceId });
      this.chosen = Object.fromEntries(options.map(({ field, value }) => [field.key, value ?? field.default ?? ""]));
      this.options = options;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
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
