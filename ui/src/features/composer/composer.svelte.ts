import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { messageAt } from "../../parts/message-at";
import { textOf } from "../../parts/message-words";
import { fileNameOf } from "../../parts/saving.svelte";
import {
  type Args,
  asFault,
  brought,
  type ChatRow,
  type Fault,
  type FileOffer,
  isGivenUp,
  type MessageView,
  type Platform,
  type ShownAs,
} from "../../platform";
import { type Attachment, type Attempt, asOffered, isRefusal, offerFor, type Refusal, type Refused } from "./attaching";
import { Recorder } from "./recorder.svelte";
import { outgoing, writtenAgain } from "./writing";

export const DRAFT_REST_MS = 400;
/** So long after an undo that was not answered it is asked for again. */
export const UNDO_REST_MS = 5_000;

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
/** What the core keeps of a draft besides its words: one file that it has, and what is answered. */
type Kept = { mediaId: number | null; quotedId: number | null };
/** What a message answers; null = nothing that is here. */
type Quoted = () => Promise<MessageView | null>;

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
 * would come back after the message. Its file and what it answers outlive the window too, and are fetched when the chat is opened;
 * of several files the first that the core has. Nothing is sent while they come.
 *
 * An undo that was not answered may have been done: the words may be here alone. So it is asked for again until there is an
 * answer, now and then and before the next send, and for that message alone: what was sent after it goes its way.
 */
export class Composer {
  text = $state("");
  attachments = $state.raw<readonly Attachment[]>([]);
  sending = $state(false);
  fault = $state.raw<Fault | null>(null);
  /** Files that were not taken. */
  refused = $state.raw<readonly Refused[]>([]);
  /** The last send was lost on the way and its content is back in the field. */
  unsure = $state(false);
  /** What is being answered. */
  quote = $state.raw<MessageView | null>(null);
  /** Whose words are being changed. */
  editing = $state.raw<MessageView | null>(null);
  /** What the last press sent, in its order, while it can be undone. */
  held = $state.raw<readonly Held[]>([]);
  /** What was to be undone, and nobody knows whether it is: asked for again. */
  lost = $state.raw<readonly Held[]>([]);
  /** What had left when it was to be undone. */
  tooLate = $state.raw<readonly MessageView[]>([]);
  /** Of the first file, which is on its way to the core: which part is there; null = none is on its way. */
  came = $state<number | null>(null);
  /** The rest of a draft that is older than the window is being fetched. */
  beginning = $state(false);
  /** Those chosen to be named, by the name that stands in the text. */
  readonly people = new SvelteMap<string, string>();
  readonly recorder: Recorder;

