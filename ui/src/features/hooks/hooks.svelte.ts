import {
  asFault,
  Coalesced,
  type Fault,
  type Feed,
  type HookAddressProblem,
  type HookCallDetail,
  type HookCallView,
  type HookProbed,
  type HookReplayed,
  type HookRouteView,
  type HookVerdict,
  type Platform,
} from "../../platform";
import { VERDICTS } from "./verdicts";

type Act = "test" | "replay" | "address" | "probe" | "port";

/** How a device's gateway calls: the route, its last calls, the one that is looked at, and the way in from the internet. */
export class Hooks {
  route = $state.raw<HookRouteView | null>(null);
  /** null: not read yet. Newest first. */
  calls = $state.raw<HookCallView[] | null>(null);
  fault = $state.raw<Fault | null>(null);
  /** null: all. */
  verdict = $state<HookVerdict | null>(null);
  detail = $state.raw<HookCallDetail | null>(null);
  replayed = $state.raw<HookReplayed | null>(null);
  /** null: not tested. */
  arrived = $state<boolean | null>(null);
  actFault = $state.raw<Fault | null>(null);
  busy = $state<Act | null>(null);
  /** The tunnel's address, as it is being typed. */
  typed = $state("");
  /** What is wrong with what was typed. */
  problem = $state<HookAddressProblem | null>(null);
  /** What came of calling the tunnel ourselves. */
  probed = $state.raw<HookProbed | null>(null);

  readonly shown = $derived(
    (this.calls ?? []).filter((call) => this.verdict === null || call.verdict === this.verdict),
  );
  /** The verdicts that there are, with how many calls have each. */
  readonly counts = $derived.by(() => {
    const counts = new Map<HookVerdict, number>();
    for (const { verdict } of this.calls ?? []) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    return counts;
  });

  private readonly reading = new Coalesced(() => this.read());
  private readonly deaf: () => void;

  constructor(
    private readonly platform: Platform,
    feed: Feed,
    private readonly deviceId: number,
  ) {
    this.deaf = feed.onChange((change) => {
      const ours = change.topic === "hooks" && change.deviceId === deviceId;
      if (ours || change.topic === "devices" || change.topic === "everything") void this.load();
    });
  }

  /** The screen is left. */
  leave(): void {
    this.deaf();
  }

  load(): Promise<void> {
    return this.reading.request();
  }

  /** One of the verdicts; anything else is all of them. */
  filter(word: string): void {
    this.verdict = VERDICTS.find((verdict) => verdict === word) ?? null;
  }

  async choose(callId: number): Promise<void> {
    this.replayed = null;
    this.actFault = null;
    try {
      this.detail = await this.platform.call("hook_get", { deviceId: this.deviceId, callId });
    } catch (thrown) {
      this.detail = null;
      this.actFault = asFault(thrown);
    }
  }

  replay(callId: number): Promise<void> {
    this.replayed = null;
    return this.act("replay", async () => {
      this.replayed = await this.platform.call("hook_replay", { deviceId: this.deviceId, callId });
    });
  }

  test(): Promise<void> {
    this.arrived = null;
    return this.act("test", async () => {
      this.arrived = (await this.platform.call("hook_test", { deviceId: this.deviceId })).arrived;
      await this.load();
    });
  }

  /** null: there is none any more. */
  setAddress(address: string | null): Promise<void> {
    this.problem = null;
    this.probed = null;
    return this.act("address", async () => {
      const args = { deviceId: this.deviceId, seen: this.stored, address };
      const result = await this.platform.call("hook_address_set", args);
      if (result.kind === "invalid") this.problem = result.why;
      else {
        await this.load();
        this.typed = this.stored ?? "";
      }
    });
  }

  probe(): Promise<void> {
    this.probed = null;
    return this.act("probe", async () => {
      this.probed = await this.platform.call("hook_address_test", { deviceId: this.deviceId });
    });
  }

  changePort(): Promise<void> {
    return this.act("port", async () => {
      await this.platform.call("hook_port_change", {});
      await this.load();
    });
  }

  private get stored(): string | null {
    return this.route?.way.address ?? null;
  }

  private async act(what: Act, work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    this.actFault = null;
    try {
      await work();
    } catch (thrown) {
      this.actFault = asFault(thrown);
    } finally {
      this.busy = null;
    }
  }

  private async read(): Promise<void> {
    const args = { deviceId: this.deviceId };
    try {
      const [route, calls] = await Promise.all([
        this.platform.call("hook_route", args),
        this.platform.call("hook_list", args),
      ]);
      const before = this.stored ?? "";
      this.route = route;
      // What somebody is typing stays.
      if (this.typed === before) this.typed = this.stored ?? "";
      this.calls = calls;
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
