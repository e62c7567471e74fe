import { ChatList } from "../features/chats/chat-list.svelte";
import { ChatWork } from "../features/chats/chat-work.svelte";
import { ChatExport } from "../features/chats/export.svelte";
import { ChatKeeping } from "../features/chats/keeping.svelte";
import { Labels } from "../features/chats/labels.svelte";
import { bodyLine } from "../features/chats/last-line";
import { Desk } from "../features/composer/composer.svelte";
import { Conversation, type Eye } from "../features/conversation/conversation.svelte";
import { Devices } from "../features/devices/devices.svelte";
import { Pairing } from "../features/pairing/pairing.svelte";
import { Appearance } from "../features/preferences/appearance.svelte";
import { Habits } from "../features/preferences/habits.svelte";
import { Preferences } from "../features/preferences/preferences.svelte";
import { Jobs } from "../features/rail/jobs.svelte";
import { Search } from "../features/search/search.svelte";
import { Welcome } from "../features/welcome/welcome.svelte";
import { pictures } from "../parts/pictures";
import {
  type AppEvent,
  asFault,
  type ChatRow,
  type DeepLink,
  type DeviceView,
  Fault,
  Feed,
  type Platform,
} from "../platform";
import { speech } from "../words";
import { screens } from "../words/screens.svelte";
import { isOver, keptPanel } from "./kept-panel.svelte";

export type CampaignTab = "list" | "replies" | "optOuts";

/** Which screen is up. A number that was never linked leads to its pairing; no number at all, to the welcome. */
export type Screen =
  | { kind: "welcome"; welcome: Welcome; back: boolean }
  | { kind: "pairing"; deviceId: number; pairing: Pairing }
  | { kind: "chats" }
  | { kind: "campaigns"; campaignId: number | null; tab: CampaignTab }
  | { kind: "explorer"; deviceId: number }
  | { kind: "hooks"; deviceId: number }
  | { kind: "settings" };

/** In so many chats it is known where the eye was. */
const EYES = 50;

/**
 * The whole window: the controllers, which screen is up, which chat is open, and what the core is told about who looks
 * at what. Features know nothing of each other; they meet here.
 */
export class Shop {
  state = $state<"starting" | "ready" | "failed">("starting");
  fault = $state.raw<Fault | null>(null);
  screen = $state.raw<Screen>({ kind: "chats" });
  conversation = $state.raw<Conversation | null>(null);
  help = $state(false);
  /** A chat that a link asks for, and words for its draft: a person says whether it is opened. */
  linked = $state.raw<{ row: ChatRow; number: string | null; text: string | null } | null>(null);
  /** Why the last link could not be followed. */
  linkFault = $state.raw<Fault | null>(null);
  databaseSeen = $state(false);

  readonly feed: Feed;
  readonly preferences: Preferences;
  readonly devices: Devices;
  readonly chats: ChatList;
  readonly work: ChatWork;
  readonly labels: Labels;
  readonly habits: Habits;
  readonly appearance: Appearance;
  readonly desk: Desk;
  /** What is searched in all chats. */
  readonly search: Search;
  readonly exporting: ChatExport;
  readonly keeping: ChatKeeping;
  readonly jobs: Jobs;

  private focused = document.hasFocus();
  /** Where the eye was in the chats that were left last, those left at their end aside. */
  private readonly eyes = new Map<number, Eye>();
  private told = "";
  /** The chat that was open last while it stood in the list, of which query that was, and what stood below it. */
  private stood: { chatId: number | undefined; turn: number; below: ReadonlySet<number> } | null = null;

  constructor(readonly platform: Platform) {
    pictures.from(platform);
    this.feed = new Feed(platform);
    this.preferences = new Preferences(platform, this.feed);
    this.devices = new Devices(platform, this.feed);
    this.chats = new ChatList(platform, this.feed);
    this.work = new ChatWork(this.chats, platform);
    this.labels = new Labels(platform, this.feed);
    this.habits = new Habits(platform, this.feed);
    this.appearance = new Appearance(platform);
    this.desk = new Desk(platform);
    const writing = () =>
      (this.devices.list ?? []).map(({ id, capabilities }) => ({ id, contacts: capabilities.contacts }));
    this.search = new Search(platform, undefined, undefined, writing);
    this.exporting = new ChatExport(platform);
    this.keeping = new ChatKeeping(platform, (chatId) => {
      if (this.conversation?.chatId === chatId) this.closeChat();
    });
    this.jobs = new Jobs(platform, this.feed);
    this.feed.onEvent((event) => this.heard(event));
    this.feed.onChange((change) => {
      // A core that was away has forgotten who looks at what.
      if (change.topic === "everything") this.tellView(true);
    });
  }

