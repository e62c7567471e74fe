import type { ChatRow, LastBody, MessageStatus } from "../../platform";
import { speech } from "../../words";

/** The second line of a chat's row: who, what, and how far it got. */
export type Line = { lead: string | null; draft: boolean; text: string; tick: MessageStatus | null };

/** `writing`: the chat is open and its field is on screen, so its draft is not announced in the list. */
export function lastLine(row: ChatRow, writing: boolean): Line {
  if (row.draft && !writing) {
    return { lead: speech.words.chats.draft, draft: true, text: oneLine(row.draft), tick: null };
  }
  const { last } = row;
  if (!last) return { lead: null, draft: false, text: "", tick: null };
  const text = bodyLine(last.body);
  if (last.fromMe) return { lead: null, draft: false, text, tick: last.status };
  const lead = row.kind === "group" && last.senderName ? `${last.senderName}:` : null;
  return { lead, draft: false, text, tick: null };
}

export function bodyLine(body: LastBody): string {
  switch (body.kind) {
    case "text":
      return oneLine(body.text);
    case "image":
      return body.caption ? `${speech.words.chats.image}: ${oneLine(body.caption)}` : speech.words.chats.image;
    case "unknown":
      return speech.words.chats.unknown;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
