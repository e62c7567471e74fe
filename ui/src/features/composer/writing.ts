/** What keys and buttons do to the text in the field. Pure. */
export type Field = { text: string; from: number; to: number };

/** Puts a mark around what is chosen, or takes it away again. Nothing chosen: the cursor stands between two marks. */
export function marked({ text, from, to }: Field, mark: string): Field {
  const before = text.slice(0, from);
  const inner = text.slice(from, to);
  const after = text.slice(to);
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return {
      text: before.slice(0, -mark.length) + inner + after.slice(mark.length),
      from: from - mark.length,
      to: to - mark.length,
    };
  }
  // A mark stands beside a letter, never beside a space.
  const core = inner.trim();
  const lead = inner.length - inner.trimStart().length;
  const trail = inner.slice(lead + core.length);
  const start = from + lead + mark.length;
  return {
    text: before + inner.slice(0, lead) + mark + core + mark + trail + after,
    from: start,
    to: start + core.length,
  };
}

export function inserted({ text, from, to }: Field, words: string): Field {
  const at = from + words.length;
  return { text: text.slice(0, from) + words + text.slice(to), from: at, to: at };
}

/** What is being written after an @ before the cursor; null = nobody is being named. */
export function nameBeingWritten(text: string, cursor: number): { from: number; query: string } | null {
  const found = /(?:^|\s)@([^\s@]{0,30})$/u.exec(text.slice(0, cursor));
  return found ? { from: cursor - (found[1]?.length ?? 0) - 1, query: found[1] ?? "" } : null;
}

/** Those who are called alike get the end of their number behind the name, so that each is one in the text too. */
export function toldApart<P extends { address: string; name: string }>(people: readonly P[], signs = 4): readonly P[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of people) (seen.has(name) ? shared : seen).add(name);
  if (shared.size === 0 || signs > 16) return people;
  const ended = (person: P) => `${person.name} ${digitsOf(person.address).slice(-signs)}`;
  const apart = people.map((person) => (shared.has(person.name) ? { ...person, name: ended(person) } : person));
  return toldApart(apart, signs + 4);
}

/** The text as it goes out: names that were chosen become the digits that WhatsApp knows them by. */
export function outgoing(text: string, people: ReadonlyMap<string, string>): { text: string; mentions: string[] } {
  // The longest first: "@Ana María" is not "@Ana", nor is "@Anabel".
  const names = [...people.keys()].toSorted((one, other) => other.length - one.length);
  const mentions = new Set<string>();
  if (names.length === 0) return { text, mentions: [] };
  const any = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  const words = text.replace(new RegExp(`@(${any})(?![\\p{L}\\p{M}\\p{N}])`, "gu"), (written, name: string) => {
    const address = people.get(name) ?? "";
    if (digitsOf(address) === "") return written;
    mentions.add(address);
    return `@${digitsOf(address)}`;
  });
  return { text: words, mentions: [...mentions] };
}

/** The other way: of what went out, the names of those who are known. They are noted as chosen. */
export function writtenAgain(
  text: string,
  mentions: readonly string[],
  known: ReadonlyMap<string, string>,
  people: Map<string, string>,
): string {
  const names = new Map<string, string>();
  for (const address of mentions) {
    const name = known.get(address);
    if (name === undefined) continue;
    names.set(digitsOf(address), name);
    people.set(name, address);
  }
  return text.replace(/@(\d+)/g, (written, digits: string) => (names.has(digits) ? `@${names.get(digits)}` : written));
}

function digitsOf(address: string): string {
  return address.split("@")[0] ?? "";
}
