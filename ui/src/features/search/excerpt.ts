/** A piece of a text; `hit`: words that were searched. */
export type Piece = { text: string; hit: boolean };

/** What is shown before the first hit, and in all, in UTF-16 units: about two lines of the list. */
const BEFORE = 36;
const MOST = 180;

/**
 * A text in one line, cut around its first hit, in pieces. `found`: first and end of each hit in the text, in order, in
 * UTF-16 units. Cut between words if there is a space near, and never through a sign.
 */
export function excerptOf(text: string, found: readonly (readonly [number, number])[]): Piece[] {
  const first = found[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : startNear(text, first);
  const to = endNear(text, Math.max(from + MOST, found[0]?.[1] ?? 0));
  const pieces: Piece[] = [];
  const add = (start: number, end: number, hit: boolean) => {
    if (end > start) pieces.push({ text: text.slice(start, end).replace(/\s/g, " "), hit });
  };
  let at = from;
  for (const [start, end] of found) {
    if (start < at || start >= to) continue;
    add(at, start, false);
    add(start, Math.min(end, to), true);
    at = Math.min(end, to);
  }
  add(at, to, false);
  if (from > 0) pieces.unshift({ text: "…", hit: false });
  if (to < text.length) pieces.push({ text: "…", hit: false });
  return pieces;
}

function startNear(text: string, first: number): number {
  const from = first - BEFORE;
  const space = text.slice(from, first).search(/\s/);
  return space < 0 ? whole(text, from) : from + space + 1;
}

function endNear(text: string, to: number): number {
  return to >= text.length ? text.length : whole(text, to);
}

/** Not between the halves of a pair. */
function whole(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
