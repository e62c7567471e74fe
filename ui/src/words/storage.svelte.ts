import type { Said } from "./sayable";
import { Sheet } from "./sheet.svelte";
import en from "./storage.en.json?url";
import es from "./storage.es.json?url";
import ptBR from "./storage.pt-BR.json?url";

type Data = typeof import("./storage.es.json");

/** The words about the room that everything takes. */
export type StorageWords = Said<Data>;

export const told = new Sheet<Data>({ es, "pt-BR": ptBR, en });
