/** How many tints there are; `theme/tints.css` has as many. */
export const TINTS = 12;

/** The tint of a name: always the same one, on every start and every machine. FNV-1a over its code points. */
export function tintOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name.normalize("NFC").trim().toLocaleLowerCase("en")) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash % TINTS;
}

const LETTER = /\p{L}/u;

/** Up to two initials: first and last word that begin with a letter. Numbers have none. */
export function initialsOf(name: string): string {
  const words = name
    .normalize("NFC")
    .split(/\s+/u)
    .map((word) => [...word].find((sign) => LETTER.test(sign)))
    .filter((letter) => letter !== undefined);
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return `${first ?? ""}${last ?? ""}`.toLocaleUpperCase();
}
