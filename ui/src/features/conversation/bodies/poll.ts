import type { VoteView } from "../../../platform";
import { speech } from "../../../words";

export type OptionCount = { option: string; count: number; mine: boolean; names: string[] };

/** How often each answer was chosen, in the order of the question; answers it does not have count for nothing. */
export function countsOf(options: readonly string[], votes: readonly VoteView[]): OptionCount[] {
  return options.map((option) => {
    const chose = votes.filter((vote) => vote.options.includes(option));
    return {
      option,
      count: chose.length,
      mine: chose.some((vote) => vote.fromMe),
      names: chose.map((vote) =>
        vote.fromMe ? speech.words.talk.marks.you : (vote.name ?? speech.words.talk.marks.someone),
      ),
    };
  });
}
