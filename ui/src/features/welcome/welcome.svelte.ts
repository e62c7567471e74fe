import {
  asFault,
  type DeviceView,
  type Fault,
  type GatewayKind,
  type GatewayTest,
  type GatewayView,
  type Platform,
} from "../../platform";

export type KeyringProblem = "keyring_unavailable" | "keyring_locked";
export type Missing = { name: boolean; token: boolean; url: boolean };

/**
 * Adding a number: choose where it lives, try the connection, add it. A keyring that cannot be used is not an error of
 * the form: it is asked about, and the operator may go on for this run only. The token is never kept anywhere here.
 */
export class Welcome {
  gateways = $state.raw<GatewayView[] | null>(null);
  kind = $state<GatewayKind | null>(null);
  name = $state("");
  url = $state("");
  token = $state("");
  busy = $state<"test" | "add" | null>(null);
  fault = $state.raw<Fault | null>(null);
  tested = $state.raw<GatewayTest | null>(null);
  keyring = $state<KeyringProblem | null>(null);
  missing = $state.raw<Missing>({ name: false, token: false, url: false });

  readonly gateway = $derived(this.gateways?.find((gateway) => gateway.kind === this.kind) ?? null);

  constructor(
    private readonly platform: Platform,
    private readonly settle: (command: Promise<DeviceView>) => Promise<DeviceView>,
  ) {}

  async load(): Promise<void> {
    try {
      this.gateways = await this.platform.call("gateway_list", {});
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  choose(kind: GatewayKind | null, name: string): void {
    this.kind = kind;
    this.name = name;
    this.url = this.gateways?.find((gateway) => gateway.kind === kind)?.defaultUrl ?? "";
    this.edited();
  }

  /** What was tested is no longer what is written. */
  edited(): void {
    this.tested = null;
    this.fault = null;
    this.missing = { name: false, token: false, url: false };
  }

  async test(): Promise<void> {
    if (!this.complete()) return;
    await this.during("test", async (gateway) => {
      this.tested = await this.platform.call("gateway_test", { gateway: gateway.kind, ...this.address(gateway) });
    });
  }

  /** The device that was added, or null when something is to be seen or answered first. */
  async add(remember: boolean): Promise<DeviceView | null> {
    this.keyring = null;
    if (!this.complete()) return null;
    let added: DeviceView | null = null;
    await this.during("add", async (gateway) => {
      const args = { gateway: gateway.kind, name: this.name.trim(), ...this.address(gateway), remember };
      added = await this.settle(this.platform.call("device_add", args));
      this.token = "";
    });
    return added;
  }

  private address(gateway: GatewayView) {
    return {
      // Left empty: the gateway's usual address.
      url: gateway.needsUrl ? this.url.trim() || null : null,
      token: gateway.needsToken ? this.token.trim() : null,
    };
  }

  private complete(): boolean {
    const { gateway } = this;
    if (!gateway) return false;
    this.missing = {
      name: this.name.trim() === "",
      token: gateway.needsToken && this.token.trim() === "",
      url: gateway.needsUrl && gateway.defaultUrl === null && this.url.trim() === "",
    };
    return !Object.values(this.missing).includes(true);
  }

  private async during(busy: "test" | "add", run: (gateway: GatewayView) => Promise<void>): Promise<void> {
    if (this.busy || !this.gateway) return;
    this.busy = busy;
    this.fault = null;
    try {
      await run(this.gateway);
    } catch (thrown) {
      this.refused(asFault(thrown));
    } finally {
      this.busy = null;
    }
  }

  private refused(fault: Fault): void {
    if (fault.code === "keyring_unavailable" || fault.code === "keyring_locked") this.keyring = fault.code;
    else this.fault = fault;
  }
}
