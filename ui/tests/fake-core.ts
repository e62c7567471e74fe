import { FIRST_SETTINGS } from "../src/features/preferences/preferences.svelte";
import { textOf } from "../src/parts/message-words";
import {
  type AppEvent,
  type AppStatus,
  type Args,
  type Change,
  type ChatAbout,
  type ChatFile,
  type ChatFilter,
  type ChatRow,
  type Command,
  type Commands,
  type ContactView,
  type DeepLink,
  type DeviceLimits,
  type DeviceOption,
  type DeviceView,
  type EventsListener,
  type ExplorerAnswer,
  type ExplorerCatalogue,
  Fault,
  type FaultCode,
  type FileSink,
  type GatewayView,
  type HookAddressStored,
  type HookCallDetail,
  type HookProbed,
  type HookRouteView,
  type LabelView,
  type MediaUrl,
  type MediaView,
  type MessagePast,
  type MessageView,
  type Note,
  type NoteAccess,
  type Platform,
  type ProfileView,
  type QuietView,
  type Result,
  type Saved,
  type Settings,
  type StartWithSystem,
  type StoragePreview,
  type StorageStatus,
} from "../src/platform";
import * as begun from "./beginnings";
import { CATALOGUE } from "./endpoints";
import { FakeCampaigns } from "./fake-campaigns";
import { hookWay } from "./hook-calls";
import { about, chatRow, device, message, quoted as quotedOne, UNTOLD } from "./people";

type Handlers = { [C in Command]: (args: Commands[C]["args"]) => Commands[C]["result"] };

/** What this core has no use for. */
function notOffered(): never {
  throw new Fault("not_offered");
}

/** How the next call of a command goes wrong: refused, or lost before or after the core did it. */
type Mishap = { kind: "refused"; code: FaultCode } | { kind: "lost_before" } | { kind: "lost_after" };

/**
 * A core in memory, behind the platform interface: enough of its promises (keyset pages, one message per client id,
 * invalidations after each change) to hold the controllers to theirs. Test code only; it never ships.
 */
export class FakeCore implements Platform {
  readonly kind = "browser";
  listen: Platform["listen"] = null;
  chats: ChatRow[] = [];
  messages = new Map<number, MessageView[]>();
  devices: DeviceView[] = [device()];
  gateways: GatewayView[] = begun.gateways();
  settings: Settings = FIRST_SETTINGS;
  quiet: QuietView = { kind: "off" };
  /** Whose number it is: chats by their numbers. */
  readonly numbers = new Map<string, number>();
  /** What is said of a number that is to be written to; null: it is on WhatsApp. */
  unknown: "not_on_whatsapp" | "not_told" | null = null;
  storage: StorageStatus = begun.storage();
  wouldGo: StoragePreview = { messages: 0, mediaBytes: 0 };
  status: AppStatus = begun.status();
  /** What can be called at the gateway, and what the next call becomes. */
  explorer: ExplorerCatalogue = CATALOGUE;
  /** What can be changed of a device while it stays the same one. */
  options: DeviceOption[] = begun.deviceOptions();
  explored: ExplorerAnswer = begun.explored();
  hookRoute: HookRouteView = {
    health: { kind: "never" },
    lastAt: null,
    lastGoodAt: null,
    canTest: true,
    way: hookWay(),
  };
  hookProbed: HookProbed = { kind: "arrived" };
  hookCalls: HookCallDetail[] = [];
  hookArrives = true;
  /** How many messages are on their way, in any chat. */
  waiting = 0;
  /** Whom the phones have saved, by name. */
  contacts: ContactView[] = [];
  /** What a number's plan allows, and what it shows of itself. */
  limits: DeviceLimits = begun.limits();
  profile: ProfileView = { name: "La Canela", about: "Pan de las 7 a las 20 h", hasPicture: true };
  readonly calls: { command: Command; args: unknown }[] = [];
  readonly notes: Note[] = [];
  /** How many messages stay unread after a marking: some came in that the window has not seen. */
  unreadAfterMarking = 0;
  readonly sent = new Map<string, MessageView>();
  readonly pasts = new Map<number, MessagePast>();

  labels: LabelView[] = [];
  readonly about = new Map<number, ChatAbout>();
  /** Newest first. */
  readonly files = new Map<number, ChatFile[]>();

