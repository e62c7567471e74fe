import { authorOf, kindOf, quotedLine, shownName, textOf } from "../../parts/message-words";
import type { ChatRow, MessageView } from "../../platform";
import { speech } from "../../words";

export const FORMATS = ["txt", "html", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** What stands in an exported file. Texts from outside stay texts: they cannot begin a line, a tag or a value of their own. */
type Writer = { head: string; row: (message: MessageView, first: boolean) => string; tail: string };

export function writerOf(format: Format, chat: ChatRow): Writer {
  return { txt: plain, html: page, json: values }[format](chat);
}

// Signs that are not there to be seen, or turn the order of what follows; those that join emoji stay.
const UNSEEN = /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
const clean = (text: string) => text.replace(UNSEEN, "");
const linesIn = (text: string | null) =>
  text === null ? [] : text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/).map(clean);

/** What a message says, line by line: what kind of thing it is, the file's name, its words. */
function linesOf({ body, quoted }: MessageView): string[] {
  const { talk, conversation } = speech.words;
  if (body.kind === "deleted") return [`[${talk.marks.deleted}]`];
  if (body.kind === "unknown") return [`[${conversation.unknown}]`];
  const said = quoted && (quoted.text || (quoted.kind && quotedLine(quoted)));
  const answer = said ? [`> ${linesIn(said)[0] ?? ""}`] : [];
  const kind = kindOf(body);
  const fileName = body.kind === "image" || body.kind === "file" ? body.media.fileName : null;
  const what = kind === null ? [] : [`[${kind}${fileName === null ? "" : `: ${shownName(fileName)}`}]`];
  return [...answer, ...what, ...linesIn(textOf(body))];
}

function marksOf(message: MessageView): string {
  const { marks } = speech.words.talk;
  const all = [message.forwarded ? marks.forwarded : "", message.editedAt === null ? "" : marks.edited];
  return all.filter((mark) => mark !== "").join(", ");
}

function plain(chat: ChatRow): Writer {
  const title = speech.titleOf(chat);
  return {
    head: `${clean(title)}\n\n`,
    row: (message) => {
      const marks = marksOf(message);
      const who = `${clean(authorOf(message, chat))}${marks === "" ? "" : ` (${marks})`}`;
      return `${speech.moment(message.at)} · ${who}: ${linesOf(message).join("\n    ")}\n`;
    },
    tail: "",
  };
}

function values(chat: ChatRow): Writer {
  const { id, kind } = chat;
  return {
    head: `{"chat":${JSON.stringify({ id, kind, title: speech.titleOf(chat) })},"messages":[\n`,
    row: (message, first) => `${first ? "" : ",\n"}${JSON.stringify(message)}`,
    tail: "\n]}\n",
  };
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => clean(text).replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? "");

/** The page runs nothing and loads nothing. */
const POLICY = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`;
const STYLE = `<style>:root{color-scheme:light dark}body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:15px/1.45 system-ui,sans-serif}
article{margin:.4rem 20% .4rem 0;padding:.4rem .7rem;border:1px solid #8886;border-radius:10px;overflow-wrap:anywhere}
.us{margin:.4rem 0 .4rem 20%;background:#2a7f6a22}p{margin:0}small{opacity:.75}</style>`;

function page(chat: ChatRow): Writer {
  const title = speech.titleOf(chat);
  const name = escaped(title);
  return {
    head: `<!doctype html>\n<html lang="${speech.language}"><meta charset="utf-8">${POLICY}<title>${name}</title>${STYLE}<h1><bdi>${name}</bdi></h1>\n`,
    row: (message) => {
      const at = new Date(message.at).toISOString();
      const facts = [speech.moment(message.at), marksOf(message)].filter((part) => part !== "").join(" · ");
      const words = linesOf(message).map(escaped).join("<br>");
      const who = escaped(authorOf(message, chat));
      return `<article${message.fromMe ? ' class="us"' : ""}><b><bdi>${who}</bdi></b> <small><time datetime="${at}">${escaped(facts)}</time></small><p dir="auto">${words}</p></article>\n`;
    },
    tail: "</html>\n",
  };
}
