import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import {
  type Args,
  asFault,
  type Fault,
  type FileOffer,
  type MessageView,
  type Platform,
  type ShownAs,
} from "../../platform";
import { type Attachment, type Attempt, base64Of, isRefusal, offerFor, type Refusal } from "./attaching";
import { Recorder } from "./recorder.svelte";
import { outgoing } from "./writing";

export const DRAFT_REST_MS = 400;

export type Limits = {
  maxTextChars: number;
  files: readonly FileOffer[];
  /** Under these files persons can be named. */
  namesUnder?: readonly ShownAs[];
  /** For so long a message can be undone; absent = it leaves at once. */
  undoSeconds?: number;
};

/** What one call of `message_send` carries. The first of a press carries what stands in the field, and so the chat's draft. */
type Content = { text: string; attachment: Attachment | null; quote: MessageView | null; first: boolean };
type Held = { message: MessageView; content: Content };

/** Beside these WhatsApp carries no words. */
const WORDLESS: readonly ShownAs[] = ["voice", "audio", "sticker", "short_video"];

/**
 * What is being written to one chat. There is one of these per chat, for as long as the window lives: a text, a picture
 * or an unanswered send of one chat can never turn up in another.
 *
 * Sending: the call carries an id that we choose. If it fails, the message may have been taken all the same; the text comes
 * back and the same id is used again for the same content, so that the core gives the same message and never makes a second
 * one. Other content is another message and gets another id. Several files are several messages, one after the other; the
 * text goes with the first, or before it if words cannot stand beside such a file. Whatever comes while a send is under way
 * (a file that was dropped, a recording that ended) waits for the next press.
 *
 * The draft is cleared by the core as it takes the message, in one step. A draft that is still being saved is waited for: it
 * would come back after the message.
 */
export class Composer {
  text = $state("");
  attachments = $state.raw<readonly Attachment[]>([]);
  sending = $state(false);
  fault = $state.raw<Fault | null>(null);
  refusal = $state.raw<Refusal | null>(null);
  /** The last send was lost on the way and its content is back in the field. */
  unsure = $state(false);
  /** What is being answered. */
  quote = $state.raw<MessageView | null>(null);
  /** Whose words are being changed. */
  editing = $state.raw<MessageView | null>(null);
  /** What the last press sent, in its order, while it can be undone. */
  held = $state.raw<readonly Held[]>([]);
  /** What had left when it was to be undone. */
  tooLate = $state.raw<readonly MessageView[]>([]);
  /** Those chosen to be named, by the name that stands in the text. */
  readonly people = new SvelteMap<string, string>();
  readonly recorder: Recorder;