  private readonly listeners = new Set<EventsListener>();
  private readonly mishaps = new Map<Command, Mishap[]>();
  private readonly gates = new Map<Command, Promise<void>>();
  private nextId = 10_000;
  /** What files are called that come piece by piece. */
  private readonly uploads = new Map<number, string>();
  private seq = 0;

  // --- what a test says -------------------------------------------------------------------------------------------

  failNext(command: Command, mishap: Mishap): void {
    this.mishaps.set(command, [...(this.mishaps.get(command) ?? []), mishap]);
  }

  /** Holds every call of a command back until the returned function is called. */
  hold(command: Command): () => void {
    let open = () => {};
    const gate = new Promise<void>((done) => {
      open = done;
    });
    this.gates.set(command, gate);
    return () => {
      if (this.gates.get(command) === gate) this.gates.delete(command);
      open();
    };
  }

  emit(event: AppEvent): void {
    for (const listener of this.listeners) listener.event(event);
  }

  changed(...changes: Change[]): void {
    this.seq += 1;
    this.emit({ kind: "changed", seq: this.seq, changes });
  }

  linkIs(state: "open" | "lost"): void {
    for (const listener of this.listeners) listener.link(state);
  }

  callsOf<C extends Command>(command: C): Args<C>[] {
    return this.calls.filter((call) => call.command === command).map((call) => call.args as Args<C>);
  }

  /** The core knows more ways to be wrong: one is enough here. */
  private setHookAddress(seen: string | null, address: string | null): HookAddressStored {
    const { way } = this.hookRoute;
    if (seen !== way.address) throw new Fault("state_changed");
    if (address?.startsWith("http://")) return { kind: "invalid", why: "not_https" };
    const told = { kind: address === null ? ("nothing" as const) : ("known" as const) };
    this.hookRoute = { ...this.hookRoute, way: { ...way, address, told } };
    return { kind: "stored" };
  }

  private hookCall(callId: number): HookCallDetail {
    const found = this.hookCalls.find(({ call }) => call.id === callId);
    if (!found) throw new Fault("not_found");
    return found;
  }

  chat(chatId: number): ChatRow {
    const found = this.chats.find((row) => row.id === chatId);
    if (!found) throw new Fault("not_found");
    return found;
  }

  change(chatId: number, part: Partial<ChatRow>): void {
    this.chats = this.chats.map((row) => (row.id === chatId ? { ...row, ...part } : row));
  }

  /** A customer writes: stored, counted, told. */
  receive(chatId: number, text: string, at: number): MessageView {
    const view = message({ id: this.nextId++, chatId, at, body: { kind: "text", text } });
    this.messages.set(chatId, [...(this.messages.get(chatId) ?? []), view]);
    const last = {
      fromMe: false,
      ...UNTOLD,
      status: "received" as const,
      body: { kind: "text" as const, text },
    };
    this.change(chatId, { lastAt: at, unread: this.chat(chatId).unread + 1, last });
    this.changed({ topic: "messages", chatId }, { topic: "chat", chatId });
    return view;
  }

  // --- the platform -----------------------------------------------------------------------------------------------

  async call<C extends Command>(command: C, args: Args<C>): Promise<Result<C>> {
    this.calls.push({ command, args });
    const mishap = this.mishaps.get(command)?.shift();
    await this.gates.get(command);
    await Promise.resolve();
    if (mishap?.kind === "refused") throw new Fault(mishap.code);
    if (mishap?.kind === "lost_before") throw new Fault("core_lost");
    const handle = this.handlers[command] as (args: Args<C>) => Result<C>;
    const result = handle(args);
    if (mishap?.kind === "lost_after") throw new Fault("core_lost");
    return result;
  }

  events(listener: EventsListener): () => void {
    this.listeners.add(listener);
    queueMicrotask(() => listener.link("open"));
    return () => this.listeners.delete(listener);
  }

  mediaUrls: Record<number, string> = {};
  async mediaUrl(mediaId: number): Promise<MediaUrl> {
    return { url: this.mediaUrls[mediaId] ?? `blob:fake/${mediaId}`, release: () => {} };
  }

  async smallUrl(mediaId: number): Promise<MediaUrl> {
    return this.mediaUrl(mediaId);
  }

