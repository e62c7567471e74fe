import { asFault, type ChatRow, type Fault, type MessageHit, type Platform } from "../../platform";

/** A pause in typing after which it is searched. */
export const PAUSE_MS = 30;
export const PAGE = 30;
const CHATS = 6;
/** So many saved people of each phone are looked at. */
const CONTACTS = 20;
/** So near to the last result the next page is read. */
const AHEAD = 8;

/** A number of which there is no chat yet, through which of the shop's it would be written to, and whose it is by that one's phone. */
export type NewNumber = { kind: "number"; deviceId: number; number: string; name: string | null };
/** A number of the shop's; `contacts`: it is known whom its phone has saved. */
export type Through = { id: number; contacts: boolean };
export type Result = { kind: "chat"; chat: ChatRow } | NewNumber | { kind: "message"; hit: MessageHit };

/** Could it be a telephone number? */
const NUMBER = /^\s*\+?[\d\s().-]{7,24}$/;

/**
 * What was typed and what was found for it: chats first, then the number that it is or whom a phone has saved so, if nobody was written to there yet, then
 * messages from the newest back, page by page; in one chat only its messages. It is asked after a short pause. An answer to words that are no longer there is thrown away, and
 * until the answer to the new ones comes, what was found before stays.
 *
 * Results stay as they were found: nothing moves under the eye while messages come in. Nothing here outlives the window.
 */
export class Search {
  typed = $state("");
  /** The words of the results. */
  asked = $state("");
  state = $state<"idle" | "searching" | "ready" | "failed">("idle");
  fault = $state.raw<Fault | null>(null);
  chats = $state.raw<ChatRow[]>([]);
  numbers = $state.raw<NewNumber[]>([]);
  hits = $state.raw<MessageHit[]>([]);
  more = $state(false);
  moreFault = $state.raw<Fault | null>(null);
  /** What is said of the number whose chat was to be opened. */
  said = $state.raw<{ of: NewNumber; what: "checking" | "not_on_whatsapp" | "not_told" } | null>(null);
  startFault = $state.raw<Fault | null>(null);
  /** The result that Enter opens. */
  at = $state(0);

  readonly results: Result[] = $derived([
    ...this.chats.map((chat): Result => ({ kind: "chat", chat })),
    ...this.numbers,
    ...this.hits.map((hit): Result => ({ kind: "message", hit })),
  ]);
  readonly active = $derived(this.results[this.at] ?? null);
  readonly none = $derived(this.state === "ready" && this.results.length === 0);

