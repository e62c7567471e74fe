/**
 * Which rows of a long conversation are in the document: never more than `MOST`. The window either sticks to the end, or
 * begins at a certain message and stays there whatever comes in before or after it.
 */
export const MOST = 100;
export const STEP = 40;
/** No message is lower than this, so that a screen holds no more of them than its height divided by it. */
const LOWEST_PX = 36;

export type Span = { from: number; to: number };

/** `start` null: the end. A message that is gone leaves the window at the end. `most`: as large as it may be. */
export function spanOf(rows: readonly { id: number }[], start: number | null, most = MOST): Span {
  const count = rows.length;
  const at = start === null ? -1 : rows.findIndex((row) => row.id === start);
  const from = at < 0 ? Math.max(0, count - most) : at;
  return { from, to: Math.min(count, from + most) };
}

/** How many rows fill a screen of this height, whatever is in them. */
export function screenful(height: number): number {
  return Math.min(MOST, Math.ceil(height / LOWEST_PX));
}

/** Where the window begins after it has moved by a step; null = it has reached the end. */
export function moved(rows: readonly { id: number }[], span: Span, by: -1 | 1): number | null {
  return startAt(rows, span.from + by * STEP);
}

/** Where the window begins so that row `index` lies well inside it. */
export function around(rows: readonly { id: number }[], index: number): number | null {
  return startAt(rows, index - STEP);
}

function startAt(rows: readonly { id: number }[], index: number): number | null {
  const from = Math.max(0, index);
  return from + MOST >= rows.length ? null : (rows[from]?.id ?? null);
}

export function isIn(span: Span, index: number): boolean {
  return index >= span.from && index < span.to;
}
