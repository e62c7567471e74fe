import type { ChatRow, MessageBody, MessageView, QuotedView } from "../platform";
import { speech } from "../words";
import { plainOf } from "./text/format";

/** The words that a message has of its own: what is copied, quoted and edited. Null = it has none. */
export function textOf(body: MessageBody): string | null {
  switch (body.kind) {
    case "text":
    case "link_preview":
    case "notice":
      return body.text;
    case "image":
    case "file":
      return body.caption;
    case "location":
      return [body.name, body.address].filter((part) => part !== null).join("\n") || null;
    case "contacts":
      return body.cards.map((card) => card.name).join("\n");
    case "poll":
      return [body.question, ...body.options].join("\n");
    case "interactive":
      return [body.header, body.body, body.footer].filter((part) => part !== null).join("\n");
    case "deleted":
    case "unknown":
      return null;
  }
}

/** What a message is called where there is one line for it; its own words if it has any. */
export function summaryOf(body: MessageBody): string {
  const words = textOf(body);
  const own = words === null ? null : plainOf(words);
  const { talk, conversation } = speech.words;
  const kind = kindOf(body);
  if (body.kind === "deleted") return talk.marks.deleted;
  if (body.kind === "unknown") return conversation.unknown;
  if (kind === null) return own ?? "";
  const name = body.kind === "file" && body.shownAs === "document" ? body.media.fileName : null;
  return [kind, own ?? name].filter((part) => part !== null && part !== "").join(": ");
}

/** What kind of thing it is, in a word; null = only words. */
export function kindOf(body: MessageBody): string | null {
  const { files, cards } = speech.words.talk;
  switch (body.kind) {
    case "image":
      return files.image;
    case "file":
      return files[body.shownAs];
    case "location":
      return body.live ? cards.live : cards.location;
    case "contacts":
      return cards.contacts(body.cards.length);
    case "poll":
      return cards.poll;
    case "notice":
      return cards[body.notice];
    default:
      return null;
  }
}

/** The same of a message that another one answers, which need not be among those that were read. */
export function quotedLine({ kind, text }: QuotedView): string {
  const { talk, conversation } = speech.words;
  const { files, cards, marks } = talk;
  if (kind === "deleted") return marks.deleted;
  if (kind === "unknown") return conversation.unknown;
  const named: Record<string, unknown> = { ...files, ...cards, live_location: cards.live };
  const word = kind?.startsWith("contact") ? cards.contacts(text?.split("\n").length ?? 1) : named[kind ?? ""];
  const line = [word, text && plainOf(text)].filter((part) => typeof part === "string" && part !== "").join(": ");
  return line || (kind === null ? marks.quotedGone : marks.blank);
}

/** What is told of who wrote a message. */
type Writer = Pick<MessageView, "fromMe" | "sender" | "senderName" | "senderNumber"> & { body?: { kind: string } };

/** Who that is, whatever they are called and under whichever of their addresses they write; "" = nobody says. */
export function personOf({ sender, senderName, senderNumber }: Writer): string {
  return senderNumber ?? sender ?? senderName ?? "";
}

/** Who wrote it, as the window says it. A group's title is nobody's name: there it is theirs, else their number, else plain words. */
export function authorOf(writer: Writer, chat: Pick<ChatRow, "kind" | "title"> | null): string {
  const { you, member } = speech.words.talk.marks;
  if (writer.fromMe) return you;
  const isGroup = chat?.kind === "group";
  const called = writer.senderName ?? (isGroup ? writer.senderNumber : null);
  if (called !== null) return speech.titleOf({ title: called });
  const isNobodys = writer.body?.kind === "notice" && personOf(writer) === "";
  return chat && (!isGroup || isNobodys) ? speech.titleOf(chat) : member;
}

// Signs that turn the direction of what follows, or are not there to be seen.
const UNSEEN = /[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/gu;

/** A file's name as its signs stand, so that what looks like its end is its end. */
export function shownName(fileName: string | null): string {
  const name = (fileName ?? "").replace(UNSEEN, "").trim();
  return name === "" ? speech.words.talk.files.unnamed : name;
}

const LONG_NAME = 44;
const NAME_END = 16;

/** A long name without its middle: how it begins and how it ends is what tells. */
export function shortName(name: string): string {
  const signs = [...name];
  if (signs.length <= LONG_NAME) return name;
  return `${signs.slice(0, LONG_NAME - NAME_END - 1).join("")}…${signs.slice(-NAME_END).join("")}`;
}

const PROGRAMS =
  /\.(?:exe|msi|bat|cmd|com|scr|ps1|vbs|js|jse|wsf|hta|lnk|jar|apk|deb|rpm|sh|run|appimage|desktop|dmg|pkg|app|reg|dll|html?|xhtml|svg|iso)$/i;
const PROGRAM_TYPES =
  /x-(?:ms)?dos|msdownload|portable-executable|x-executable|x-sharedlib|x-msi|x-sh|shellscript|x-elf|mach|java-archive|android\.package|text\/html|svg/i;

/** Something that runs when it is opened, by its name or by its bytes. */
export function isProgram(name: string, mime: string): boolean {
  return PROGRAMS.test(name.trim()) || PROGRAM_TYPES.test(mime);
}