  private next: string | null = null;
  /** Each question has its own; an answer with another one is stale. */
  private turn = 0;
  private paging: Promise<void> | null = null;
  private pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly platform: Platform,
    private readonly chatId?: number,
    /** Told after each answer. */
    private readonly answered: () => void = () => {},
    /** Through which devices somebody could be written to. */
    private readonly devices: () => Through[] = () => [],
  ) {}

  type(typed: string): void {
    clearTimeout(this.pause);
    this.turn += 1;
    this.typed = typed;
    if (typed === "") this.clear();
    else if (typed.trim() === "") this.forget();
    else this.askSoon();
  }

  clear(): void {
    clearTimeout(this.pause);
    this.turn += 1;
    this.typed = "";
    this.forget();
  }

  private askSoon(): void {
    this.state = "searching";
    this.pause = setTimeout(() => void this.ask(), PAUSE_MS);
  }

  private forget(): void {
    this.state = "idle";
    this.fault = null;
    this.take("", [], [], [], null);
  }

  /** Asks now. */
  async ask(): Promise<void> {
    clearTimeout(this.pause);
    const { typed } = this;
    if (typed.trim() === "") return;
    this.turn += 1;
    const { turn } = this;
    this.state = "searching";
    try {
      const found = [this.findChats(typed), this.findNumbers(typed), this.page(typed, null)] as const;
      const [chats, numbers, page] = await Promise.all(found);
      if (turn !== this.turn) return;
      this.take(typed, chats, numbers, page.hits, page.next);
      this.fault = null;
      this.state = "ready";
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.take(typed, [], [], [], null);
      this.fault = asFault(thrown);
      this.state = "failed";
    }
    this.answered();
  }

  /** Opens a chat with the number; null: it was not opened, and why is said. Asked once more, an unknown one is opened all the same. */
  async start(of: NewNumber): Promise<number | null> {
    const unchecked = this.said?.of === of && this.said.what === "not_told";
    const { turn } = this;
    this.said = { of, what: "checking" };
    this.startFault = null;
    try {
      const { deviceId, number } = of;
      const started = await this.platform.call("chat_start", { deviceId, number, unchecked });
      if (turn !== this.turn) return null;
      if (started.kind === "open") return started.chatId;
      this.said = { of, what: started.kind };
    } catch (thrown) {
      if (turn !== this.turn) return null;
      this.said = null;
      this.startFault = asFault(thrown);
    }
    return null;
  }

  loadMore(): Promise<void> {
    if (this.next === null || this.state !== "ready") return Promise.resolve();
    this.paging ??= this.readMore(this.next).finally(() => {
      this.paging = null;
    });
    return this.paging;
  }

  /** To the result `step` further on. */
  move(step: number): void {
    this.at = Math.max(0, Math.min(this.at + step, this.results.length - 1));
    if (this.at >= this.results.length - AHEAD && !this.moreFault) void this.loadMore();
  }

  private async readMore(before: string): Promise<void> {
    const { turn } = this;
    this.moreFault = null;
    try {
      const page = await this.page(this.asked, before);
      if (turn !== this.turn) return;
      const known = new Set(this.hits.map((hit) => hit.message.id));
      this.hits = [...this.hits, ...page.hits.filter((hit) => !known.has(hit.message.id))];
      this.setNext(page.next);
    } catch (thrown) {
      if (turn === this.turn) this.moreFault = asFault(thrown);
    }
  }

  private findChats(text: string): Promise<ChatRow[]> {
    if (this.chatId !== undefined) return Promise.resolve([]);
    return this.platform.call("chat_search", { text, limit: CHATS });
  }

  private async findNumbers(typed: string): Promise<NewNumber[]> {
    if (!NUMBER.test(typed)) return this.findContacts(typed.trim());
    const asked = this.devices().map(async ({ id: deviceId }): Promise<NewNumber[]> => {
      const { number, chatId } = await this.platform.call("chat_number", { deviceId, typed });
      return number === null || chatId !== null ? [] : [{ kind: "number", deviceId, number, name: null }];
    });
    return (await Promise.all(asked)).flat();
  }

  /** Whom a phone has saved under a name that begins so, and nobody has written to yet. A hidden number cannot be written to first. */
  private async findContacts(search: string): Promise<NewNumber[]> {
    const asked = this.devices()
      .filter(({ contacts }) => contacts)
      .map(async ({ id: deviceId }) => {
        const page = await this.platform.call("contact_list", { deviceId, search, after: null, limit: CONTACTS });
        return page.rows.flatMap(({ name, number, chatId }): NewNumber[] =>
          number === null || chatId !== null ? [] : [{ kind: "number", deviceId, number, name }],
        );
      });
    return (await Promise.all(asked)).flat();
  }

  private page(text: string, before: string | null) {
    const where = this.chatId === undefined ? {} : { chatId: this.chatId };
    return this.platform.call("message_search", { text, ...where, before, limit: PAGE });
  }

  private take(asked: string, chats: ChatRow[], numbers: NewNumber[], hits: MessageHit[], next: string | null): void {
    this.asked = asked;
    this.chats = chats;
    this.numbers = numbers;
    this.said = null;
    this.startFault = null;
    this.hits = hits;
    this.at = 0;
    this.moreFault = null;
    this.setNext(next);
  }

  private setNext(next: string | null): void {
    this.next = next;
    this.more = next !== null;
  }
}
