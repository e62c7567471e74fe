import { SvelteSet } from "svelte/reactivity";
import type { PLACES } from "../../parts/keymap";
import { textOf } from "../../parts/message-words";
import { fileNameOf, Saving } from "../../parts/saving.svelte";
import type { Capabilities, MessageView } from "../../platform";
import type { Conversation } from "./conversation.svelte";
import { actionsOf, type MessageActionName, PIN_DAYS } from "./message-actions";

type MessageKey = keyof typeof PLACES.messages;

/** What the operator is doing to messages of the open chat: a menu, a question, a selection. One per open chat. */
export class Doing {
  menu = $state.raw<{ message: MessageView; x: number; y: number } | null>(null);
  asking = $state.raw<{ kind: "delete" | "forward" | "info"; messages: MessageView[] } | null>(null);
  selecting = $state(false);
  /** The system did not let us copy. */
  uncopied = $state(false);
  readonly saving = new Saving();
  readonly selected = new SvelteSet<number>();

  constructor(
    private readonly conversation: Conversation,
    private readonly to: Record<"reply" | "edit" | "takeBack", (message: MessageView) => void>,
    private readonly copyText: (text: string) => Promise<void> = (text) => navigator.clipboard.writeText(text),
  ) {}

  openMenu(message: MessageView, x: number, y: number): void {
    this.menu = { message, x, y };
  }

  closeMenu(): void {
    this.menu = null;
  }

  do(name: MessageActionName, message: MessageView): void {
    this.uncopied = false;
    this.saving.forget();
    switch (name) {
      case "reply":
      case "edit":
      case "takeBack":
        this.to[name](message);
        break;
      case "copy":
        void this.copy(textOf(message.body) ?? "");
        break;
      case "save":
        this.save(message);
        break;
      case "star":
      case "unstar":
        void this.conversation.acts.act(message.id, { kind: "star", on: name === "star" });
        break;
      case "pin":
      case "unpin":
        void this.conversation.acts.act(message.id, { kind: "pin", days: name === "pin" ? PIN_DAYS : null });
        break;
      case "select":
        this.selecting = true;
        this.selected.add(message.id);
        break;
      default:
        this.asking = { kind: name, messages: [message] };
    }
  }

  /** A key on a message. True: it did something. */
  key(meant: MessageKey | undefined, message: MessageView, can: Capabilities | null, now: number): boolean {
    const wanted: Partial<Record<MessageKey, MessageActionName[]>> = {
      reply: ["reply"],
      // What has not left yet is corrected, or deleted, by taking it back.
      edit: ["edit", "takeBack"],
      forward: ["forward"],
      info: ["info"],
      remove: ["delete", "takeBack"],
    };
    const offered = actionsOf(message, can, now);
    const name = meant && wanted[meant]?.find((one) => offered.includes(one));
    if (name === undefined) return false;
    this.do(name, message);
    return true;
  }

  /** Our reaction, or none if it is the one that we have. */
  react(message: MessageView, emoji: string): void {
    const ours = message.reactions.find((reaction) => reaction.fromMe)?.emoji;
    void this.conversation.acts.act(message.id, { kind: "react", emoji: ours === emoji ? null : emoji });
  }

  toggle(messageId: number): void {
    if (!this.selected.delete(messageId)) this.selected.add(messageId);
    if (this.selected.size === 0) this.selecting = false;
  }

  /** In the order of the conversation. */
  chosen(): MessageView[] {
    return this.conversation.rows.filter((row) => this.selected.has(row.id));
  }

  copyChosen(): void {
    const words = this.chosen().map((message) => textOf(message.body) ?? "");
    void this.copy(words.filter((text) => text !== "").join("\n\n"));
    this.stopSelecting();
  }

  private save({ body, at }: MessageView): void {
    if (body.kind !== "image" && body.kind !== "file") return;
    void this.saving.save(this.conversation.platform, body.media, fileNameOf(body.media, at));
  }

  private async copy(text: string): Promise<void> {
    this.uncopied = false;
    await this.copyText(text).catch(() => {
      this.uncopied = true;
    });
  }

  starChosen(): void {
    for (const message of this.chosen()) {
      if (!message.starred) void this.conversation.acts.act(message.id, { kind: "star", on: true });
    }
    this.stopSelecting();
  }

  askOfChosen(kind: "delete" | "forward"): void {
    this.asking = { kind, messages: this.chosen() };
  }

  async deleteAsked(): Promise<void> {
    const messages = this.asking?.messages ?? [];
    this.asking = null;
    this.stopSelecting();
    for (const message of messages) await this.conversation.acts.act(message.id, { kind: "delete" });
  }

  stopAsking(): void {
    this.asking = null;
  }

  stopSelecting(): void {
    this.selecting = false;
    this.selected.clear();
  }
}
