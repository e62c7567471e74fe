import en from "./explorer.en.json?url";
import es from "./explorer.es.json?url";
import ptBR from "./explorer.pt-BR.json?url";
import type { Said } from "./sayable";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./explorer.es.json");

/** The words of the Explorer. */
export type ExplorerWords = Said<Data>;

export const explained = new Sheet<Data>({ es, "pt-BR": ptBR, en });
