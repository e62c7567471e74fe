import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../src/platform";
import type { CampaignWords } from "../src/words/campaigns.svelte";
import { en } from "../src/words/en";
import { es } from "../src/words/es";
import type { ExplorerWords } from "../src/words/explorer.svelte";
import type { HookWords } from "../src/words/hooks.svelte";
import type { LinkingWords } from "../src/words/linking.svelte";
import { ptBR } from "../src/words/pt-BR";
import { sayable } from "../src/words/sayable";
import type { ScreenWords } from "../src/words/screens.svelte";

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

const CATALOGUES = { es, "pt-BR": ptBR, en };

/** All that the window says without a sheet of a screen's own. */
export const allWords = (language: Language) => ({
  ...CATALOGUES[language],
  ...(sayable(written("screens", language), language) as unknown as ScreenWords),
});

export const linkingWords = (language: Language) =>
  sayable(written("linking", language), language) as unknown as LinkingWords;