  async start(): Promise<void> {
    this.state = "starting";
    this.fault = null;
    try {
      await this.feed.open();
      void this.chats.refresh();
      await Promise.all([this.preferences.load().then(() => this.readWords()), this.devices.load()]);
      if (this.devices.fault) throw this.devices.fault;
    } catch (thrown) {
      this.preferences.show();
      this.fault = asFault(thrown);
      this.state = "failed";
      return;
    }
    this.firstScreen();
    void this.labels.load();
    void this.jobs.load();
    void this.habits.loadQuiet();
    this.state = "ready";
    this.platform.links((link) => void this.follow(link));
  }

  /** All screens speak these; which language, the preferences say. */
  private async readWords(): Promise<void> {
    await screens.load(speech.language).catch(() => {
      throw new Fault("core_lost");
    });
  }

  private firstScreen(): void {
    const list = this.devices.list ?? [];
    const only = list.length === 1 ? list[0] : undefined;
    if (list.length === 0) this.addNumber();
    else if (only && only.state.kind === "pairing" && only.ownNumber === null) this.pair(only);
    else this.openChats();
  }

  openChats(): void {
    this.go({ kind: "chats" });
  }

  openSettings(): void {
    this.go({ kind: "settings" });
  }

  openExplorer(deviceId: number): void {
    this.go({ kind: "explorer", deviceId });
  }

  openHooks(deviceId: number): void {
    this.go({ kind: "hooks", deviceId });
  }

  /** `campaignId`: that one; else the list, or the answers, or who wants none. */
  openCampaigns(campaignId: number | null = null, tab: CampaignTab = "list"): void {
    this.go({ kind: "campaigns", campaignId, tab });
  }

  addNumber(): void {
    const welcome = new Welcome(this.platform, (command) => this.devices.settle(command));
    this.go({ kind: "welcome", welcome, back: (this.devices.list?.length ?? 0) > 0 });
    void welcome.load();
  }

  pair(device: DeviceView): void {
    const pairing = new Pairing(this.platform, device.id, (command) => this.devices.settle(command));
    this.go({ kind: "pairing", deviceId: device.id, pairing });
    pairing.open(device.state);
  }

  async pairLater(): Promise<void> {
    if (this.screen.kind === "pairing") void this.screen.pairing.leave();
    this.openChats();
  }

  /** `messageId`: at this message instead of its end. */
  openChat(chatId: number, messageId?: number): void {
    if (this.screen.kind !== "chats") this.openChats();
    const another = this.conversation?.chatId !== chatId;
    if (another) this.openAnother(chatId);
    if (messageId !== undefined) void this.conversation?.seek(messageId);
    else if (another) void this.conversation?.refresh();
  }

  /** What a link asks for: only of a chat that is there, and nothing of it happens yet. Anybody can make a link. */
  private async follow({ chat, text }: DeepLink): Promise<void> {
    this.stayHere();
    try {
      const row =
        chat.by === "id"
          ? await this.platform.call("chat_get", { chatId: chat.id })
          : await this.platform.call("chat_find", { number: chat.number });
      this.linked = { row, number: chat.by === "id" ? null : chat.number, text };
    } catch (thrown) {
      this.linkFault = asFault(thrown);
    }
  }

  /** The person wants it: the chat, and its words where nothing is being written. It never sends. */
  goLinked(): void {
    if (!this.linked) return;
    const { row, text } = this.linked;
    this.stayHere();
    this.openChat(row.id);
    if (text !== null) this.desk.at(row).offer(text);
  }

  /** Nothing comes of the link. */
  stayHere(): void {
    this.linked = null;
    this.linkFault = null;
  }

  private openAnother(chatId: number): void {
    this.leaveChat();
    // Where the person's panel lies over the conversation, no chat begins under it.
    if (isOver()) keptPanel.open = false;
    this.conversation = new Conversation(this.platform, this.feed, chatId, undefined, this.eyes.get(chatId));
    this.conversation.look({ focused: this.focused });
    this.tellView();
  }

  closeChat(): void {
    this.leaveChat();
    this.conversation = null;
    this.tellView();
  }

