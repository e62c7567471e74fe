import type { CountsView } from "../platform";

/** Of those whom a campaign writes to, how many are behind it. Who is left out is no part of either. */
export function howFar(counts: CountsView): { done: number; total: number } {
  const total = counts.total - counts.skipped - counts.optedOut;
  return { done: total - counts.pending - counts.queued, total };
}