  /** Of the last words alone. */
  attempt: Attempt | null = null;
  private readonly correcting: { attempt: Attempt | null } = { attempt: null };
  private taking: Held[] = [];
  /** Whether the last undo took back all that it should is not known. */
  private undoLost = false;
  private undoAgainAt = 0;
  private saving: Promise<unknown> | null = null;
  private beforeEditing = "";
  /** Corrections that something else came before, by message. */
  private readonly corrections = new Map<number, string>();
  private savedDraft: string;
  private rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly platform: Platform,
    readonly chatId: number,
    private readonly draft: string | null,
    private readonly newId: () => string = () => crypto.randomUUID(),
  ) {
    this.recorder = new Recorder(platform);
    this.text = draft ?? "";
    this.savedDraft = this.text;
  }

  type(text: string): void {
    this.text = text;
    this.tooLate = [];
    if (this.rest) clearTimeout(this.rest);
    this.rest = setTimeout(() => void this.flush(), DRAFT_REST_MS);
  }

  /** Who was named in a draft that is older than the window: of it only the names are left. */
  recall(people: Iterable<{ name: string; address: string }>): void {
    for (const { name, address } of people) if (this.draft?.includes(`@${name}`)) this.people.set(name, address);
  }

  /** Is nothing lost with it? */
  get isEmpty(): boolean {
    const parts = [
      this.text,
      this.sending,
      this.fault,
      this.unsure,
      this.quote,
      this.editing,
      this.rest,
      this.savedDraft,
    ];
    const lists = [this.attachments, this.held, this.tooLate, this.taking];
    const isAtRest = !parts.some(Boolean) && lists.every(({ length }) => length === 0);
    return isAtRest && this.corrections.size === 0 && this.recorder.since === null;
  }

  /** Words from outside, for a person to read before they send them: only where nothing is being written. */
  offer(text: string): boolean {
    const busy = this.text !== "" || this.attachments.length > 0 || this.editing || this.quote || this.sending;
    if (busy) return false;
    this.type(text);
    return true;
  }

  /** What was refused of them is told until the next files come, or a message leaves. */
  attachAll(files: Iterable<File>, limits: Limits): void {
    this.refusal = null;
    for (const file of files) this.attach(file, limits);
  }

  attach(file: File, limits: Limits, wanted?: ShownAs): void {
    // A recording that ends meanwhile is kept all the same.
    const editing = this.editing && wanted === undefined;
    const offer: FileOffer | Refusal = editing ? { kind: "editing" } : offerFor(file, limits.files, wanted);
    if (isRefusal(offer)) {
      this.refusal = offer;
      return;
    }
    const asDocument = offerFor(file, limits.files, "document");
    const orDocument = offer.shownAs !== "document" && wanted === undefined && !isRefusal(asDocument);
    const url = URL.createObjectURL(file);
    this.attachments = [
      ...this.attachments,
      { file, url, shownAs: offer.shownAs, orDocument, added: null, attempt: null },
    ];
  }

  /** As what it is, or as a document. */
  show(attachment: Attachment, limits: Limits, asDocument: boolean): void {
    const offer = offerFor(attachment.file, limits.files, asDocument ? "document" : undefined);
    if (isRefusal(offer)) return;
    this.attachments = this.attachments.map((one) => (one === attachment ? { ...one, shownAs: offer.shownAs } : one));
  }

  detach(attachment: Attachment): void {
    URL.revokeObjectURL(attachment.url);
    this.attachments = this.attachments.filter((one) => one.file !== attachment.file);
    this.fault = null;
  }

  reply(message: MessageView): void {
    this.leaveEditing();
    this.quote = message;
  }

  edit(message: MessageView): void {
    if (message.body.kind !== "text") return;
    this.leaveEditing();
    this.quote = null;
    this.beforeEditing = this.text;
    this.editing = message;
    this.text = this.corrections.get(message.id) ?? message.body.text;
  }

  /** The correction is saved, or given up. */
  stopEditing(): void {
    const { editing } = this;
    this.leaveEditing();
    if (editing) this.corrections.delete(editing.id);
  }

  /** Something else comes first: its words are there when the message is edited again. */
  private leaveEditing(): void {
    if (!this.editing) return;
    this.corrections.set(this.editing.id, this.text);
    this.editing = null;
    this.text = this.beforeEditing;
    this.fault = null;
    this.refusal = null;
  }

  /** Characters over the limit, or fewer than none: how many are left. Counted as people count: code points. */
  over(limits: Limits): number {
    return [...this.text].length - limits.maxTextChars;
  }

  /** Can persons be named in the words as they are to be sent? */
  takesNames(limits: Limits, under: Attachment | null = this.attachments[0] ?? null): boolean {
    return !under || [...WORDLESS, ...(limits.namesUnder ?? [])].includes(under.shownAs);
  }

  ready(limits: Limits): boolean {
    const something = (this.attachments.length > 0 && !this.editing) || this.text.trim() !== "";
    return something && !this.sending && this.over(limits) <= 0;
  }

  /** Saves the draft now: on leaving the chat, on closing the window. */
  async flush(): Promise<void> {
    if (this.rest) clearTimeout(this.rest);
    this.rest = null;
    // Words of a message that is being edited are no draft.
    const draft = this.editing ? this.beforeEditing : this.text;
    // While a send is under way its text is not a draft, and an empty field is not an answer yet.
    if (this.sending || draft === this.savedDraft) return;
    const before = this.savedDraft;
    this.savedDraft = draft;
    try {
      this.saving = this.platform.call("chat_draft_set", { chatId: this.chatId, draft: draft || null });
      await this.saving;
    } catch {
      this.savedDraft = before;
    }
  }

  /** The last message as the core took it, or null when it did not. */
  async send(limits: Limits): Promise<MessageView | null> {
    if (!this.ready(limits)) return null;
    // What became of the last undo comes first: its words may be here alone.
    if (this.undoLost) {
      await this.takeBack();
      if (!this.undoLost) return null;
      this.undoLost = false;
    }
    this.refusal = null;
    if (this.editing) return this.saveEdit(this.editing);
    this.sending = true;
    this.fault = null;
    this.taking = [];
    const contents = this.contents();
    await this.saving?.catch(() => {});
    for (const content of contents) {
      if (!(await this.sendOne(content, limits))) break;
    }
    this.sending = false;
    if (this.taking.length > 0) this.held = this.taking.filter(({ message }) => message.heldUntil !== null);
    void this.flush();
    return this.taking.at(-1)?.message ?? null;
  }

  /** What this press sends; the field is empty from now on. */
  private contents(): Content[] {
    const { text, quote, attachments } = this;
    this.text = "";
    const [first] = attachments;
    const bare = attachments.map((attachment) => ({ text: "", attachment, quote: null, first: false }));
    const all: Content[] = bare;
    // It may have gone without words: with some it would be another message, and the file there twice.
    const triedBare = this.unsure && first?.attempt && first.attempt.key === keyOf(bare[0]);
    const apart = triedBare || (first && WORDLESS.includes(first.shownAs));
    if (!first || (apart && text.trim() !== "")) all.unshift({ text, attachment: null, quote, first: true });
    else all[0] = { text, attachment: first, quote: triedBare ? null : quote, first: true };
    return all;
  }

  /** A recording waits among the files. */
  async finishVoice(limits: Limits): Promise<void> {
    const file = await this.recorder.stop();
    if (file) this.attach(file, limits, "voice");
  }

  /** What has not left yet of the last press is a draft again. */
  async takeBack(): Promise<void> {
    const { held } = this;
    this.held = [];
    this.undoLost = false;
    for (const one of held.toReversed()) {
      const { message, content } = one;
      try {
        const { chat } = await this.platform.call("message_take_back", { messageId: message.id });
        this.savedDraft = chat.draft ?? "";
        this.restore(content);
      } catch (thrown) {
        const fault = asFault(thrown);
        if (fault.code === "state_changed") this.tooLate = [message, ...this.tooLate];
        // An earlier undo took it, and its answer was lost.
        else if (fault.code === "not_found") this.restore(content);
        else {
          this.fault = fault;
          this.held = [one, ...this.held];
          this.undoLost = true;
        }
      }
    }
    void this.flush();
  }

  /** The time to undo is over. What an undo came to that was not answered is asked again: its words may be here alone. */
  letGo(): void {
    if (!this.undoLost) this.held = [];
    else if (Date.now() >= this.undoAgainAt) {
      this.undoAgainAt = Date.now() + 5_000;
      void this.takeBack();
    }
  }

  private restore(content: Content): void {
    this.leaveEditing();
    this.text = [content.text, this.text].filter((part) => part !== "").join("\n");
    this.quote ??= content.quote;
    if (content.attachment) {
      const again = { ...content.attachment, url: URL.createObjectURL(content.attachment.file) };
      this.attachments = [again, ...this.attachments];
    }
  }

  private async sendOne(content: Content, limits: Limits): Promise<MessageView | null> {
    const clientId = this.idFor(content, content.attachment ?? this);
    try {
      const mediaId = content.attachment ? await this.bring(content.attachment) : null;
      const message = await this.platform.call("message_send", this.argsOf(content, clientId, mediaId, limits));
      this.taken(content, message);
      return message;
    } catch (thrown) {
      this.giveBack(content, asFault(thrown));
      return null;
    }
  }

  private argsOf(content: Content, clientId: string, mediaId: number | null, limits: Limits): Args<"message_send"> {
    const named = this.takesNames(limits, content.attachment) ? this.people : new Map<string, string>();
    const { text, mentions } = outgoing(content.text, named);
    return {
      chatId: this.chatId,
      clientId,
      text: text.trim() === "" ? null : text,
      mediaId,
      ...(content.attachment ? { shownAs: content.attachment.shownAs } : {}),
      ...(content.quote ? { quotedId: content.quote.id } : {}),
      ...(mentions.length > 0 ? { mentions } : {}),
      ...(limits.undoSeconds ? { undoSeconds: limits.undoSeconds } : {}),
      ...(content.first ? { sendsDraft: true } : {}),
    };
  }

  private async saveEdit(message: MessageView): Promise<MessageView | null> {
    const text = this.text;
    this.sending = true;
    this.fault = null;
    try {
      const clientId = this.idFor({ text, attachment: null, quote: message }, this.correcting);
      const action = { kind: "edit" as const, text };
      const edited = await this.platform.call("message_act", { messageId: message.id, clientId, action });
      this.correcting.attempt = null;
      // What was typed meanwhile is another correction, or of another message.
      if (this.editing?.id === message.id && this.text === text) this.stopEditing();
      return edited;
    } catch (thrown) {
      this.fault = asFault(thrown);
      return null;
    } finally {
      this.sending = false;
    }
  }

  private idFor(content: Omit<Content, "first">, asked: { attempt: Attempt | null }): string {
    const key = keyOf(content);
    if (asked.attempt?.key !== key) asked.attempt = { clientId: this.newId(), key };
    return asked.attempt.clientId;
  }

  private async bring(attachment: Attachment): Promise<number> {
    if (!attachment.added) {
      const dataBase64 = await base64Of(attachment.file);
      attachment.added = await this.platform.call("media_add", { fileName: attachment.file.name, dataBase64 });
    }
    return attachment.added.id;
  }

  /** What was typed meanwhile stays too, after what could not be sent. */
  private giveBack({ text, attachment, quote, first }: Content, fault: Fault): void {
    if (text !== "") this.leaveEditing();
    this.text = [text, this.text].filter((part) => part !== "").join("\n");
    // They answer what they answered, whatever was chosen meanwhile.
    if (first) this.quote = quote;
    this.fault = fault;
    this.unsure = fault.code === "core_lost" || fault.code === "internal";
    // Only this one says that the id is spent: the message was discarded.
    if (fault.code === "state_changed") (attachment ?? this).attempt = null;
  }

  private taken(content: Content, message: MessageView): void {
    this.unsure = false;
    this.attempt = null;
    if (content.first) this.savedDraft = "";
    if (content.quote === this.quote) this.quote = null;
    if (content.attachment) {
      content.attachment.attempt = null;
      this.detach(content.attachment);
    }
    this.taking.push({ message, content });
  }
}

/** The same for the same content. */
function keyOf(content: Omit<Content, "first"> | undefined): string {
  return JSON.stringify([content?.text, content?.attachment?.shownAs, content?.quote?.id]);
}

/** So many composers are kept, whether anything is in them or not. */
const KEPT = 20;

/** The composers of this window, by chat, those that were used last at the end. Of an earlier one there is only what holds something. */
export class Desk {
  private readonly composers = new Map<number, Composer>();

  constructor(
    private readonly platform: Platform,
    private readonly newId?: () => string,
  ) {}

  /** The composer of a chat; the stored draft counts only the first time, since then the window knows better. */
  at(chatId: number, draft: string | null): Composer {
    const composer = this.composers.get(chatId) ?? new Composer(this.platform, chatId, draft, this.newId);
    this.composers.delete(chatId);
    this.composers.set(chatId, composer);
    for (const [id, earlier] of [...this.composers].slice(0, -KEPT)) {
      if (untrack(() => earlier.isEmpty)) this.composers.delete(id);
    }
    return composer;
  }

  async flush(): Promise<void> {
    await Promise.all([...this.composers.values()].map((composer) => composer.flush()));
  }
}
