import { asFault, type ChatRow, type ChatSize, type DisappearWord, type Fault, type Platform } from "../../platform";

export type KeepingAct = "disappear" | "delete";
/** After how long what is written disappears; "never": it stays. */
export type KeptFor = DisappearWord | "never";
export const KEPT_FOR: readonly KeptFor[] = ["never", "day", "week", "quarter"];

/**
 * How long a chat is kept: its messages, and the chat itself. Both are the phone's and not only ours, so the gateway does them first:
 * nothing is said to be done before it is.
 *
 * | State | `asked` | `busy` |
 * |---|---|---|
 * | nothing is asked | null | false |
 * | a person is asked | set | false |
 * | the gateway is asked; closing leaves it to its end | set | true |
 * | it did it | null | false |
 * | it did not: `fault` says why, also to whoever has closed it, and it may be tried again | set | false |
 */
export class ChatKeeping {
  asked = $state.raw<{ act: KeepingAct; chat: ChatRow } | null>(null);
  /** What is in the chat that may be deleted; null: not counted yet. */
  size = $state.raw<ChatSize | null>(null);
  keptFor = $state<KeptFor | null>(null);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);

  constructor(
    private readonly platform: Platform,
    /** A chat was deleted. */
    private readonly gone: (chatId: number) => void,
  ) {}

  ask(act: KeepingAct, chat: ChatRow): void {
    if (this.busy) return;
    this.asked = { act, chat };
    this.size = null;
    this.keptFor = null;
    this.fault = null;
    if (act === "delete") void this.count();
  }

  leave(): void {
    this.asked = null;
  }

  /** Counts what would go, and what waits in it. Without that nobody is asked whether it shall. */
  async count(): Promise<void> {
    const { asked } = this;
    if (!asked) return;
    this.fault = null;
    try {
      const size = await this.platform.call("chat_size", { chatId: asked.chat.id });
      if (this.asked === asked) this.size = size;
    } catch (thrown) {
      if (this.asked === asked) this.fault = asFault(thrown);
    }
  }

  async disappear(): Promise<void> {
    const { keptFor } = this;
    if (keptFor === null) return;
    const after = keptFor === "never" ? null : keptFor;
    await this.run((chatId) => this.platform.call("chat_disappearing_set", { chatId, after }));
  }

  async delete(): Promise<void> {
    await this.run(async (chatId) => {
      await this.platform.call("chat_delete", { chatId });
      this.gone(chatId);
    });
  }

  private async run(work: (chatId: number) => Promise<unknown>): Promise<void> {
    const { asked } = this;
    if (!asked || this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      await work(asked.chat.id);
      if (this.asked === asked) this.asked = null;
    } catch (thrown) {
      // Nothing else was asked meanwhile: whoever closed it believes that it was done.
      this.asked = asked;
      this.fault = asFault(thrown);
    } finally {
      this.busy = false;
    }
  }
}
