import type { Language } from "../platform";
import { counter } from "./plural";
import { speech } from "./speech.svelte";

/**
 * The words of a screen that few open: data beside the code, read when the screen is opened, in the one language spoken.
 *
 * A key that ends in names takes values: `"removeTitle(name)": "¿Eliminar «{name}»?"` becomes `removeTitle(name)`. What is
 * counted is called `count` and says its two forms: `"{count|persona|personas}"`.
 */
export class Sheet<Data> {
  private known = $state.raw<Partial<Record<Language, Said<Data>>>>({});
  private last = $state.raw<Said<Data> | null>(null);

  /** `files` says where each language's words lie. */
  constructor(private readonly files: Record<Language, string>) {}

  /** Those of the language spoken, or while these come, the last that came. */
  get words(): Said<Data> | null {
    return this.known[speech.language] ?? this.last;
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

type Names<Text extends string> = Text extends `${infer First}, ${infer Rest}` ? [First, ...Names<Rest>] : [Text];
type Values<List extends string[]> = { [At in keyof List]: List[At] extends "count" ? number : string };
type Name<Key> = Key extends `${infer Text}(${string})` ? Text : Key;

/** Words as they are called. */
export type Said<Data> = {
  [Key in keyof Data as Name<Key>]: Key extends `${string}(${infer List})`
    ? (...values: Values<Names<List>>) => string
    : Data[Key] extends string | string[]
      ? Data[Key]
      : Said<Data[Key]>;
};

/** One of several words, by what the core calls it: it may know a newer one than the sheet. */
export function among(words: Record<string, string>, which: string): string | undefined {
  return words[which];
}

/** Makes words that take values of those that are written with their names. */
export function sayable<Data>(data: Data, language: Language): Said<Data> {
  return said(data, counter(language)) as Said<Data>;
}

function said(node: unknown, count: ReturnType<typeof counter>): unknown {
  if (typeof node === "string" || Array.isArray(node)) return node;
  const entries = Object.entries(node as object).map(([key, child]): [string, unknown] => {
    const [, name, list] = /^(\w+)\((.+)\)$/.exec(key) ?? [];
    if (name === undefined || list === undefined) return [key, said(child, count)];
    return [name, sentence(String(child), list.split(", "), count)];
  });
  return Object.fromEntries(entries);
}

function sentence(text: string, names: string[], count: ReturnType<typeof counter>) {
  const holes = new RegExp(`\\{(${names.join("|")})(?:\\|([^|}]*)\\|([^}]*))?\\}`, "g");
  return (...values: (string | number)[]) =>
    text.replaceAll(holes, (_hole, name: string, one?: string, other?: string) => {
      const value = values[names.indexOf(name)] ?? "";
      return one === undefined || other === undefined ? String(value) : count(Number(value), one, other);
    });
}
