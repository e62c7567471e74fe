import { linksIn } from "../links/link";

/**
 * WhatsApp's own marks in a text, as a tree: blocks (paragraph, quote, list, code) of inline parts (bold, italic, struck,
 * code, link, name). Only a tree: whoever draws it makes elements of it, never markup. Linear in the length of the text;
 * marks that are not closed on their line stay what they are, signs.
 */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; parts: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "mention"; text: string };

export type Block =
  | { kind: "lines"; lines: Inline[][] }
  | { kind: "quote"; lines: Inline[][] }
  | { kind: "bullets"; items: Inline[][] }
  | { kind: "numbers"; start: number; items: Inline[][] }
  | { kind: "code"; text: string };

/** Digits of an address, and the name that is shown for it. */
export type Names = ReadonlyMap<string, string>;

const FENCE = "```";
const STYLES: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
/** A styled run longer than this is none: nobody means it, and looking for its end must stay cheap. */
const LONGEST_RUN = 2_000;
/** So many signs of the same kind are looked at for the end of a run. */
const MOST_TRIES = 40;
const DEEPEST = 4;
const WORD = /[\p{L}\p{N}]/u;
const NONE: Names = new Map();

export function blocksOf(text: string, names: Names = NONE): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf(FENCE, at);
    const close = open < 0 ? -1 : text.indexOf(FENCE, open + FENCE.length);
    if (close < 0 || close === open + FENCE.length) break;
    addLines(blocks, text.slice(at, open).replace(/\n$/, ""), names);
    blocks.push({ kind: "code", text: text.slice(open + FENCE.length, close).replace(/^\n|\n$/g, "") });
    at = close + FENCE.length;
    if (text[at] === "\n") at += 1;
  }
  addLines(blocks, text.slice(at), names);
  return blocks;
}

function addLines(blocks: Block[], text: string, names: Names): void {
  if (text === "") return;
  for (const line of text.split("\n")) addLine(blocks, line, names);
}

function addLine(blocks: Block[], line: string, names: Names): void {
  const last = blocks.at(-1);
  const bullet = /^[*-] (?=\S)/.exec(line);
  const number = /^(\d{1,3})\. (?=\S)/.exec(line);
  if (line.startsWith("> ") && line.length > 2) {
    const parts = inlineOf(line.slice(2), names);
    if (last?.kind === "quote") last.lines.push(parts);
    else blocks.push({ kind: "quote", lines: [parts] });
  } else if (bullet) {
    const parts = inlineOf(line.slice(bullet[0].length), names);
    if (last?.kind === "bullets") last.items.push(parts);
    else blocks.push({ kind: "bullets", items: [parts] });
  } else if (number) {
    const parts = inlineOf(line.slice(number[0].length), names);
    if (last?.kind === "numbers") last.items.push(parts);
    else blocks.push({ kind: "numbers", start: Number(number[1]), items: [parts] });
  } else if (last?.kind === "lines") last.lines.push(inlineOf(line, names));
  else blocks.push({ kind: "lines", lines: [inlineOf(line, names)] });
}

/** Links are cut out first: an underscore in an address is no italics. */
export function inlineOf(line: string, names: Names = NONE): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const link of linksIn(line)) {
    parts.push(...styled(line.slice(at, link.from), names, 0));
    parts.push({ kind: "link", text: line.slice(link.from, link.to), href: link.href });
    at = link.to;
  }
  parts.push(...styled(line.slice(at), names, 0));
  return parts;
}

function styled(text: string, names: Names, depth: number): Inline[] {
  const parts: Inline[] = [];
  let plainFrom = 0;
  /** Marks that have no end any more on this line: not looked for again. */
  const hopeless = new Set<string>();
  const flush = (to: number) => {
    if (to > plainFrom) parts.push(...mentioned(text.slice(plainFrom, to), names));
  };
  let at = 0;
  while (at < text.length) {
    const mark = text[at] ?? "";
    const end =
      (mark === "`" || mark in STYLES) && !hopeless.has(mark) && opens(text, at) ? closing(text, at, mark) : -1;
    if (end < 0) {
      if (end === -2) hopeless.add(mark);
      at += 1;
      continue;
    }
    flush(at);
    const inner = text.slice(at + 1, end);
    const style = STYLES[mark];
    if (style === undefined) parts.push({ kind: "code", text: inner });
    else
      parts.push({
        kind: style,
        parts: depth < DEEPEST ? styled(inner, names, depth + 1) : [{ kind: "text", text: inner }],
      });
    at = end + 1;
    plainFrom = at;
  }
  flush(text.length);
  return parts;
}

/** A mark opens at the edge of a word, before a sign that is no space. */
function opens(text: string, at: number): boolean {
  const before = text[at - 1];
  const after = text[at + 1];
  return (before === undefined || !WORD.test(before)) && after !== undefined && !/\s/.test(after) && after !== text[at];
}

/** Where the run that opens at `from` ends; -1 = this one does not, -2 = nor does any later one of the mark. */
function closing(text: string, from: number, mark: string): number {
  const limit = Math.min(text.length, from + LONGEST_RUN);
  let next = text.indexOf(mark, from + 1);
  if (next < 0) return -2;
  for (let tries = 0; next >= 0 && next < limit && tries < MOST_TRIES; tries += 1) {
    const before = text[next - 1] ?? " ";
    const after = text[next + 1];
    const edge = mark === "`" || after === undefined || !WORD.test(after);
    if (next > from + 1 && !/\s/.test(before) && edge) return next;
    next = text.indexOf(mark, next + 1);
  }
  return -1;
}

function mentioned(text: string, names: Names): Inline[] {
  if (names.size === 0) return [{ kind: "text", text }];
  const parts: Inline[] = [];
  let at = 0;
  for (const found of text.matchAll(/@(\d{5,20})/g)) {
    const name = names.get(found[1] ?? "");
    if (name === undefined) continue;
    if (found.index > at) parts.push({ kind: "text", text: text.slice(at, found.index) });
    parts.push({ kind: "mention", text: `@${name}` });
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}

/** The words without their marks, in one line: for where there is one line. */
export function plainOf(text: string, longest = 300): string {
  const flat = (parts: Inline[]): string =>
    parts.map((part) => ("parts" in part ? flat(part.parts) : part.text)).join("");
  return blocksOf(text.slice(0, longest))
    .flatMap((block) => {
      if (block.kind === "code") return [block.text];
      return ("lines" in block ? block.lines : block.items).map(flat);
    })
    .join(" ")
    .replace(/\s+/g, " ");
}

/** Does it hold anything that is drawn otherwise than it is written? */
export function isFormatted(text: string): boolean {
  return blocksOf(text).some(
    (block) =>
      block.kind !== "lines" ||
      block.lines.some((line) => line.some((part) => part.kind !== "text" && part.kind !== "link")),
  );
}

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Z}\u115F\u1160\u3164\uFFA0\u2800\p{M}]/gu;

/** Nothing of it can be seen: spaces, zero-width signs, marks without letters. */
export function isBlank(text: string): boolean {
  return text.slice(0, 10_000).replace(INVISIBLE, "") === "";
}

const ONLY_EMOJI =
  /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*|\s)+$/u;

/** One to three emoji and nothing else: shown large. */
export function isFewEmoji(text: string): boolean {
  if (text.length > 60 || /[\d#*]/.test(text) || !ONLY_EMOJI.test(text)) return false;
  const count = [...new Intl.Segmenter().segment(text.replace(/\s/g, ""))].length;
  return count >= 1 && count <= 3;
}
