import { textOf } from "../../parts/message-words";
import type { Capabilities, MessageView } from "../../platform";

/** What can be done to a message, in the order of the menu. */
export const ACTIONS = [
  "reply",
  "edit",
  "takeBack",
  "copy",
  "save",
  "forward",
  "star",
  "unstar",
  "pin",
  "unpin",
  "info",
  "select",
  "delete",
] as const;
export type MessageActionName = (typeof ACTIONS)[number];

/** For how long WhatsApp lets the words of a sent message change. */
export const EDIT_MS = 15 * 60_000;
export const PIN_DAYS = 7;
export const QUICK_REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** It is on WhatsApp, so that something can be done to it there. */
export function isOut(message: MessageView): boolean {
  return ["received", "sent", "delivered", "read", "played"].includes(message.status);
}

/** It waits here for its gateway, or failed, and what it says can stand in the field again. */
export function canTakeBack({ fromMe, status, needsOperator, body }: MessageView): boolean {
  const isHere = status === "queued" || (status === "failed" && needsOperator);
  return fromMe && isHere && ["text", "link_preview", "image", "file"].includes(body.kind);
}

export function canReact(message: MessageView, can: Capabilities | null): boolean {
  return Boolean(can?.react) && isOut(message) && message.body.kind !== "deleted";
}

/** Only what the device can do, and what makes sense for this message. */
export function actionsOf(message: MessageView, can: Capabilities | null, now: number): MessageActionName[] {
  const { body, fromMe } = message;
  const there = isOut(message) && body.kind !== "deleted";
  const words = textOf(body);
  const offered: Record<MessageActionName, boolean> = {
    reply: there && Boolean(can?.quote),
    edit: there && fromMe && body.kind === "text" && Boolean(can?.edit) && now - message.at < EDIT_MS,
    takeBack: canTakeBack(message),
    copy: words !== null && words !== "",
    save: (body.kind === "image" || body.kind === "file") && body.media.state === "ready",
    forward: there && body.kind !== "unknown" && body.kind !== "notice" && Boolean(can?.sendText),
    star: there && !message.starred && Boolean(can?.star),
    unstar: there && message.starred && Boolean(can?.star),
    pin: there && !message.pinned && Boolean(can?.pin),
    unpin: there && message.pinned && Boolean(can?.pin),
    info: true,
    select: body.kind !== "deleted",
    delete: there && fromMe && Boolean(can?.delete),
  };
  return ACTIONS.filter((name) => offered[name]);
}

/** What can be done to all of several. */
export function commonActions(messages: MessageView[], can: Capabilities | null, now: number): Set<MessageActionName> {
  const each = messages.map((message) => new Set(actionsOf(message, can, now)));
  const all = new Set(ACTIONS.filter((name) => each.length > 0 && each.every((offered) => offered.has(name))));
  // Some have a star already: the others get theirs.
  if (each.length > 0 && each.every((offered) => offered.has("star") || offered.has("unstar"))) all.add("star");
  return all;
}
