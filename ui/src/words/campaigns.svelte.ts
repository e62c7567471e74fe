import type { Language } from "../platform";
import { campaignWords as en } from "./en.campaigns";
import { type CampaignWords, campaignWords as es } from "./es.campaigns";
import { campaignWords as ptBR } from "./pt-BR.campaigns";
import { speech } from "./speech.svelte";

/** The words of campaigns. Only their screens, which are loaded when they are opened, bring them along. */
export const CAMPAIGN_WORDS: Record<Language, CampaignWords> = { es, "pt-BR": ptBR, en };

class Told {
  readonly words = $derived(CAMPAIGN_WORDS[speech.language]);

  /** Why somebody failed or was skipped. */
  reason(word: string): string {
    return this.words.reasons[word] ?? this.words.otherReason;
  }
}

export const told = new Told();
export type { CampaignWords } from "./es.campaigns";
