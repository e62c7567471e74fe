export type { Words } from "./es";
export type { FaultWords } from "./es.faults";
export { phoneWords } from "./phone";
export type { ScreenWords } from "./screens.svelte";
export { autoLanguage, daysBetween, LANGUAGES, speech } from "./speech.svelte";
export { isLinked, numberOf, type Sending, type Standing, sendingOf, standingOf } from "./standing";
