import en from "./hooks.en.json?url";
import es from "./hooks.es.json?url";
import ptBR from "./hooks.pt-BR.json?url";
import type { Said } from "./sayable";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./hooks.es.json");

/** The words of the screen of the gateway's calls. */
export type HookWords = Said<Data>;

export const told = new Sheet<Data>({ es, "pt-BR": ptBR, en });
