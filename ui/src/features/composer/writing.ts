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

/** The text as it goes out: names that were chosen become the digits that WhatsApp knows them by. */
export function outgoing(text: string, people: ReadonlyMap<string, string>): { text: string; mentions: string[] } {
  let words = text;
  const mentions: string[] = [];
  // The longest first: "@Ana María" is not "@Ana".
  const names = [...people].toSorted(([one], [other]) => other.length - one.length);
  for (const [name, address] of names) {
    const digits = address.split("@")[0] ?? "";
    if (digits === "" || !words.includes(`@${name}`)) continue;
    words = words.replaceAll(`@${name}`, `@${digits}`);
    mentions.push(address);
  }
  return { text: words, mentions };
}
