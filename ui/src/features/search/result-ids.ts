import type { Result } from "./search.svelte";

/** The list that the search field controls; there is one of them. */
export const RESULTS_ID = "search-results";

export function optionId(result: Result): string {
  const which =
    result.kind === "chat"
      ? result.chat.id
      : result.kind === "number"
        ? `${result.deviceId}-${result.number.slice(1)}`
        : result.hit.message.id;
  return `${RESULTS_ID}-${result.kind}-${which}`;
}
