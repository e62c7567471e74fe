/** Counted things: the number in the language's own digits and grouping, with the form its plural rules ask for. */
export function counter(language: string): (count: number, one: string, other: string) => string {
  const digits = new Intl.NumberFormat(language);
  const rules = new Intl.PluralRules(language);
  // Spanish and Portuguese also have "many" (round millions); its noun is the plural one.
  return (count, one, other) => `${digits.format(count)} ${rules.select(count) === "one" ? one : other}`;
}
