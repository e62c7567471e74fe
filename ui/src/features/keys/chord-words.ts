import type { Chord } from "../../parts/keymap";
import { speech, type Words } from "../../words";

/** A chord as the keys to press, in the words that are printed on them. */
export function chordKeys(chord: Chord): string[] {
  const names: Partial<Record<string, string>> = speech.words.keys satisfies Words["keys"];
  const key = names[chord.key] ?? (chord.key.length === 1 ? chord.key.toUpperCase() : chord.key);
  return [
    ...(chord.ctrl ? [speech.words.keys.Control] : []),
    ...(chord.alt ? [speech.words.keys.Alt] : []),
    ...(chord.shift ? [speech.words.keys.Shift] : []),
    key,
  ];
}
