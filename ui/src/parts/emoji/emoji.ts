import table from "./emoji.gen.json?url";

/** Emoji by the words they are found with, in our three languages. Loaded only when somebody looks for one. */
export type Emoji = { sign: string; group: number; words: string };

/** Unicode's groups, without skin tones (2). */
export const GROUPS = [
  "faces",
  "people",
  null,
  "nature",
  "food",
  "places",
  "activities",
  "things",
  "signs",
  "flags",
] as const;

const RECENT_KEY = "mostrador.emoji";
const MOST_RECENT = 18;

type Row = [string, number, ...string[]];

let loading: Promise<Emoji[]> | null = null;

/** `read` gives the table as it lies beside the code: a file of its own, for it is no code. */
export function loadEmoji(read: () => Promise<unknown> = fetched): Promise<Emoji[]> {
  loading ??= read().then((rows) =>
    (rows as Row[]).map(([sign, group, ...words]) => ({ sign, group, words: ` ${plain(words.join(" "))}` })),
  );
  // A load that failed is tried again the next time.
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

async function fetched(): Promise<unknown> {
  const answer = await fetch(table);
  if (!answer.ok) throw new Error(`the emoji: ${answer.status}`);
  return answer.json();
}

/** Every word asked for begins some word of the emoji, in whatever language and with or without accents. */
export function findEmoji(all: readonly Emoji[], query: string): Emoji[] {
  const asked = plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  if (asked.length === 0) return [...all];
  return all.filter((emoji) => emoji.sign === query.trim() || asked.every((word) => emoji.words.includes(` ${word}`)));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The last used ones; kept on this computer only. */
export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

export function usedEmoji(sign: string): void {
  const recent = [sign, ...recentEmoji().filter((one) => one !== sign)].slice(0, MOST_RECENT);
  try {
    localStorage.setItem(RECENT_KEY, JSON.stringify(recent));
  } catch {
    // Without storage nothing is recent.
  }
}
