import { asFault, type Fault, type MediaView, type MessageView, type Platform } from "../../platform";

export const DRAFT_REST_MS = 400;
export const IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp"];

/** A picture that waits to be sent. `added` is set once the core has it, so that a second try does not bring it again. */
export type Attachment = { file: File; url: string; added: MediaView | null };

export type Limits = { maxTextChars: number; maxImageBytes: number };

/** Why a picture or text is not taken, before the core is asked. */
export type Refusal = { kind: "not_image" } | { kind: "too_large"; bytes: number };

/**
 * What is being written to one chat. There is one of these per chat, for as long as the window lives: a text, a picture
 * or an unanswered send of one chat can never turn up in another.
 *
 * Sending: the call carries an id that we choose. If the call is lost, we do not know whether the message was taken; the
 * text comes back and the same id is used again for the same content, so that the core gives the same message and never
 * makes a second one. Other content is another message and gets another id.
 */
export class Composer {
  text = $state("");
  attachment = $state.raw<Attachment | null>(null);
  sending = $state(false);
  fault = $state.raw<Fault | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  /** The last send was lost on the way and its content is back in the field. */
  unsure = $state(false);

  private attempt: { clientId: string; text: string; file: File | null } | null = null;
  private savedDraft: string;
  private rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly platform: Platform,
    readonly chatId: number,
    draft: string | null,
    private readonly newId: () => string = () => crypto.randomUUID(),
  ) {
    this.text = draft ?? "";
    this.savedDraft = this.text;
  }

  type(text: string): void {
    this.text = text;
    if (this.rest) clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.flush(), DRAFT_REST_MS);
  }

  attach(file: File, limits: Limits): void {
    this.refusal = refusalOf(file, limits);
    if (this.refusal) return;
    this.detach();
    this.attachment = { file, url: URL.createObjectURL(file), added: null };
  }

  detach(): void {
    if (this.attachment) URL.revokeObjectURL(this.attachment.url);
    this.attachment = null;
    this.fault = null;
  }

  /** Characters over the limit, or fewer than none: how many are left. Counted as people count: code points. */
  over(limits: Limits): number {
    return [...this.text].length - limits.maxTextChars;
  }

  ready(limits: Limits): boolean {
    const something = this.attachment !== null || this.text.trim() !== "";
    return something && !this.sending && this.over(limits) <= 0;
  }

  /** Saves the draft now: on leaving the chat, on closing the window. */
  async flush(): Promise<void> {
    if (this.rest) clearTimeout(this.rest);
    this.rest = null;
    const draft = this.text;
    // While a send is under way its text is not a draft, and an empty field is not an answer yet.
    if (this.sending || draft === this.savedDraft) return;
    const before = this.savedDraft;
    this.savedDraft = draft;
    try {
      await this.platform.call("chat_draft_set", { chatId: this.chatId, draft: draft === "" ? null : draft });
    } catch {
      this.savedDraft = before;
    }
  }

  /** The message as the core took it, or null when it did not. */
  async send(limits: Limits): Promise<MessageView | null> {
    if (!this.ready(limits)) return null;
    const { text, attachment } = this;
    const clientId = this.idFor(text, attachment);
    this.sending = true;
    this.fault = null;
    this.text = "";
    try {
      const mediaId = attachment ? await this.bring(attachment) : null;
      const words = text.trim() === "" ? null : text;
      const message = await this.platform.call("message_send", { chatId: this.chatId, clientId, text: words, mediaId });
      this.taken(attachment);
      return message;
    } catch (thrown) {
      this.giveBack(text, asFault(thrown));
      return null;
    }
  }

  private idFor(text: string, attachment: Attachment | null): string {
    const file = attachment?.file ?? null;
    if (this.attempt && this.attempt.text === text && this.attempt.file === file) return this.attempt.clientId;
    this.attempt = { clientId: this.newId(), text, file };
    return this.attempt.clientId;
  }

  private async bring(attachment: Attachment): Promise<number> {
    if (!attachment.added) {
      const dataBase64 = await base64Of(attachment.file);
      attachment.added = await this.platform.call("media_add", { fileName: attachment.file.name, dataBase64 });
    }
    return attachment.added.id;
  }

  /** What was typed meanwhile stays too, after what could not be sent. */
  private giveBack(text: string, fault: Fault): void {
    this.sending = false;
    this.text = this.text === "" ? text : `${text}\n${this.text}`;
    this.fault = fault;
    this.unsure = fault.code === "core_lost";
    if (!this.unsure) this.attempt = null;
    void this.flush();
  }

  private taken(attachment: Attachment | null): void {
    this.sending = false;
    this.unsure = false;
    this.attempt = null;
    if (attachment && this.attachment === attachment) this.detach();
    void this.flush();
  }
}

/** All composers of this window, by chat. */
export class Desk {
  private readonly composers = new Map<number, Composer>();

  constructor(
    private readonly platform: Platform,
    private readonly newId?: () => string,
  ) {}

  /** The composer of a chat; the stored draft counts only the first time, since then the window knows better. */
  at(chatId: number, draft: string | null): Composer {
    let composer = this.composers.get(chatId);
    if (!composer) {
      composer = new Composer(this.platform, chatId, draft, this.newId);
      this.composers.set(chatId, composer);
    }
    return composer;
  }

  async flush(): Promise<void> {
    await Promise.all([...this.composers.values()].map((composer) => composer.flush()));
  }
}

function refusalOf(file: File, limits: Limits): Refusal | null {
  if (!IMAGE_TYPES.includes(file.type)) return { kind: "not_image" };
  return file.size > limits.maxImageBytes ? { kind: "too_large", bytes: file.size } : null;
}

/** In pieces: spreading a whole photo into one call would overflow the stack. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