  /** What was looked at in it is looked at when it is opened again. */
  private leaveChat(): void {
    void this.desk.flush();
    const { conversation } = this;
    if (!conversation) return;
    const eye = conversation.leave();
    conversation.close();
    this.eyes.delete(conversation.chatId);
    if (eye) this.eyes.set(conversation.chatId, eye);
    for (const id of [...this.eyes.keys()].slice(0, -EYES)) this.eyes.delete(id);
  }

  /** The open chat as the core last told it, here or in the list. */
  get openRow(): ChatRow | null {
    const id = this.conversation?.chatId;
    if (id === undefined) return null;
    return this.conversation?.chat ?? this.chats.rows.find((row) => row.id === id) ?? null;
  }

  /** The next chat with something unread: below the open one, then from the top, then one that the list has not read. */
  async nextUnread(): Promise<void> {
    const { rows, query } = this.chats;
    const open = this.conversation?.chatId;
    const below = this.below();
    const isNext = (row: ChatRow) => row.id !== open && (row.unread > 0 || row.markedUnread);
    let found = [...rows.slice(below), ...rows.slice(0, below)].find(isNext);
    if (!found) {
      const { deviceId, labelId } = query;
      const asked = { filter: "unread" as const, deviceId, after: null, limit: 2 };
      const all = await this.platform
        .call("chat_list", labelId === null ? asked : { ...asked, labelId })
        .catch(() => null);
      found = all?.rows.find(isNext);
    }
    if (found) this.openChat(found.id);
  }

  /** The chat `step` rows further down or up the list from the open one. */
  nextChat(step: 1 | -1): void {
    const { rows } = this.chats;
    const below = this.below();
    const above = below - (rows[below - 1]?.id === this.conversation?.chatId ? 2 : 1);
    const next = below === 0 ? rows[0] : rows[step > 0 ? below : above];
    if (next) this.openChat(next.id);
  }

  /** Notes what stands below the open chat, for when it has left the list. */
  noteStanding(): void {
    const { rows, turn } = this.chats;
    const chatId = this.conversation?.chatId;
    const at = rows.findIndex((row) => row.id === chatId);
    if (at >= 0) this.stood = { chatId, turn, below: new Set(rows.slice(at + 1).map((row) => row.id)) };
  }

  /** The place of the first row below the open chat, also once that has left the list; 0 = it never was in it. */
  private below(): number {
    const { rows, turn } = this.chats;
    const chatId = this.conversation?.chatId;
    const at = rows.findIndex((row) => row.id === chatId);
    const { stood } = this;
    if (at >= 0 || stood?.chatId !== chatId || stood?.turn !== turn) return at + 1;
    const next = rows.findIndex((row) => stood.below.has(row.id));
    return next < 0 ? rows.length : next;
  }

  /** What is out of sight is not looked at, whatever has the keyboard. */
  focusIs(focused: boolean): void {
    this.focused = focused && !document.hidden;
    this.conversation?.look({ focused: this.looksAtChat() });
    this.tellView();
    if (!this.focused) void this.desk.flush();
  }

  private go(screen: Screen): void {
    if (this.screen.kind === "pairing") this.screen.pairing.close();
    const same = screen.kind === this.screen.kind;
    if (!same) this.conversation?.leave();
    this.screen = screen;
    // What is drawn anew says itself when its end is seen.
    if (!same) this.conversation?.look({ focused: this.looksAtChat(), atEnd: false });
    this.tellView();
  }

  private looksAtChat(): boolean {
    return this.focused && this.screen.kind === "chats";
  }

  /** Only what changed is told; a lost call is made up for when the link is back. */
  private tellView(again = false): void {
    const chatId = this.screen.kind === "chats" ? (this.conversation?.chatId ?? null) : null;
    const view = { chatId, focused: this.focused };
    const told = JSON.stringify(view);
    if (told === this.told && !again) return;
    this.told = told;
    this.platform.call("view_set", view).catch(() => {
      this.told = "";
    });
  }

  private heard(event: AppEvent): void {
    if (event.kind === "open_chat") this.openChat(event.chatId);
    if (event.kind !== "notify") return;
    const { notes, talk } = speech.words;
    const { body, chatId, sender } = event;
    const said = body === null ? notes.hidden : body.kind === "text" ? body.text : bodyLine(body);
    this.platform.notify({
      chatId,
      title: event.title ?? notes.unnamed,
      body: sender === null ? said : `${sender ? speech.titleOf({ title: sender }) : talk.marks.member}: ${said}`,
      open: () => this.openChat(chatId),
    });
  }
}
