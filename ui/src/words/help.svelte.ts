import en from "./help.en.json?url";
import es from "./help.es.json?url";
import ptBR from "./help.pt-BR.json?url";
import type { Said } from "./sayable";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./help.es.json");

/** The words of the shortcuts. */
export type HelpWords = Said<Data>;

export const told = new Sheet<Data>({ es, "pt-BR": ptBR, en });
