import type {
  ChatAbout,
  ChatRow,
  DeviceView,
  FieldKey,
  FieldView,
  LabelView,
  MessageView,
  QuotedView,
} from "../src/platform";

/** Invented people, numbers and messages, whole enough to be shown. */
export const NOON = new Date(2026, 10, 20, 12, 0).getTime();
export const MINUTE = 60_000;

const TAKEN: Partial<Record<string, string[]>> = {
  image: ["image/jpeg", "image/png", "image/webp"],
  video: ["video/mp4"],
  voice: ["audio/ogg"],
};

/** A field that a gateway asks for. One that has a usual answer need not be given. */
export function field(key: FieldKey, kind: FieldView["kind"], usual: string | null = null): FieldView {
  return { key, kind, required: usual === null, default: usual, options: [] };
}

export function device(part: Partial<DeviceView> = {}): DeviceView {
  return {
    id: 1,
    name: "Tienda centro",
    gateway: "whapi",
    gatewayName: "Whapi",
    practiceNumber: null,
    secrets: ["token"],
    url: "https://gateway.example",
    ownNumber: "51900000001",
    state: { kind: "online" },
    lastEventAt: NOON,
    lastAckAt: null,
    inbound: "webhook_and_polling",
    token: "keyring",
    hasOptions: false,
    shownOnline: false,
    capabilities: {
      sendText: true,
      sendImage: true,
      sendPoll: true,
      sendLocation: true,
      markRead: true,
      pairByQr: true,
      pairByCode: true,
      logout: true,
      fetch: true,
      contacts: true,
      numberCheck: 50,
      groups: true,
      sendGroups: true,
      blocks: true,
      profile: true,
      presence: true,
      typing: true,
      labelsFixed: false,
      stories: true,
      deleteChat: true,
      disappearing: true,
      gatewaySettings: true,
      planLimits: true,
      files: (["image", "video", "audio", "voice", "document", "sticker"] as const).map((shownAs) => ({
        shownAs,
        maxBytes: 16_777_216,
        mimes: TAKEN[shownAs] ?? [],
      })),
      quote: true,
      mentions: true,
      mentionsUnder: ["image", "video"],
      edit: true,
      delete: true,
      react: true,
      star: true,
      pin: true,
      labelColours: ["salmon", "lightskyblue", "gold", "plum", "silver", "mediumturquoise", "limegreen", "orangered"],
    },
    ...part,
  };
}

/** Who wrote it, where nobody says. */
export const UNTOLD = { sender: null, senderName: null, senderNumber: null } as const;

export function chatRow(part: Partial<ChatRow> = {}): ChatRow {
  return {
    id: 1,
    deviceId: 1,
    kind: "person",
    title: "Lucía Paredes",
    lastAt: NOON,
    last: {
      fromMe: false,
      ...UNTOLD,
      status: "received",
      body: { kind: "text", text: "Buenos días" },
    },
    unread: 0,
    pinned: false,
    muted: false,
    archived: false,
    markedUnread: false,
    triage: "open",
    snoozedUntil: null,
    waitingSince: null,
    draft: null,
    draftMediaId: null,
    draftQuotedId: null,
    labels: [],
    pictureId: null,
    ...part,
  };
}

/** `count` chats, newest first: chat 1 wrote last. */
export function manyChats(count: number): ChatRow[] {
  return Array.from({ length: count }, (_, at) =>
    chatRow({ id: at + 1, title: `Cliente ${at + 1}`, lastAt: NOON - at * MINUTE }),
  );
}

export function message(part: Partial<MessageView> = {}): MessageView {
  return {
    id: 1,
    chatId: 1,
    fromMe: false,
    senderName: null,
    sender: null,
    senderNumber: null,
    mentions: [],
    at: NOON,
    body: { kind: "text", text: "Buenos días" },
    status: part.fromMe ? "sent" : "received",
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failure: null,
    needsOperator: false,
    heldUntil: null,
    quoted: null,
    forwarded: false,
    editedAt: null,
    starred: false,
    pinned: false,
    reactions: [],
    pending: [],
    ...part,
  };
}

/** What a message answers: one that is not here, unless it is said to be. */
export function quoted(part: Partial<QuotedView> = {}): QuotedView {
  return {
    messageId: null,
    text: null,
    kind: null,
    fromMe: false,
    ...UNTOLD,
    ...part,
  };
}

/** `count` incoming messages of one chat, oldest first, a minute apart, ids from 1. */
export function manyMessages(count: number, chatId = 1): MessageView[] {
  return Array.from({ length: count }, (_, at) =>
    message({
      id: at + 1,
      chatId,
      at: NOON - (count - at) * MINUTE,
      body: { kind: "text", text: `Mensaje ${at + 1}` },
    }),
  );
}

/** What is known of somebody of whom nothing was told. */
export function about(part: Partial<ChatAbout> = {}): ChatAbout {
  return {
    number: "+51900000001",
    savedName: null,
    ownName: null,
    business: null,
    description: null,
    readOnly: false,
    blocked: null,
    note: null,
    members: [],
    groups: [],
    ...part,
  };
}

export function label(part: Partial<LabelView> = {}): LabelView {
  return {
    id: 1,
    deviceId: 1,
    name: "Nuevo cliente",
    colour: "green",
    ofPhone: true,
    chats: 0,
    unreadChats: 0,
    ...part,
  };
}
