/** Counted things: the number in the language's own digits and grouping, with the form its plural rules ask for. */
export function counter(language: string): (count: number, one: string, other: string) => string {
  // Spanish and Portuguese also have "many" (round millions); its noun is the plural one.
  return (count, one, other) => {
    const { digits, rules } = rulesOf(language);
    return `${digits.format(count)} ${rules.select(count) === "one" ? one : other}`;
  };
}

type Rules = { digits: Intl.NumberFormat; rules: Intl.PluralRules };
const known = new Map<string, Rules>();

/** Made when something is counted: they are dear, and two of the three languages count nothing. */
function rulesOf(language: string): Rules {
  let rules = known.get(language);
  if (!rules) {
    rules = { digits: new Intl.NumberFormat(language), rules: new Intl.PluralRules(language) };
    known.set(language, rules);
  }
  return rules;
}
