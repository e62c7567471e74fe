import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../src/platform";
import type { CampaignWords } from "../src/words/campaigns.svelte";
import type { ExplorerWords } from "../src/words/explorer.svelte";
import type { HookWords } from "../src/words/hooks.svelte";
import { sayable } from "../src/words/sayable";

/**
 * Words that are data, as they lie beside the code: a test has nobody to fetch them from. The walks read them too, which have
 * no compiler for what has state: nothing of that is imported here.
 */
export const written = (sheet: string, language: Language) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../src/words/${sheet}.${language}.json`), "utf8"));

export const campaignWords = (language: Language) =>
  sayable(written("campaigns", language), language) as unknown as CampaignWords;

export const explorerWords = (language: Language) =>
  sayable(written("explorer", language), language) as unknown as ExplorerWords;

export const hookWords = (language: Language) => sayable(written("hooks", language), language) as unknown as HookWords;
