/** What leads to a number that is linked, fetched together. */
export { default as PairingPane } from "../features/pairing/PairingPane.svelte";
export { default as WelcomePane } from "../features/welcome/WelcomePane.svelte";
