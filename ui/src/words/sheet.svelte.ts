import type { Language } from "../platform";
import { type Said, sayable } from "./sayable";
import { spoken } from "./spoken.svelte";

/** The words of a screen that few open: data beside the code, read when the screen is opened, in the one language spoken. */
export class Sheet<Data> {
  private known = $state.raw<Partial<Record<Language, Said<Data>>>>({});
  private last = $state.raw<Said<Data> | null>(null);

  /** `files` says where each language's words lie. */
  constructor(private readonly files: Record<Language, string>) {}

  /** Those of the language spoken, or while these come, the last that came. */
  get words(): Said<Data> | null {
    return this.known[spoken.language] ?? this.last;
  }

  get ready(): boolean {
    return this.last !== null;
  }

  async load(language: Language): Promise<void> {
    if (this.known[language]) return;
    const answer = await fetch(this.files[language]);
    this.take(language, (await answer.json()) as Data);
  }

  /** The words of a language are here. */
  take(language: Language, data: Data): void {
    const said = sayable(data, language);
    this.known = { ...this.known, [language]: said };
    this.last = said;
  }
}
