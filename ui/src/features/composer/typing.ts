import { asFault, type Platform } from "../../platform";

/** "typing" is told at most so often: WhatsApp forgets it by itself some seconds after. */
export const AGAIN_MS = 10_000;
/** So long after the last key nobody writes any more. */
export const STILL_MS = 5_000;
/** So long it is left alone after the core could not tell it. */
const LEFT_MS = 60_000;

/** The numbers of which the core has said that this is not offered: their plan counts calls. As long as the window lives. */
const silent = new Set<number>();

/**
 * Tells the customer of one chat that somebody writes to them. It is only told, never kept: whatever goes wrong with it is nobody's
 * trouble, and is not shown.
 *
 * | State | A key | [`STILL_MS`] without one | Sent, emptied, left |
 * |---|---|---|---|
 * | still | writing: "typing", if the last one is [`AGAIN_MS`] ago | – | – |
 * | writing | "typing", if the last one is [`AGAIN_MS`] ago | still: "paused" | still: "paused" |
 * | left alone (the core could not tell it) | – for a minute; for ever where it is not offered | – | – |
 */
export class Typing {
  private toldAt = Number.NEGATIVE_INFINITY;
  private leftUntil = Number.NEGATIVE_INFINITY;
  private stillness: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly platform: Platform,
    private readonly chatId: number,
    private readonly deviceId: number,
  ) {}

  /** Something was typed, and there is something in the field. */
  key(): void {
    const now = Date.now();
    if (silent.has(this.deviceId) || now < this.leftUntil) return;
    if (this.stillness !== null) clearTimeout(this.stillness);
    this.stillness = setTimeout(() => this.rest(), STILL_MS);
    if (now - this.toldAt < AGAIN_MS) return;
    this.toldAt = now;
    this.tell("typing");
  }

  /** Nobody writes any more. */
  rest(): void {
    if (this.stillness === null) return;
    clearTimeout(this.stillness);
    this.stillness = null;
    this.tell("paused");
  }

  private tell(doing: "typing" | "paused"): void {
    this.platform.call("chat_typing_set", { chatId: this.chatId, doing }).catch((thrown) => {
      if (asFault(thrown).code === "not_offered") silent.add(this.deviceId);
      this.leftUntil = Date.now() + LEFT_MS;
      if (this.stillness !== null) clearTimeout(this.stillness);
      this.stillness = null;
    });
  }
}
