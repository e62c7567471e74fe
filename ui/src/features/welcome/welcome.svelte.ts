import {
  asFault,
  type DeviceView,
  type Fault,
  type FieldKey,
  type FieldView,
  type GatewayTest,
  type GatewayView,
  type Platform,
} from "../../platform";

export type KeyringProblem = "keyring_unavailable" | "keyring_locked";
export type Missing = { name: boolean; fields: readonly FieldKey[] };
type Given = { [key in FieldKey]?: string };

const NOTHING: Missing = { name: false, fields: [] };

/**
 * Adding a number: choose where it lives, try the connection, add it. A keyring that cannot be used is not an error of
 * the form: it is asked about, and the operator may go on for this run only. Which fields there are, the gateway says; secrets are never kept anywhere here.
 */
export class Welcome {
  gateways = $state.raw<GatewayView[] | null>(null);
  kind = $state<string | null>(null);
  name = $state("");
  /** What was typed, by field. */
  given = $state<Given>({});
  busy = $state<"test" | "add" | null>(null);
  fault = $state.raw<Fault | null>(null);
  tested = $state.raw<GatewayTest | null>(null);
  keyring = $state<KeyringProblem | null>(null);
  missing = $state.raw<Missing>(NOTHING);

  /** The gateway whose fields hold what was typed. */
  private filled: string | null = null;

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

  choose(kind: string, name: string): void {
    this.kind = kind;
    if (kind !== this.filled) {
      this.name = name;
      const usual = this.gateway?.fields.map((field) => [field.key, field.default ?? ""]) ?? [];
      this.given = Object.fromEntries(usual);
    }
    this.filled = kind;
    this.edited();
  }

  /** Back to the choice. What was typed is there when the same is chosen again. */
  leave(): void {
    this.kind = null;
    this.edited();
  }

  /** What was tested is no longer what is written. */
  edited(): void {
    this.tested = null;
    this.fault = null;
    this.missing = NOTHING;
  }

  async test(): Promise<void> {
    if (!this.complete()) return;
    await this.during("test", async (gateway) => {
      this.tested = await this.platform.call("gateway_test", { gateway: gateway.kind, fields: this.fields(gateway) });
    });
  }

  /** The device that was added, or null when something is to be seen or answered first. */
  async add(remember: boolean): Promise<DeviceView | null> {
    this.keyring = null;
    if (!this.complete()) return null;
    let added: DeviceView | null = null;
    await this.during("add", async (gateway) => {
      const args = { gateway: gateway.kind, name: this.name.trim(), fields: this.fields(gateway), remember };
      added = await this.settle(this.platform.call("device_add", args));
      for (const field of gateway.fields.filter(isSecret)) this.given[field.key] = "";
    });
    return added;
  }

  /** What was given; a field that is left empty is as the gateway usually has it. */
  private fields(gateway: GatewayView): Given {
    const given = gateway.fields.map((field) => [field.key, this.typed(field)] as const);
    return Object.fromEntries(given.filter(([, text]) => text !== ""));
  }

  private typed(field: FieldView): string {
    return this.given[field.key]?.trim() ?? "";
  }

  private complete(): boolean {
    const { gateway } = this;
    if (!gateway) return false;
    const missing = gateway.fields.filter((field) => field.required && this.typed(field) === "");
    this.missing = { name: this.name.trim() === "", fields: missing.map((field) => field.key) };
    return !this.missing.name && missing.length === 0;
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

/** Is it hidden while it is typed, and forgotten once it was taken? */
export function isSecret(field: Pick<FieldView, "kind">): boolean {
  return field.kind === "secret";
}
