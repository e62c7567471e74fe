import en from "./linking.en.json?url";
import es from "./linking.es.json?url";
import ptBR from "./linking.pt-BR.json?url";
import type { Said } from "./sayable";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./linking.es.json");

/** The words about adding a number and linking it, and about its keys. */
export type LinkingWords = Said<Data>;

class Told extends Sheet<Data> {
  /** For the screens behind the gate of this sheet. */
  override get words(): LinkingWords {
    const words = super.words;
    if (!words) throw new Error("the words about linking are not here yet");
    return words;
  }
}

export const told = new Told({ es, "pt-BR": ptBR, en });
