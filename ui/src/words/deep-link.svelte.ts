import en from "./deep-link.en.json?url";
import es from "./deep-link.es.json?url";
import ptBR from "./deep-link.pt-BR.json?url";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./deep-link.es.json");

/** The words about a link into the program. */
export const told = new Sheet<Data>({ es, "pt-BR": ptBR, en });
