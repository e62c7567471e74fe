/**
 * Every key action of the window, in one map. An action is a name; what it does is said by whoever composes the screen.
 * Ctrl+Alt+letter is never used: it is AltGr on the keyboards of half our shops. Nor are the chords that
 * browsers keep for themselves, because the same window runs in one.
 */
export type Action =
  | "nextChat"
  | "previousChat"
  | "focusList"
  | "focusComposer"
  | "openSettings"
  | "openChats"
  | "back"
  | "help";

export type Chord = { key: string; ctrl?: true; alt?: true; shift?: true };

export const KEYMAP: Record<Action, readonly Chord[]> = {
  nextChat: [{ key: "ArrowDown", alt: true }],
  previousChat: [{ key: "ArrowUp", alt: true }],
  focusList: [{ key: "l", alt: true }],
  focusComposer: [{ key: "m", alt: true }],
  openChats: [{ key: "c", alt: true }],
  openSettings: [{ key: ",", ctrl: true }],
  back: [{ key: "Escape" }],
  help: [{ key: "F1" }, { key: "?" }],
};

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** A sign such as "?" needs Shift on some layouts and not on others: for signs, Shift is part of the sign. */
function matches(chord: Chord, press: Press): boolean {
  const isSign = chord.key.length === 1 && !/[a-z0-9]/i.test(chord.key);
  return (
    press.key.toLowerCase() === chord.key.toLowerCase() &&
    (press.ctrlKey || press.metaKey) === (chord.ctrl ?? false) &&
    press.altKey === (chord.alt ?? false) &&
    (isSign || press.shiftKey === (chord.shift ?? false))
  );
}

/** The action of a key press. While somebody types, a plain character is a character. */
export function actionOf(press: Press, typing: boolean): Action | null {
  const plain = press.key.length === 1 && !press.ctrlKey && !press.metaKey && !press.altKey;
  if (typing && plain) return null;
  for (const [action, chords] of Object.entries(KEYMAP) as [Action, readonly Chord[]][]) {
    if (chords.some((chord) => matches(chord, press))) return action;
  }
  return null;
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select")
  );
}
