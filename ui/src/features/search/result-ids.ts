import type { Result } from "./search.svelte";

/** The list that the search field controls; there is one of them. */
export const RESULTS_ID = "search-results";

export function optionId(result: Result): string {
  return result.kind === "chat"
    ? `${RESULTS_ID}-chat-${result.chat.id}`
    : `${RESULTS_ID}-message-${result.hit.message.id}`;
}
