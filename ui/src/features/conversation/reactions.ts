import type { ReactionView } from "../../platform";

export type ReactionCount = { emoji: string; names: string[]; mine: boolean };

/** The reactions by emoji, in the order in which each first came. */
export function reactionsOf(reactions: readonly ReactionView[], you: string, someone: string): ReactionCount[] {
  const all = new Map<string, ReactionCount>();
  for (const { emoji, fromMe, name } of reactions) {
    if (emoji === "") continue;
    const one = all.get(emoji) ?? { emoji, names: [], mine: false };
    one.names.push(fromMe ? you : (name ?? someone));
    one.mine ||= fromMe;
    all.set(emoji, one);
  }
  return [...all.values()];
}
