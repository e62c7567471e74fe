import {
  type AppEvent,
  type AppStatus,
  type Args,
  type Change,
  type ChatRow,
  type Command,
  type Commands,
  type DeviceView,
  type EventsListener,
  Fault,
  type FaultCode,
  type GatewayView,
  type MediaUrl,
  type MediaView,
  type MessagePast,
  type MessageView,
  type Note,
  type NoteAccess,
  type Platform,
  type Result,
  type Settings,
} from "../src/platform";
import { device, message } from "./people";

type Handlers = { [C in Command]: (args: Commands[C]["args"]) => Commands[C]["result"] };

/** How the next call of a command goes wrong: refused, or lost before or after the core did it. */
type Mishap = { kind: "refused"; code: FaultCode } | { kind: "lost_before" } | { kind: "lost_after" };

/**
 * A core in memory, behind the platform interface: enough of its promises (keyset pages, one message per client id,
 * invalidations after each change) to hold the controllers to theirs. Test code only; it never ships.
 */
export class FakeCore implements Platform {
  readonly kind = "browser";
  chats: ChatRow[] = [];
  messages = new Map<number, MessageView[]>();
  devices: DeviceView[] = [device()];
  gateways: GatewayView[] = [
    { kind: "practice", needsToken: false, needsUrl: false, defaultUrl: null },
    { kind: "whapi", needsToken: true, needsUrl: true, defaultUrl: "https://gateway.example" },
  ];
  settings: Settings = { language: "auto", theme: "auto", notifications: "full" };
  status: AppStatus = {
    version: "0.1.0",
    practice: null,
    secrets: { kind: "keyring", problem: null },
    database: { kind: "ready" },
    systemLanguage: null,
    maxTextChars: 4096,
    maxImageBytes: 5_000_000,
  };
  readonly calls: { command: Command; args: unknown }[] = [];
  readonly notes: Note[] = [];
  /** How many messages stay unread after a marking: some came in that the window has not seen. */
  unreadAfterMarking = 0;
  readonly sent = new Map<string, MessageView>();
  readonly pasts = new Map<number, MessagePast>();

