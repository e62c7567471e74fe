import { type Args, asFault, type Fault, type Feed, type Platform, type QuietView } from "../../platform";

export type QuietChoice = Args<"quiet_set">["choice"];

/**
 * How the program behaves on the desktop: whether it may disturb, and whether it starts with the computer. The first is the
 * shop's, and the tray changes it too; the second is asked of the desktop each time, since that changes it too.
 */
export class Habits {
  quiet = $state.raw<QuietView>({ kind: "off" });
  /** null: this host has no such thing. */
  startsWithSystem = $state<boolean | null>(null);
  fault = $state.raw<Fault | null>(null);

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    feed.onChange(({ topic }) => {
      if (topic === "settings" || topic === "everything") void this.loadQuiet();
    });
  }

  loadQuiet(): Promise<void> {
    return this.settle(() => this.readQuiet());
  }

  load(): Promise<void> {
    return this.settle(async () => {
      await this.readQuiet();
      const { offered, on } = await this.platform.startsWithSystem();
      this.startsWithSystem = offered ? on : null;
    });
  }

  holdBack(choice: QuietChoice): Promise<void> {
    return this.settle(async () => {
      this.quiet = await this.platform.call("quiet_set", { choice });
    });
  }

  startWithSystem(on: boolean): Promise<void> {
    return this.settle(async () => {
      this.startsWithSystem = (await this.platform.startWithSystem(on)).on;
    });
  }

  private async readQuiet(): Promise<void> {
    this.quiet = await this.platform.call("quiet_get", {});
  }

  private async settle(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.fault = null;
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
