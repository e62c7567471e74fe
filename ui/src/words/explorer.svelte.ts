import type { Language } from "../platform";
import en from "./explorer.en.json?url";
import es from "./explorer.es.json?url";
import ptBR from "./explorer.pt-BR.json?url";
import { speech } from "./speech.svelte";

/** The words of the Explorer, which few open: data beside the code, read when it is opened, in the one language that is spoken. */
export type ExplorerWords = typeof import("./explorer.es.json");

const FILES: Record<Language, string> = { es, "pt-BR": ptBR, en };

class Explained {
  private known = $state.raw<Partial<Record<Language, ExplorerWords>>>({});

  get words(): ExplorerWords | null {
    return this.known[speech.language] ?? null;
  }

  async load(language: Language): Promise<void> {
    if (this.known[language]) return;
    const answer = await fetch(FILES[language]);
    const words = (await answer.json()) as ExplorerWords;
    this.known = { ...this.known, [language]: words };
  }
}

export const explained = new Explained();

/** Words with their values: `{limit}` becomes what `values` has under that name. */
export function filled(words: string, values: Record<string, string | number>): string {
  return words.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
