/** What shows an open chat, fetched together. */
export { default as ChatView } from "./ChatView.svelte";
export { default as PersonView } from "./PersonView.svelte";
