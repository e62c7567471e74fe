import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const WORDS = join(import.meta.dirname, "../src/words");
const sheets = readdirSync(WORDS).flatMap((file) => /^(.+)\.es\.json$/.exec(file)?.[1] ?? []);

/** Every key with its path, and the values that its sentence takes; {{name}} is what a person would type. */
function leaves(node: unknown, path = ""): string[] {
  if (typeof node === "string")
    return [`${path} ${[...node.matchAll(/(?<!\{)\{(\w+)/g)].map(([, name]) => name).toSorted()}`];
  return Object.entries(node as object).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}

const written = (sheet: string, language: string) =>
  JSON.parse(readFileSync(join(WORDS, `${sheet}.${language}.json`), "utf8"));

describe.each(sheets)("the sheet of words %s", (sheet) => {
  it.each(["en", "pt-BR"])("says in %s all that it says in Spanish, with the same values", (language) => {
    const ours = [...new Set(leaves(written(sheet, language)))].toSorted();
    expect(ours).toEqual([...new Set(leaves(written(sheet, "es")))].toSorted());
  });
});
