import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { asFault, type ChatRow, type DeviceView, type Fault, type MessageView, type Platform } from "../../platform";
import { speech } from "../../words";
import { isShut } from "./group.svelte";

const PAGE = 200;
/** Pages read for one search before the operator is asked whether to go on. */
const PAGES = 5;
export const MOST_CHATS = 20;

/**
 * Messages on their way to other chats: which chats there are, which were chosen, what was sent on already. Each message
 * has its own id for each chat, kept until the dialog goes: a second try sends nothing twice.
 */
export class Forwarding {
  query = $state("");
  rows = $state.raw<ChatRow[]>([]);
  more = $state(false);
  /** Why the chats, or more of them, could not be read. */
  fault = $state.raw<Fault | null>(null);
  sending = $state(false);
  /** Chats that not everything reached. */
  failed = $state(0);
  readonly chosen = new SvelteMap<number, ChatRow>();
  /** Groups that were chosen, and in which only others may write. */
  readonly shut = new SvelteSet<number>();
  readonly found = $derived(this.rows.filter((row) => this.takes(row) && matches(row, this.query)));

  private next: string | null = null;
  private readonly ids = new Map<string, string>();
  private readonly gone = new Set<string>();
  private asked: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly platform: Platform,
    private readonly messages: readonly MessageView[],
    private readonly device: DeviceView | undefined,
    private readonly newId: () => string = () => crypto.randomUUID(),
  ) {}

  /** Reads on until there is something new to show for the query, or there are no more chats. */
  async read(): Promise<void> {
    const before = this.found.length;
    this.fault = null;
    try {
      for (let page = 0; page < PAGES; page += 1) {
        await this.readPage();
        if (!this.more || this.found.length > before) return;
      }
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }

  private async readPage(): Promise<void> {
    const args = { filter: "all" as const, deviceId: this.device?.id ?? null, after: this.next, limit: PAGE };
    const answer = await this.platform.call("chat_list", args);
    const known = new Set(this.rows.map((row) => row.id));
    this.rows = [...this.rows, ...answer.rows.filter((row) => !known.has(row.id))];
    this.next = answer.next;
    this.more = answer.next !== null;
  }

  toggle(row: ChatRow): void {
    if (this.chosen.delete(row.id) || this.chosen.size >= MOST_CHATS) return;
    this.chosen.set(row.id, row);
    if (row.kind === "group") this.asked = Promise.all([this.asked, this.ask(row.id)]);
  }

  /** May this number write there? What nobody can say now, its gateway says. */
  private async ask(chatId: number): Promise<void> {
    const group = await this.platform.call("group_get", { chatId }).catch(() => null);
    if (!group || !isShut(group, this.device)) return;
    this.chosen.delete(chatId);
    this.shut.add(chatId);
  }

  private takes(row: ChatRow): boolean {
    return row.kind !== "group" || (this.device?.capabilities.sendGroups ?? true);
  }

  /** True: everything is on its way. Chats that got all of theirs are no longer chosen, nor is one that turns out to be shut. */
  async send(): Promise<boolean> {
    this.sending = true;
    this.failed = 0;
    const wanted = [...this.chosen.keys()];
    await this.asked;
    for (const chatId of [...this.chosen.keys()]) {
      if (await this.sendTo(chatId)) this.chosen.delete(chatId);
      else this.failed += 1;
    }
    this.sending = false;
    return this.failed === 0 && !wanted.some((chatId) => this.shut.has(chatId));
  }

  private async sendTo(chatId: number): Promise<boolean> {
    for (const { id: messageId } of this.messages) {
      const key = `${chatId}/${messageId}`;
      if (this.gone.has(key)) continue;
      const clientId = this.ids.get(key) ?? this.newId();
      this.ids.set(key, clientId);
      const content = { kind: "forward" as const, messageId };
      try {
        await this.platform.call("message_send", { chatId, clientId, text: null, mediaId: null, content });
        this.gone.add(key);
      } catch {
        return false;
      }
    }
    return true;
  }
}

function matches(row: ChatRow, query: string): boolean {
  return plain(speech.titleOf(row)).includes(plain(query));
}

/** Without case and accents: who looks for "lucia" means Lucía. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase().trim();
}