  async mediaBytes(mediaId: number): Promise<Blob> {
    this.media(mediaId);
    return new Blob([new Uint8Array(9)]);
  }

  pictureUrls: Record<number, string> = {};
  async pictureUrl(pictureId: number): Promise<MediaUrl> {
    const url = this.pictureUrls[pictureId];
    if (url === undefined) throw new Fault("media_missing");
    return { url, release: () => {} };
  }

  playUrl(mediaId: number): Promise<MediaUrl> {
    return this.mediaUrl(mediaId);
  }

  readonly opened: string[] = [];
  readonly saved: string[] = [];
  /** What opening or saving something fails with, if it does. */
  outsideFault: Fault | null = null;
  readonly openOutside = async (href: string): Promise<void> => {
    if (this.outsideFault) throw this.outsideFault;
    this.opened.push(href);
  };
  readonly saveMedia = async (_mediaId: number, fileName: string): Promise<Saved> => {
    if (this.outsideFault) throw this.outsideFault;
    this.saved.push(fileName);
    return { fileName };
  };
  /** Files that were written, whole or given up, by their names. */
  readonly written = new Map<string, string | null>();
  async openFile(fileName: string): Promise<FileSink | null> {
    let text = "";
    let failed = false;
    return {
      write: async (piece) => {
        failed = this.outsideFault !== null;
        if (this.outsideFault) throw this.outsideFault;
        text += piece;
      },
      end: async (keep) => {
        this.written.set(fileName, keep && !failed ? text : null);
        // The shell has let go of a file that could not be written.
        if (failed) throw new Fault("not_found");
        return keep ? { fileName } : null;
      },
    };
  }
  /** Files that came whole, by their names: their bytes in base64. */
  readonly kept = new Map<string, string>();
  async saveFile(fileName: string, contentBase64: string): Promise<Saved> {
    if (this.outsideFault) throw this.outsideFault;
    this.kept.set(fileName, contentBase64);
    return { fileName };
  }
  async openPracticePhone(): Promise<void> {}
  readonly zooms: number[] = [];
  private readonly linkListeners = new Set<(link: DeepLink) => void>();
  links(listener: (link: DeepLink) => void): () => void {
    this.linkListeners.add(listener);
    return () => this.linkListeners.delete(listener);
  }
  /** Somebody clicks on a link of ours. */
  followed(link: DeepLink): void {
    for (const listener of this.linkListeners) listener(link);
  }
  start: StartWithSystem = { offered: false, on: false };
  async startsWithSystem(): Promise<StartWithSystem> {
    return this.start;
  }
  async startWithSystem(on: boolean): Promise<StartWithSystem> {
    if (this.outsideFault) throw this.outsideFault;
    this.start = { ...this.start, on };
    return this.start;
  }
  zoomTo(factor: number): boolean {
    this.zooms.push(factor);
    return true;
  }
  noteAccess(): NoteAccess {
    return "granted";
  }
  async askNoteAccess(): Promise<NoteAccess> {
    return "granted";
  }
  notify(note: Note): void {
    this.notes.push(note);
  }

  // --- the commands -----------------------------------------------------------------------------------------------

  readonly campaigns = new FakeCampaigns((...changes) => this.changed(...changes));

