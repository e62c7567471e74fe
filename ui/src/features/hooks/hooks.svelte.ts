import {
  asFault,
  Coalesced,
  type Fault,
  type Feed,
  type HookCallDetail,
  type HookCallView,
  type HookReplayed,
  type HookRouteView,
  type HookVerdict,
  type Platform,
} from "../../platform";
import { VERDICTS } from "./verdicts";

/** How a device's gateway calls: the route, its last calls, and the one that is looked at. */
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
  busy = $state<"test" | "replay" | null>(null);

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

  private async act(what: "test" | "replay", work: () => Promise<void>): Promise<void> {
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
      this.route = route;
      this.calls = calls;
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
