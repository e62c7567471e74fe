import { asFault, type DeviceState, type DeviceView, type Fault, type Platform } from "../../platform";

const TICK_MS = 250;

/** What the pairing screen shows. "renewing": the code on screen has run out and its successor is on the way. */
export type Phase =
  | { kind: "connecting" }
  | { kind: "waiting" }
  | { kind: "qr"; modules: string[]; left: number }
  | { kind: "picture"; dataUrl: string; left: number }
  | { kind: "renewing" }
  | { kind: "expired" }
  | { kind: "typed"; code: string; left: number }
  | { kind: "typed_ended" }
  | { kind: "passkey" }
  | { kind: "syncing"; done: number; total: number | null }
  | { kind: "linked" }
  | { kind: "trouble" };

/** Pure: the same state and time always give the same screen. */
export function phaseOf(state: DeviceState, now: number): Phase {
  switch (state.kind) {
    case "connecting":
      return { kind: "connecting" };
    case "syncing":
      return { kind: "syncing", done: state.done, total: state.total };
    case "online":
      return { kind: "linked" };
    case "pairing":
      break;
    default:
      return { kind: "trouble" };
  }
  const { step } = state;
  if (step.kind === "waiting" || step.kind === "expired" || step.kind === "passkey") return { kind: step.kind };
  if (step.kind === "typed_code_ended") return { kind: "typed_ended" };
  const left = step.expiresAt - now;
  if (step.kind === "typed_code") {
    return left > 0 ? { kind: "typed", code: readable(step.code), left } : { kind: "typed_ended" };
  }
  // A code that no longer works is not shown: scanning it would only fail on the phone.
  if (left <= 0) return { kind: "renewing" };
  return step.kind === "qr"
    ? { kind: "qr", modules: step.modules, left }
    : { kind: "picture", dataUrl: step.dataUrl, left };
}

/** As the phone shows it: two halves with a hyphen between them. */
function readable(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The pairing of one device: the clock that counts a code down, and asking for codes. */
export class Pairing {
  now = $state(0);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  /** The operator is giving the number for a code to type. */
  giving = $state(false);
  /** As the operator writes it. It is remembered for another code, and forgotten with the screen. */
  phone = $state("");
  copied = $state.raw<"yes" | "no" | null>(null);
  /** The first sync was told to stop; it ends after the chat that it is at. */
  stopping = $state(false);

  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(
    private readonly platform: Platform,
    private readonly deviceId: number,
    private readonly settle: (command: Promise<DeviceView>) => Promise<DeviceView>,
    private readonly clock: () => number = Date.now,
  ) {
    this.now = clock();
  }

  /** Starts the clock, and the codes too if the device is not showing or fetching any. */
  open(state: DeviceState): void {
    this.timer ??= setInterval(() => {
      this.now = this.clock();
    }, TICK_MS);
    if (state.kind === "logged_out" || state.kind === "stopped") void this.showCode();
  }

  /** Stops the clock. Codes go on if the device began them by itself; `leave` ends them. */
  close(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  giveNumber(): void {
    this.giving = true;
    this.fault = null;
  }

  /** Asks for a code to type. What was on the screen stays there when the gateway refuses. */
  async askTyped(): Promise<void> {
    const phone = this.phone.trim();
    this.copied = null;
    await this.run(() => this.platform.call("device_pair_code", { deviceId: this.deviceId, phone }));
    this.giving = this.fault !== null;
  }

  /** Back to the code to scan: one that is still on show is simply seen again. */
  async backToQr(state: DeviceState): Promise<void> {
    this.giving = false;
    this.fault = null;
    this.copied = null;
    const shown = state.kind === "pairing" && ["waiting", "qr", "picture"].includes(state.step.kind);
    if (!shown) await this.showCode();
  }

  async copy(code: string, clipboard: Pick<Clipboard, "writeText"> = navigator.clipboard): Promise<void> {
    try {
      await clipboard.writeText(code);
      this.copied = "yes";
    } catch {
      this.copied = "no";
    }
  }

  async showCode(): Promise<void> {
    this.giving = false;
    await this.run(() => this.platform.call("device_pair_start", { deviceId: this.deviceId }));
  }

  /** "Do it later": no codes are asked for that nobody looks at. */
  async leave(): Promise<void> {
    await this.run(() => this.platform.call("device_pair_stop", { deviceId: this.deviceId }));
  }

  /** What a first sync has not fetched yet is left out; it can be fetched later. */
  async stopSync(): Promise<void> {
    await this.run(() => this.platform.call("device_sync_stop", { deviceId: this.deviceId }));
    this.stopping = this.fault === null;
  }

  private async run(command: () => Promise<DeviceView>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      await this.settle(command());
    } catch (thrown) {
      this.fault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }
}
