import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../src/platform";
import type { CampaignWords } from "../src/words/campaigns.svelte";
import { sayable } from "../src/words/sheet.svelte";

/** The words of campaigns as they lie beside the code: a test has nobody to fetch them from. */
export function campaignWords(language: Language): CampaignWords {
  return sayable(campaignData(language), language);
}

export function campaignData(language: Language): typeof import("../src/words/campaigns.es.json") {
  const file = join(import.meta.dirname, `../src/words/campaigns.${language}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}
