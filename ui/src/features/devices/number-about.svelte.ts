import { asFault, brought, type DeviceLimits, type Fault, type Platform, type ProfileView } from "../../platform";
import type { Devices } from "./devices.svelte";

/** A picture of a profile is small: nobody gives it up on its way. */
const NEVER = new AbortController().signal;

/** Asks the gateway about one number. One at a time; an answer that comes after the asking was left is nobody's. */
class Asked<T> {
  known = $state.raw<T | null>(null);
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);
  private turn = 0;

  async ask(call: () => Promise<T>): Promise<boolean> {
    this.turn += 1;
    const { turn } = this;
    this.busy = true;
    this.fault = null;
    try {
      const known = await call();
      if (turn === this.turn) this.known = known;
      return turn === this.turn;
    } catch (thrown) {
      if (turn === this.turn) this.fault = asFault(thrown);
      return false;
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  forget(): void {
    this.turn += 1;
    this.known = null;
    this.fault = null;
    this.busy = false;
  }
}

/** What a number shows of itself and may do: whether it is seen as being here, its profile, its plan. */
export class NumberAbout {
  open = $state<"profile" | "limits" | null>(null);
  readonly limits = new Asked<DeviceLimits>();
  readonly profile = new Asked<ProfileView>();
  readonly presence = new Asked<null>();
  /** What was typed and chosen for the profile. */
  name = $state("");
  about = $state("");
  picture = $state.raw<File | null>(null);

  constructor(
    private readonly platform: Platform,
    private readonly devices: Devices,
    private readonly deviceId: number,
  ) {}

  /** Is the number shown as being here from now on? What holds is read again, whatever came of it. */
  async showOnline(available: boolean): Promise<void> {
    const { deviceId } = this;
    await this.presence.ask(() => this.platform.call("presence_set", { deviceId, available }));
    await this.devices.load();
  }

  askLimits(): Promise<boolean> {
    this.open = "limits";
    const { deviceId } = this;
    return this.limits.ask(() => this.platform.call("device_limits", { deviceId }));
  }

  async askProfile(): Promise<void> {
    this.open = "profile";
    const { deviceId } = this;
    const read = await this.profile.ask(() => this.platform.call("profile_get", { deviceId }));
    if (read) this.fill();
  }

  /** Something of the profile is otherwise than the gateway has it. A name that was taken away is none: WhatsApp has no number without. */
  readonly changed = $derived.by(() => {
    const { known } = this.profile;
    if (!known) return false;
    const named = this.name.trim() !== "" && this.name.trim() !== (known.name ?? "");
    return named || this.about.trim() !== (known.about ?? "") || this.picture !== null;
  });

  /** Only what is otherwise is sent. What was typed stays until the gateway has it. */
  async saveProfile(): Promise<void> {
    const { known } = this.profile;
    if (!known || !this.changed || this.profile.busy) return;
    const { deviceId, picture } = this;
    const name = this.name.trim();
    const about = this.about.trim();
    const saved = await this.profile.ask(async () => {
      const kept = picture ? await brought(this.platform, picture, NEVER, () => {}) : null;
      return this.platform.call("profile_set", {
        deviceId,
        ...(name !== "" && name !== (known.name ?? "") ? { name } : {}),
        ...(about !== (known.about ?? "") ? { about } : {}),
        ...(kept ? { pictureMediaId: kept.id } : {}),
      });
    });
    if (saved) this.leave();
  }

  leave(): void {
    this.open = null;
    this.limits.forget();
    this.profile.forget();
  }

  private fill(): void {
    const { known } = this.profile;
    this.name = known?.name ?? "";
    this.about = known?.about ?? "";
    this.picture = null;
  }
}
