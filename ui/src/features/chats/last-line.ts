import { authorOf, personOf } from "../../parts/message-words";
import type { ChatRow, LastBody, MessageStatus } from "../../platform";
import { type ScreenWords, speech } from "../../words";

/** The kinds of message that have a word and an icon of their own. */
export type LineKind = keyof ScreenWords["list"]["kinds"];

/** The second line of a chat's row: who, what, of what kind, and how far it got. */
export type Line = {
  lead: string | null;
  draft: boolean;
  kind: LineKind | null;
  text: string;
  tick: MessageStatus | null;
};

/** `writing`: the chat is open and its field is on screen, so its draft is not announced in the list. */
export function lastLine(row: ChatRow, writing: boolean): Line {
  if ((row.draft || row.draftMediaId !== null) && !writing) {
    return { lead: speech.words.chats.draft, draft: true, kind: null, text: oneLine(row.draft ?? ""), tick: null };
  }
  const { last } = row;
  if (!last) return { lead: null, draft: false, kind: null, text: "", tick: null };
  const said = { draft: false, kind: kindOf(last.body), text: bodyLine(last.body) };
  if (last.fromMe) return { ...said, lead: null, tick: last.status };
  return { ...said, lead: row.kind === "group" && personOf(last) ? `${authorOf(last, row)}:` : null, tick: null };
}

/** Words of the gateways and of the core for what has an icon. */
const KINDS: Record<string, LineKind> = {
  image: "image",
  video: "video",
  short_video: "video",
  gif: "gif",
  audio: "audio",
  voice: "voice",
  document: "document",
  sticker: "sticker",
  location: "location",
  live_location: "location",
  contact: "contacts",
  contacts: "contacts",
  contact_list: "contacts",
  poll: "poll",
  order: "order",
  product: "product",
  call: "call",
  deleted: "deleted",
  link_preview: "link_preview",
  interactive: "interactive",
  event: "event",
};

/** Whatever kinds the core comes to tell apart: one that is not known here is a message that cannot be shown. */
export function kindOf(body: LastBody): LineKind | null {
  if (body.kind === "text") return null;
  return KINDS[body.kind === "kind" ? body.word : body.kind === "unknown" ? body.rawKind : body.kind] ?? null;
}

export function bodyLine(body: LastBody): string {
  if (body.kind === "text") return oneLine(body.text);
  const kind = kindOf(body);
  const name = kind === null ? noticeName(body) : speech.words.list.kinds[kind];
  const said = body.kind === "image" ? body.caption : body.kind === "kind" ? body.text : null;
  return said ? `${name}: ${oneLine(said)}` : name;
}

/** What has no icon may have a name all the same. */
function noticeName(body: LastBody): string {
  const { cards } = speech.words.talk;
  const word = body.kind === "kind" ? body.word : body.kind === "unknown" ? body.rawKind : "";
  const named = (["catalogue", "group_invite", "channel_invite", "system", "reply"] as const).find(
    (one) => one === word,
  );
  return named ? cards[named] : speech.words.chats.unknown;
}

/** A row shows no more of it, however wide it is. */
const LONGEST = 400;

function oneLine(text: string): string {
  return text.slice(0, LONGEST).replace(/\s+/gu, " ").trim();
}
