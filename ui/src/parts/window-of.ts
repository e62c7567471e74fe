/**
 * Windowing of a list whose rows all have the same height: which rows to draw for a scroll position. Pure, so that it is
 * the same for a list of ten and of a hundred thousand.
 */
export type Slice = { from: number; to: number };

export function sliceOf(scrollTop: number, height: number, rowHeight: number, count: number, overscan: number): Slice {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const shown = Math.ceil(height / rowHeight) + 1;
  const from = Math.max(0, Math.min(first - overscan, count));
  return { from, to: Math.max(from, Math.min(first + shown + overscan, count)) };
}

/** The scroll position that shows row `index` whole, moving as little as possible. */
export function scrollToShow(index: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}
