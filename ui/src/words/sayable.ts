import type { Language } from "../platform";
import { counter } from "./plural";

type Names<Text extends string> = Text extends `${infer First}, ${infer Rest}` ? [First, ...Names<Rest>] : [Text];
type Values<List extends string[]> = { [At in keyof List]: List[At] extends "count" ? number : string };
type Name<Key> = Key extends `${infer Text}(${string})` ? Text : Key;

/**
 * Words that are data. A key that ends in names takes values: `"removeTitle(name)": "¿Eliminar «{name}»?"` becomes
 * `removeTitle(name)`. What is counted is called `count` and says its two forms: `"{count|persona|personas}"`.
 */
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

/** Makes words to call of words that are written. */
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
