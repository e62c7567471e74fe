import en from "./campaigns.en.json?url";
import es from "./campaigns.es.json?url";
import ptBR from "./campaigns.pt-BR.json?url";
import { among, type Said } from "./sayable";
import { Sheet } from "./sheet.svelte";

type Data = typeof import("./campaigns.es.json");

/** The words of campaigns. Their screens are shown once these are here. */
export type CampaignWords = Said<Data>;

class Told extends Sheet<Data> {
  /** For the screens of campaigns, which wait for them. */
  override get words(): CampaignWords {
    const words = super.words;
    if (!words) throw new Error("the words of campaigns are not here yet");
    return words;
  }

  /** Why somebody failed or was skipped. */
  reason(word: string): string {
    return among(this.words.reasons, word) ?? this.words.otherReason;
  }
}

export const told = new Told({ es, "pt-BR": ptBR, en });
