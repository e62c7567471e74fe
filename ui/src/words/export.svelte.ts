import en from "./export.en.json?url";
import es from "./export.es.json?url";
import ptBR from "./export.pt-BR.json?url";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./export.es.json");

/** The words about a chat that is written to a file. */
export const told = new Sheet<Data>({ es, "pt-BR": ptBR, en });
