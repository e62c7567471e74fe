const MOST = 5;

/** The telephone numbers of a card (RFC 6350), each once. Whatever else a card claims is not shown. */
export function numbersOf(vcard: string): string[] {
  const unfolded = vcard.slice(0, 20_000).replace(/\r?\n[ \t]/g, "");
  const numbers = unfolded
    .split(/\r?\n/)
    .map(
      (line) => /^(?:[\w-]{1,20}\.)?TEL[^:]{0,200}:(?:tel:)?\s*(\+?[\d\s().-]{3,30})$/i.exec(line)?.[1]?.trim() ?? "",
    )
    .filter((number) => /\d{3}/.test(number));
  return [...new Set(numbers)].slice(0, MOST);
}