  private readonly handlers: Handlers = {
    ...this.campaigns.handlers,
    app_status: () => this.status,
    setting_get: () => this.settings,
    setting_set: ({ settings }) => {
      this.settings = settings;
      return settings;
    },
    quiet_get: () => this.quiet,
    quiet_set: ({ choice }) => {
      this.quiet =
        choice === "off" || choice === "on" ? { kind: choice } : { kind: "until", at: Date.now() + 3_600_000 };
      this.changed({ topic: "settings" });
      return this.quiet;
    },
    storage_status: () => this.storage,
    storage_preview: () => this.wouldGo,
    gateway_list: () => this.gateways,
    gateway_test: () => ({ state: "not_linked", ownNumber: null }),
    explorer_list: () => this.explorer,
    explorer_call: ({ endpoint, confirmed }) => {
      const danger = this.explorer.endpoints.find(({ id }) => id === endpoint)?.danger ?? null;
      return danger !== null && !confirmed ? { kind: "unconfirmed" } : this.explored;
    },
    hook_route: () => this.hookRoute,
    hook_list: () => this.hookCalls.map(({ call }) => call),
    hook_get: ({ callId }) => this.hookCall(callId),
    hook_replay: ({ callId }) => {
      const { verdict } = this.hookCall(callId).call;
      return { verdict: verdict === "accepted" ? "duplicate" : verdict, newMessages: 0, left: 0 };
    },
    hook_test: () => ({ arrived: this.hookArrives }),
    hook_address_set: ({ seen, address }) => this.setHookAddress(seen, address),
    hook_address_test: () => this.hookProbed,
    hook_port_change: () => {
      const { way } = this.hookRoute;
      this.hookRoute = { ...this.hookRoute, way: { ...way, port: way.port + 1, portTaken: false } };
      return null;
    },
    device_list: () => this.devices,
    device_add: ({ gateway, name, fields, remember }) => {
      const practice = gateway.startsWith("practice");
      const token = practice ? "not_needed" : remember ? "keyring" : "this_run";
      const added = device({
        id: this.nextId++,
        gateway,
        name,
        url: fields?.url ?? null,
        practiceNumber: practice ? 0 : null,
        token,
        state: { kind: "connecting" },
        ownNumber: null,
      });
      this.devices = [...this.devices, added];
      return added;
    },
    device_token_set: ({ deviceId, remember }) =>
      this.putDevice(deviceId, { token: remember ? "keyring" : "this_run" }),
    device_option_list: () => this.options,
    device_option_set: ({ deviceId, fields, seen }) => {
      for (const [key, value] of Object.entries(fields)) {
        const option = this.options.find(({ field }) => field.key === key);
        if (!option || (option.value ?? "") !== (seen[option.field.key] ?? "")) throw new Fault("state_changed");
        option.value = value === "" ? null : value;
      }
      return this.putDevice(deviceId, {});
    },
    contact_list: ({ search, after, limit }) => {
      const begin = (search ?? "").toLowerCase();
      const found = this.contacts.filter(({ name }) => name.toLowerCase().startsWith(begin));
      const from = Number(after ?? 0);
      return { rows: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null };
    },
    device_limits: () => this.limits,
    presence_set: ({ deviceId, available }) => {
      this.putDevice(deviceId, { shownOnline: available ?? false });
      return null;
    },
    profile_get: () => this.profile,
    profile_set: ({ name, about, pictureMediaId }) => {
      this.profile = {
        name: name ?? this.profile.name,
        about: about ?? this.profile.about,
        hasPicture: this.profile.hasPicture || pictureMediaId != null,
      };
      return this.profile;
    },
    device_size: () => ({ chats: 12, messages: 3400 }),
    device_remove: ({ deviceId }) => {
      this.devices = this.devices.filter((known) => known.id !== deviceId);
      return null;
    },
    device_pair_start: ({ deviceId }) =>
      this.putDevice(deviceId, { state: { kind: "pairing", step: { kind: "waiting" } } }),
    device_pair_code: ({ deviceId }) =>
      this.putDevice(deviceId, {
        state: { kind: "pairing", step: { kind: "typed_code", code: "A2CD9FGH", expiresAt: Date.now() + 120_000 } },
      }),
    device_pair_stop: ({ deviceId }) => this.putDevice(deviceId, { state: { kind: "stopped" } }),
    device_sync_stop: ({ deviceId }) => this.putDevice(deviceId, {}),
    device_sync_resume: ({ deviceId }) => this.putDevice(deviceId, {}),
    device_logout: ({ deviceId }) => this.putDevice(deviceId, { state: { kind: "logged_out" } }),
    chat_list: ({ filter, labelId, deviceId, after, limit }) => {
      const rows = this.chats
        .filter((row) => fits(row, filter))
        .filter((row) => !labelId || row.labels.includes(labelId))
        .filter((row) => deviceId === null || row.deviceId === deviceId)
        .toSorted((a, b) =>
          filter === "unanswered"
            ? (a.waitingSince ?? 0) - (b.waitingSince ?? 0) || a.id - b.id
            : Number(b.pinned) - Number(a.pinned) || (b.lastAt ?? 0) - (a.lastAt ?? 0) || b.id - a.id,
        );
      const key = (row: ChatRow) => `${Number(row.pinned)}/${row.lastAt ?? 0}/${row.id}`;
      const cursor = after?.split("/").map(Number);
      const later = rows.filter((row) => {
        if (!cursor) return true;
        const [pinned = 0, at = 0, id = 0] = cursor;
        const place = Number(row.pinned) - pinned || (row.lastAt ?? 0) - at || row.id - id;
        return place < 0;
      });
      const page = later.slice(0, limit);
      const last = page.at(-1);
      const next = later.length > limit && last ? key(last) : null;
      return { rows: page, next, unreadChats: this.chats.filter((row) => fits(row, "unread")).length };
    },
    chat_find: ({ number }) => {
      const found = this.chats.find((row) => this.numbers.get(number) === row.id);
      if (!found) throw new Fault("not_found");
      return found;
    },
    chat_number: ({ typed }) => {
      const digits = typed.replaceAll(/\D/g, "");
      const number = digits.length < 11 ? `+51${digits}` : `+${digits}`;
      return { number, chatId: this.numbers.get(number.slice(1)) ?? null };
    },
    chat_start: ({ number, unchecked }) => {
      if (this.unknown !== null && !(unchecked && this.unknown === "not_told")) return { kind: this.unknown };
      const row = chatRow({ id: this.nextId++, title: number, lastAt: null });
      this.chats = [row, ...this.chats];
      return { kind: "open", chatId: row.id };
    },
    chat_get: ({ chatId }) => this.chat(chatId),
    chat_size: ({ chatId }) => ({ messages: this.messages.get(chatId)?.length ?? 0, waiting: this.waiting }),
    chat_typing_set: () => null,
    chat_delete: ({ chatId }) => {
      this.chats = this.chats.filter(({ id }) => id !== this.chat(chatId).id);
      this.changed({ topic: "chats" });
      return null;
    },
    chat_disappearing_set: ({ chatId }) => {
      this.chat(chatId);
      return null;
    },
    chat_change: ({ chatId, change }) => {
      switch (change.kind) {
        case "archived":
          this.change(chatId, { archived: change.on });
          break;
        case "pinned":
          this.change(chatId, { pinned: change.on });
          break;
        case "muted":
          this.change(chatId, { muted: change.until > Date.now() });
          break;
        case "marked_unread":
          this.change(chatId, { markedUnread: change.on });
          break;
        case "label": {
          const others = this.chat(chatId).labels.filter((known) => known !== change.labelId);
          this.change(chatId, { labels: change.on ? [...others, change.labelId].sort((a, b) => a - b) : others });
          break;
        }
      }
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    chat_triage_set: ({ chatId, state, until }) => {
      this.change(chatId, { triage: state, snoozedUntil: state === "snoozed" ? until : null });
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    label_list: () => this.labels,
    label_add: ({ deviceId, name, colour }) => {
      const made: LabelView = {
        id: this.nextId++,
        deviceId,
        name,
        colour: colour ?? null,
        ofPhone: false,
        chats: 0,
        unreadChats: 0,
      };
      this.labels = [...this.labels, made];
      this.changed({ topic: "chats" });
      return made;
    },
    label_change: ({ labelId, name, colour }) => {
      this.labels = this.labels.map((one) =>
        one.id === labelId ? { ...one, name, colour: colour ?? one.colour } : one,
      );
      const found = this.labels.find((one) => one.id === labelId);
      if (!found) throw new Fault("not_found");
      this.changed({ topic: "chats" });
      return found;
    },
    label_remove: ({ labelId }) => {
      this.labels = this.labels.filter((one) => one.id !== labelId);
      this.chats = this.chats.map((row) => ({ ...row, labels: row.labels.filter((one) => one !== labelId) }));
      this.changed({ topic: "chats" });
      return null;
    },
    chat_about: ({ chatId }) => this.aboutOf(chatId),
    group_get: ({ chatId }) => {
      const { title } = this.chat(chatId);
      const { description, readOnly, members } = this.aboutOf(chatId);
      return { chatId, title, description, readOnly, members };
    },
    chat_note_set: ({ chatId, note }) => {
      const kept = note.trim() === "" ? null : note;
      this.about.set(chatId, { ...this.aboutOf(chatId), note: kept });
      this.changed({ topic: "chat", chatId });
      return this.aboutOf(chatId);
    },
    chat_block_set: ({ chatId, blocked }) => {
      this.about.set(chatId, { ...this.aboutOf(chatId), blocked: blocked ? "whatsapp" : null });
      this.changed({ topic: "chat", chatId });
      return this.aboutOf(chatId);
    },
    chat_file_list: ({ chatId, files, after, limit }) => {
      const all = (this.files.get(chatId) ?? []).filter((file) => {
        return (files === "pictures") === /^(image|video)/.test(file.media.mime);
      });
      const from = Number(after ?? 0);
      const next = from + limit < all.length ? String(from + limit) : null;
      return { rows: all.slice(from, from + limit), next };
    },
    chat_read: ({ chatId }) => {
      this.change(chatId, { unread: this.unreadAfterMarking });
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    chat_draft_set: ({ chatId, draft, mediaId, quotedId }) => {
      this.change(chatId, { draft, draftMediaId: mediaId ?? null, draftQuotedId: quotedId ?? null });
      this.changed({ topic: "chat", chatId });
      return null;
    },
    message_list: ({ chatId, before, after, around, oldest, limit }) => {
      const all = this.messages.get(chatId) ?? [];
      const place = (from: number, end: number) => ({
        rows: all.slice(Math.max(0, from), end),
        earlier: from > 0 ? String(from) : null,
        later: end < all.length ? String(end) : null,
      });
      if (oldest) return place(0, Math.min(all.length, limit));
      if (after != null) return place(Number(after), Math.min(all.length, Number(after) + limit));
      if (around == null) {
        const end = before === null ? all.length : Number(before);
        return place(end - limit, end);
      }
      const at = all.findIndex(({ id }) => id === around);
      if (at < 0) throw new Fault("not_found");
      const half = Math.max(1, Math.floor(limit / 2));
      return place(at - half, Math.min(all.length, at + 1 + half));
    },
    message_search: ({ text, chatId, before, limit }) => {
      const words = text.toLowerCase().trim();
      const hits = [...this.messages]
        .filter(([chat]) => chatId == null || chat === chatId)
        .flatMap(([chat, rows]) => rows.map((message) => ({ chat, message })))
        .flatMap(({ chat, message }) => {
          const said = textOf(message.body) ?? "";
          const first = said.toLowerCase().indexOf(words);
          if (!words || first < 0) return [];
          const found: [number, number][] = [[first, first + words.length]];
          const { deviceId, title, kind, pictureId } = this.chat(chat);
          return [{ message, deviceId, chatTitle: title, chatKind: kind, pictureId, found }];
        });
      hits.sort((one, next) => next.message.at - one.message.at);
      const from = Number(before ?? 0);
      return { hits: hits.slice(from, from + limit), next: from + limit < hits.length ? String(from + limit) : null };
    },
    chat_search: ({ text, limit }) => {
      const words = text.toLowerCase().trim();
      return this.chats.filter(({ title }) => words && title.toLowerCase().includes(words)).slice(0, limit);
    },
    message_past: ({ messageId }) =>
      this.pasts.get(messageId) ?? { earlier: [], votes: [], sending: null, members: [] },
    message_send: ({ chatId, clientId, text, mediaId, undoSeconds, quotedId, sendsDraft }) => {
      if (sendsDraft) this.change(chatId, { draft: null, draftMediaId: null, draftQuotedId: null });
      const known = this.sent.get(clientId);
      if (known) return known;
      const body =
        mediaId === null
          ? { kind: "text" as const, text: text ?? "" }
          : { kind: "image" as const, caption: text, media: this.media(mediaId) };
      const heldUntil = undoSeconds ? Date.now() + undoSeconds * 1000 : null;
      const quoted = quotedId ? quotedOne({ messageId: quotedId }) : null;
      const at = Date.now();
      const view = message({ id: this.nextId++, chatId, fromMe: true, status: "queued", body, at, heldUntil, quoted });
      this.sent.set(clientId, view);
      this.messages.set(chatId, [...(this.messages.get(chatId) ?? []), view]);
      this.changed({ topic: "messages", chatId });
      return view;
    },
    message_take_back: ({ messageId }) => {
      // Once is enough: what was taken back is no message any more.
      if (![...this.messages.values()].flat().some(({ id }) => id === messageId)) throw new Fault("not_found");
      const undone = this.putMessage(messageId, {});
      const rows = this.messages.get(undone.chatId) ?? [];
      this.messages.set(
        undone.chatId,
        rows.filter((row) => row.id !== messageId),
      );
      this.changed({ topic: "messages", chatId: undone.chatId });
      const { draftMediaId, draftQuotedId } = this.chat(undone.chatId);
      this.change(undone.chatId, {
        draft: textOf(undone.body),
        draftMediaId: draftMediaId ?? (undone.body.kind === "image" ? undone.body.media.id : null),
        draftQuotedId: draftQuotedId ?? undone.quoted?.messageId ?? null,
      });
      return { chat: this.chat(undone.chatId), message: undone };
    },
    message_act: ({ messageId, action }) => {
      switch (action.kind) {
        case "edit":
          return this.putMessage(messageId, { body: { kind: "text", text: action.text }, editedAt: Date.now() });
        case "delete":
          return this.putMessage(messageId, { body: { kind: "deleted" } });
        case "react":
          return this.putMessage(messageId, {
            reactions: action.emoji === null ? [] : [{ fromMe: true, name: null, emoji: action.emoji }],
          });
        case "star":
          return this.putMessage(messageId, { starred: action.on });
        case "pin":
          return this.putMessage(messageId, { pinned: action.days !== null });
      }
    },
    message_retry: ({ messageId }) => this.putMessage(messageId, { status: "queued", failure: null }),
    message_discard: ({ messageId }) => {
      for (const [chatId, rows] of this.messages) {
        this.messages.set(
          chatId,
          rows.filter((row) => row.id !== messageId),
        );
      }
      return null;
    },
    message_resolve: ({ messageId, outcome }) =>
      this.putMessage(messageId, { status: outcome === "it_went" ? "sent" : "queued", failure: null }),
    media_add: ({ fileName }) => this.media(this.nextId++, fileName),
    media_begin: ({ fileName }) => {
      this.uploads.set(++this.nextId, fileName);
      return { upload: this.nextId };
    },
    media_piece: () => null,
    media_end: ({ upload }) => this.media(this.nextId++, this.uploads.get(upload) ?? ""),
    media_give_up: () => null,
    media_fetch: ({ mediaId }) => this.media(mediaId),
    // It logs nothing.
    // No part of the window asks for these yet.
    gateway_settings_get: notOffered,
    gateway_settings_set: notOffered,
    contact_check: notOffered,
    presence_get: notOffered,
    story_send: notOffered,
    logs_query: () => [],
    view_set: () => null,
  };

  private aboutOf(chatId: number): ChatAbout {
    this.chat(chatId);
    return this.about.get(chatId) ?? about();
  }

  private media(id: number, fileName: string | null = null): MediaView {
    return {
      id,
      mime: "image/png",
      width: 640,
      height: 480,
      bytes: 9,
      fileName,
      state: "ready",
      seconds: null,
      waveform: null,
    };
  }

  private putDevice(deviceId: number, part: Partial<DeviceView>): DeviceView {
    this.devices = this.devices.map((known) => (known.id === deviceId ? { ...known, ...part } : known));
    const found = this.devices.find((known) => known.id === deviceId);
    if (!found) throw new Fault("not_found");
    return found;
  }

  private putMessage(messageId: number, part: Partial<MessageView>): MessageView {
    for (const [chatId, rows] of this.messages) {
      const found = rows.find((row) => row.id === messageId);
      if (!found) continue;
      const now = { ...found, ...part };
      this.messages.set(
        chatId,
        rows.map((row) => (row.id === messageId ? now : row)),
      );
      return now;
    }
    throw new Fault("not_found");
  }
}

function fits(row: ChatRow, filter: ChatFilter): boolean {
  if (filter === "archived") return row.archived;
  if (row.archived) return false;
  if (filter === "unread") return row.unread > 0 || row.markedUnread;
  if (filter === "groups") return row.kind === "group";
  if (filter === "unanswered") return row.waitingSince !== null && row.triage === "open";
  return filter === "all" || row.triage === filter;
}
