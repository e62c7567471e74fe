import type { Said } from "./sayable";
import en from "./screens.en.json?url";
import es from "./screens.es.json?url";
import ptBR from "./screens.pt-BR.json?url";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./screens.es.json");

/** What the list, the conversation, the composer, the search and the person's panel say. */
export type ScreenWords = Said<Data>;

/**
 * Read by the shop as it opens, before any screen is drawn, in the one language spoken. `speech.words` has them among its own, which are
 * those that are needed before, and whenever the core cannot be reached.
 */
export const screens = new Sheet<Data>({ es, "pt-BR": ptBR, en });