  /** Of the last words alone. */
  attempt: Attempt | null = null;
  private readonly correcting: { attempt: Attempt | null } = { attempt: null };
  private bringing = new AbortController();
  private taking: Held[] = [];
  /** What is being undone, or was. */
  private readonly withdrawn = new Set<number>();
  private undoing = 0;
  private undoFault: Fault | null = null;
  private undoRest: ReturnType<typeof setTimeout> | null = null;
  private asking: Promise<boolean> | null = null;
  private saving: Promise<unknown> | null = null;
  private beforeEditing = "";
  /** Corrections that something else came before, by message. */
  private readonly corrections = new Map<number, string>();
  private savedDraft: string;
  /** Of the draft that is older than the window, until it is here. */
  private older: Kept | null;
  private rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly platform: Platform,
    readonly chatId: number,
    private readonly draft: string | null,
    private readonly newId: () => string = () => crypto.randomUUID(),
    kept: Kept = { mediaId: null, quotedId: null },
  ) {
    this.recorder = new Recorder(platform);
    this.text = draft ?? "";
    this.savedDraft = draftKey(this.text, kept);
    this.older = kept.mediaId === null && kept.quotedId === null ? null : kept;
  }

  /** The file and the answer of a draft that is older than the window. What was chosen meanwhile stays. */
  async begin(limits: Limits): Promise<void> {
    const { older } = this;
    if (!older || this.beginning) return;
    this.beginning = true;
    try {
      const file = older.mediaId === null ? null : await this.fileOf(older.mediaId, limits);
      const quote = older.quotedId === null ? null : await messageAt(this.platform, this.chatId, older.quotedId);
      if (file) this.attachments = [file, ...this.attachments];
      this.quote ??= quote;
      this.older = null;
    } catch (thrown) {
      // It stays in the draft, and is tried again when the chat is opened again.
      this.fault = asFault(thrown);
    } finally {
      this.beginning = false;
    }
    void this.flush();
  }

  /** Null: its bytes are gone, which is told. */
  private async fileOf(mediaId: number, limits: Limits): Promise<Attachment | null> {
    try {
      const media = await this.platform.call("media_fetch", { mediaId });
      const bytes = await this.platform.mediaBytes(mediaId);
      const file = new File([bytes], fileNameOf(media, Date.now()), { type: media.mime });
      const wanted = media.waveform ? "voice" : undefined;
      return { ...asOffered(file, offerFor(file, limits.files, wanted), limits.files, wanted), added: media };
    } catch (thrown) {
      const fault = asFault(thrown);
      if (fault.code !== "media_missing" && fault.code !== "not_found") throw fault;
      this.fault = fault;
      return null;
    }
  }

  type(text: string): void {
    this.text = text;
    this.tooLate = [];
    this.forgetUnsure();
    this.keepSoon();
  }

  private keepSoon(): void {
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
      this.undoing,
      this.beginning,
    ];
    const lists = [this.attachments, this.held, this.lost, this.tooLate, this.taking];
    const isAtRest = !parts.some(Boolean) && lists.every(({ length }) => length === 0);
    return isAtRest && this.corrections.size === 0 && this.recorder.since === null;
  }

  /** Words from outside, for a person to read before they send them: only where nothing is being written. */
  offer(text: string): boolean {
    const busy =
      this.text !== "" || this.attachments.length > 0 || this.older || this.editing || this.quote || this.sending;
    if (busy) return false;
    this.type(text);
    return true;
  }

  /** What was refused of them is told until the next files come, or a message leaves. */
  attachAll(files: Iterable<File>, limits: Limits): void {
    this.refused = [];
    for (const file of files) this.attach(file, limits);
  }

  attach(file: File, limits: Limits, wanted?: ShownAs): void {
    // A recording that ends meanwhile is kept all the same.
    const editing = this.editing && wanted === undefined;
    const offer: FileOffer | Refusal = editing ? { kind: "editing" } : offerFor(file, limits.files, wanted);
    if (isRefusal(offer)) {
      this.refused = [...this.refused, { name: file.name, why: offer }];
      return;
    }
    this.attachments = [...this.attachments, asOffered(file, offer, limits.files, wanted)];
  }

  /** As what it is, or as a document. */
  show(attachment: Attachment, limits: Limits, asDocument: boolean): void {
    const offer = offerFor(attachment.file, limits.files, asDocument ? "document" : undefined);
    if (isRefusal(offer)) return;
    this.attachments = this.attachments.map((one) => (one === attachment ? { ...one, shownAs: offer.shownAs } : one));
  }

  /** One that is on its way is given up, and what goes with it is written again. */
  detach(attachment: Attachment): void {
    if (this.came !== null) this.bringing.abort();
    URL.revokeObjectURL(attachment.url);
    this.attachments = this.attachments.filter((one) => one.file !== attachment.file);
    this.fault = null;
    this.forgetUnsure();
    this.keepSoon();
  }

  /** Of a field that was emptied there is nothing to send once more. */
  private forgetUnsure(): void {
    if (!this.unsure || this.editing || this.text !== "" || this.attachments.length > 0) return;
    this.unsure = false;
    this.fault = null;
  }

  /** Null: it answers nothing any more. */
  reply(message: MessageView | null): void {
    this.leaveEditing();
    this.quote = message;
    this.keepSoon();
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
    this.refused = [];
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
    return something && !this.sending && !this.beginning && this.over(limits) <= 0;
  }

  /** Saves the draft now: on leaving the chat, on closing the window. */
  async flush(): Promise<void> {
    if (this.rest) clearTimeout(this.rest);
    this.rest = null;
    // Words of a message that is being edited are no draft.
    const draft = this.editing ? this.beforeEditing : this.text;
    const { mediaId, quotedId } = this.kept();
    const key = draftKey(draft, { mediaId, quotedId });
    // While a send is under way its text is not a draft, and an empty field is not an answer yet.
    if (this.sending || key === this.savedDraft) return;
    const before = this.savedDraft;
    this.savedDraft = key;
    try {
      const args = { chatId: this.chatId, draft: draft || null, mediaId, quotedId };
      this.saving = this.platform.call("chat_draft_set", args);
      await this.saving;
    } catch {
      this.savedDraft = before;
    }
  }

  /** What is still to come of an older draft stays in it. */
  private kept(): Kept {
    const file = this.attachments.find(({ added }) => added !== null)?.added;
    return {
      mediaId: file?.id ?? this.older?.mediaId ?? null,
      quotedId: this.quote?.id ?? this.older?.quotedId ?? null,
    };
  }

  /** The last message as the core took it, or null when it did not. */
  async send(limits: Limits): Promise<MessageView | null> {
    if (!this.ready(limits)) return null;
    // What became of an undo comes first: its words may be here alone.
    if (this.lost.length > 0 || this.asking) {
      const isBack = await this.askAgain();
      if (isBack || !this.ready(limits)) return null;
    }
    this.refused = [];
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
    if (this.taking.length > 0)
      this.held = this.taking.filter(({ message }) => message.heldUntil !== null && !this.withdrawn.has(message.id));
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
    const all = [...this.lost, ...this.held];
    this.held = [];
    await this.undoAll(all);
  }

  /** What an undo that was not answered came to. */
  private askAgain(): Promise<boolean> {
    this.asking ??= this.undoAll(this.lost).finally(() => {
      this.asking = null;
      // Its time may have come while this was under way.
      if (this.lost.length > 0) this.askLater();
    });
    return this.asking;
  }

  private askLater(): void {
    this.undoRest ??= setTimeout(() => {
      this.undoRest = null;
      void this.askAgain();
    }, UNDO_REST_MS);
  }

  /** True: something of it is a draft again. */
  private async undoAll(all: readonly Held[]): Promise<boolean> {
    let isBack = false;
    this.lost = this.lost.filter((one) => !all.includes(one));
    // Whose turn comes later is not withdrawn by itself meanwhile.
    for (const { message } of all) this.withdrawn.add(message.id);
    for (const one of all.toReversed()) isBack = (await this.undo(one)) || isBack;
    if (this.lost.length === 0 && this.fault === this.undoFault) this.fault = null;
    void this.flush();
    return isBack;
  }

  /** One that still waits for its gateway, long after its press: it is what is being written, before what was begun meanwhile. */
  async withdraw(message: MessageView, quoted: Quoted, known: ReadonlyMap<string, string>): Promise<void> {
    const { id } = message;
    const isIt = (one: Held) => one.message.id === id;
    // Pressed twice, its words come back once.
    if (this.withdrawn.has(id)) return;
    this.withdrawn.add(id);
    this.fault = null;
    this.tooLate = [];
    const sent = [...this.lost, ...this.held].find(isIt);
    try {
      // A file is here again before its message goes.
      const content = sent?.content ?? (await this.contentOf(message, quoted, known));
      this.held = this.held.filter((one) => !isIt(one));
      this.lost = this.lost.filter((one) => !isIt(one));
      await this.undoAll([{ message, content }]);
    } catch (thrown) {
      this.withdrawn.delete(id);
      this.fault = asFault(thrown);
    }
  }

  private async undo(one: Held): Promise<boolean> {
    this.undoing += 1;
    const isUndone = await this.isUndone(one);
    if (isUndone) this.restore(one.content);
    else this.withdrawn.delete(one.message.id);
    this.undoing -= 1;
    return isUndone;
  }

  /** True: it is a draft again. */
  private async isUndone(one: Held): Promise<boolean> {
    const { message } = one;
    // A draft that is still being saved would come after the one that this leaves.
    await this.saving?.catch(() => {});
    try {
      const { chat } = await this.platform.call("message_take_back", { messageId: message.id });
      this.savedDraft = draftKey(chat.draft ?? "", { mediaId: chat.draftMediaId, quotedId: chat.draftQuotedId });
      return true;
    } catch (thrown) {
      const fault = asFault(thrown);
      // An earlier undo took it, and its answer was lost.
      if (fault.code === "not_found") return true;
      if (fault.code === "state_changed") this.tooLate = [message, ...this.tooLate];
      else this.lose(one, fault);
      return false;
    }
  }

  private lose(one: Held, fault: Fault): void {
    this.lost = [one, ...this.lost];
    this.fault = fault;
    this.undoFault = fault;
    this.askLater();
  }

  private async contentOf(
    { body, mentions, at }: MessageView,
    quoted: Quoted,
    known: ReadonlyMap<string, string>,
  ): Promise<Content> {
    let attachment: Attachment | null = null;
    // One that was sent on may never have been fetched: it is where it was sent on from.
    if ((body.kind === "image" || body.kind === "file") && body.media.state === "ready") {
      const bytes = await this.platform.mediaBytes(body.media.id);
      const file = new File([bytes], fileNameOf(body.media, at), { type: body.media.mime });
      const shownAs = body.kind === "image" ? body.kind : body.shownAs;
      attachment = { file, url: "", shownAs, orDocument: false, added: body.media, attempt: null };
    }
    const quote = await quoted();
    const text = writtenAgain(textOf(body) ?? "", mentions, known, this.people);
    return { text, attachment, quote, first: false };
  }

  /** The time to undo is over. */
  letGo(): void {
    this.held = [];
  }

  private restore(content: Content): void {
    if (this.isHere(content)) return;
    this.leaveEditing();
    this.text = [content.text, this.text].filter((part) => part !== "").join("\n");
    this.quote ??= content.quote;
    if (content.attachment) {
      const again = { ...content.attachment, url: URL.createObjectURL(content.attachment.file) };
      this.attachments = [again, ...this.attachments];
    }
  }

  /** It was lost on the way and stands in the field already. It did not go, that is certain now: what is there is another message. */
  private isHere({ text, attachment, quote }: Content): boolean {
    const file = this.attachments.find(({ attempt }) => attempt);
    const asked = attachment ? file : this;
    const isFile = attachment?.shownAs === file?.shownAs && attachment?.file.size === file?.file.size;
    const isSame = text === this.text && quote?.id === this.quote?.id && (!attachment || isFile);
    if (!this.unsure || !asked?.attempt || !isSame) return false;
    asked.attempt = null;
    this.unsure = false;
    this.fault = null;
    return true;
  }

  private async sendOne(content: Content, limits: Limits): Promise<MessageView | null> {
    const clientId = this.idFor(content, content.attachment ?? this);
    let asked = false;
    try {
      const mediaId = content.attachment ? await this.bring(content.attachment) : null;
      asked = true;
      const message = await this.platform.call("message_send", this.argsOf(content, clientId, mediaId, limits));
      this.taken(content, message);
      return message;
    } catch (thrown) {
      this.giveBack(content, isGivenUp(thrown) ? null : asFault(thrown), asked);
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
    const { file } = attachment;
    this.bringing = new AbortController();
    try {
      attachment.added ??= await brought(this.platform, file, this.bringing.signal, (share) => {
        this.came = share;
      });
      return attachment.added.id;
    } finally {
      this.came = null;
    }
  }

  /** What was typed meanwhile stays too, after what could not be sent. Of what the core was not `asked` to send nothing has left. */
  private giveBack({ text, attachment, quote, first }: Content, fault: Fault | null, asked: boolean): void {
    if (text !== "") this.leaveEditing();
    this.text = [text, this.text].filter((part) => part !== "").join("\n");
    // They answer what they answered, whatever was chosen meanwhile.
    if (first) this.quote = quote;
    this.fault = fault;
    this.unsure = asked && (fault?.code === "core_lost" || fault?.code === "internal");
    // Only this one says that the id is spent: the message was discarded.
    if (fault?.code === "state_changed") (attachment ?? this).attempt = null;
    // It waited for so long that the core has let it go: the next press brings it again.
    if (fault?.code === "media_missing" && attachment) attachment.added = null;
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

/** "" = there is nothing in it. */
function draftKey(text: string, { mediaId, quotedId }: Kept): string {
  return text === "" && mediaId === null && quotedId === null ? "" : JSON.stringify([text, mediaId, quotedId]);
}

/** So many composers are kept, whether anything is in them or not. */
const KEPT = 20;

/** A chat with what was being written in it. */
export type Drafted = Pick<ChatRow, "id" | "draft" | "draftMediaId" | "draftQuotedId">;

/** The composers of this window, by chat, those that were used last at the end. Of an earlier one there is only what holds something. */
export class Desk {
  private readonly composers = new Map<number, Composer>();

  constructor(
    private readonly platform: Platform,
    private readonly newId?: () => string,
  ) {}

  /** The composer of a chat; the stored draft counts only the first time, since then the window knows better. */
  at({ id: chatId, draft, draftMediaId: mediaId, draftQuotedId: quotedId }: Drafted): Composer {
    const composer =
      this.composers.get(chatId) ?? new Composer(this.platform, chatId, draft, this.newId, { mediaId, quotedId });
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