  private readonly listeners = new Set<EventsListener>();
  private readonly mishaps = new Map<Command, Mishap[]>();
  private readonly gates = new Map<Command, Promise<void>>();
  private nextId = 10_000;
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
      senderName: null,
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
    return () => this.listeners.delete(listener);
  }

  mediaUrls: Record<number, string> = {};
  async mediaUrl(mediaId: number): Promise<MediaUrl> {
    return { url: this.mediaUrls[mediaId] ?? `blob:fake/${mediaId}`, release: () => {} };
  }

  readonly opened: string[] = [];
  readonly saved: string[] = [];
  readonly openOutside = (href: string): void => {
    this.opened.push(href);
  };
  readonly saveMedia = async (_mediaId: number, fileName: string): Promise<void> => {
    this.saved.push(fileName);
  };
  async openPracticePhone(): Promise<void> {}
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

  private readonly handlers: Handlers = {
    app_status: () => this.status,
    setting_get: () => this.settings,
    setting_set: ({ settings }) => {
      this.settings = settings;
      return settings;
    },
    gateway_list: () => this.gateways,
    gateway_test: () => ({ state: "not_linked", ownNumber: null }),
    device_list: () => this.devices,
    device_add: ({ gateway, name, url, remember }) => {
      const token = gateway === "practice" ? "not_needed" : remember ? "keyring" : "this_run";
      const added = device({
        id: this.nextId++,
        gateway,
        name,
        url,
        token,
        state: { kind: "connecting" },
        ownNumber: null,
      });
      this.devices = [...this.devices, added];
      return added;
    },
    device_token_set: ({ deviceId, remember }) =>
      this.putDevice(deviceId, { token: remember ? "keyring" : "this_run" }),
    device_remove: ({ deviceId }) => {
      this.devices = this.devices.filter((known) => known.id !== deviceId);
      return null;
    },
    device_pair_start: ({ deviceId }) =>
      this.putDevice(deviceId, { state: { kind: "pairing", step: { kind: "waiting" } } }),
    device_pair_stop: ({ deviceId }) => this.putDevice(deviceId, { state: { kind: "stopped" } }),
    device_sync_stop: ({ deviceId }) => this.putDevice(deviceId, {}),
    device_sync_resume: ({ deviceId }) => this.putDevice(deviceId, {}),
    device_logout: ({ deviceId }) => this.putDevice(deviceId, { state: { kind: "logged_out" } }),
    chat_list: ({ filter, after, limit }) => {
      const rows = this.chats
        .filter((row) => filter === "all" || row.unread > 0)
        .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0) || b.id - a.id);
      const key = (row: ChatRow) => `${row.lastAt ?? 0}/${row.id}`;
      const cursor = after?.split("/").map(Number);
      const later = rows.filter((row) => {
        if (!cursor) return true;
        const [at = 0, id = 0] = cursor;
        return (row.lastAt ?? 0) < at || ((row.lastAt ?? 0) === at && row.id < id);
      });
      const page = later.slice(0, limit);
      const last = page.at(-1);
      const next = later.length > limit && last ? key(last) : null;
      return { rows: page, next, unreadChats: this.chats.filter((row) => row.unread > 0).length };
    },
    chat_get: ({ chatId }) => this.chat(chatId),
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
        case "label":
          // Its chats bear none.
          break;
      }
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    chat_triage_set: ({ chatId, state, until }) => {
      this.change(chatId, { triage: state, snoozedUntil: state === "snoozed" ? until : null });
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    label_list: () => [],
    chat_read: ({ chatId }) => {
      this.change(chatId, { unread: this.unreadAfterMarking });
      this.changed({ topic: "chat", chatId });
      return this.chat(chatId);
    },
    chat_draft_set: ({ chatId, draft }) => {
      this.change(chatId, { draft });
      this.changed({ topic: "chat", chatId });
      return null;
    },
    message_list: ({ chatId, before, limit }) => {
      const all = this.messages.get(chatId) ?? [];
      const end = before === null ? all.length : Number(before);
      const from = Math.max(0, end - limit);
      return { rows: all.slice(from, end), earlier: from > 0 ? String(from) : null };
    },
    message_past: ({ messageId }) => this.pasts.get(messageId) ?? { earlier: [], votes: [] },
    message_send: ({ chatId, clientId, text, mediaId, undoSeconds, quotedId }) => {
      const known = this.sent.get(clientId);
      if (known) return known;
      const body =
        mediaId === null
          ? { kind: "text" as const, text: text ?? "" }
          : { kind: "image" as const, caption: text, media: this.media(mediaId) };
      const heldUntil = undoSeconds ? Date.now() + undoSeconds * 1000 : null;
      const quoted = quotedId ? { messageId: quotedId, text: null } : null;
      const at = Date.now();
      const view = message({ id: this.nextId++, chatId, fromMe: true, status: "queued", body, at, heldUntil, quoted });
      this.sent.set(clientId, view);
      this.messages.set(chatId, [...(this.messages.get(chatId) ?? []), view]);
      this.changed({ topic: "messages", chatId });
      return view;
    },
    message_take_back: ({ messageId }) => {
      const undone = this.putMessage(messageId, {});
      const rows = this.messages.get(undone.chatId) ?? [];
      this.messages.set(
        undone.chatId,
        rows.filter((row) => row.id !== messageId),
      );
      this.change(undone.chatId, { draft: undone.body.kind === "text" ? undone.body.text : null });
      return this.chat(undone.chatId);
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
    media_fetch: ({ mediaId }) => this.media(mediaId),
    // It logs nothing.
    logs_query: () => [],
    view_set: () => null,
  };

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
