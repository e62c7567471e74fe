/** The screens about numbers: setting one up, linking it, the settings, its gateway's calls both ways. They are small and alike, and fetched together. */
export { default as PairingPane } from "../features/pairing/PairingPane.svelte";
export { default as WelcomePane } from "../features/welcome/WelcomePane.svelte";
export { default as ExplorerView } from "./ExplorerView.svelte";
export { default as HooksView } from "./HooksView.svelte";
export { default as SettingsView } from "./SettingsView.svelte";
