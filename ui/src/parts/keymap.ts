/**
 * Every key action of the window, in one map. An action is a name; what it does is said by whoever composes the screen.
 * Ctrl+Alt+letter is never used: it is AltGr on the keyboards of half our shops. Nor are the chords that
 * browsers keep for themselves, because the same window runs in one; their zoom is theirs and does the same there.
 */
export const GROUPS = {
  list: [
    "nextChat",
    "previousChat",
    "nextUnread",
    "filter1",
    "filter2",
    "filter3",
    "filter4",
    "filter5",
    "filter6",
    "filter7",
    "filter8",
    "filter9",
    "focusList",
    "search",
  ],
  chat: [
    "archive",
    "done",
    "waiting",
    "snooze",
    "pin",
    "mute",
    "markUnread",
    "labels",
    "undo",
    "person",
    "focusComposer",
    "find",
  ],
  window: ["openChats", "openCampaigns", "openSettings", "zoomIn", "zoomOut", "zoomReset", "back", "help"],
} as const;

export type Action = (typeof GROUPS)[keyof typeof GROUPS][number];

export type Chord = { key: string; ctrl?: true; alt?: true; shift?: true };

const alt = (key: string): readonly Chord[] => [{ key, alt: true }];

export const KEYMAP: Record<Action, readonly Chord[]> = {
  nextChat: alt("ArrowDown"),
  previousChat: alt("ArrowUp"),
  nextUnread: alt("n"),
  filter1: [{ key: "1" }],
  filter2: [{ key: "2" }],
  filter3: [{ key: "3" }],
  filter4: [{ key: "4" }],
  filter5: [{ key: "5" }],
  filter6: [{ key: "6" }],
  filter7: [{ key: "7" }],
  filter8: [{ key: "8" }],
  filter9: [{ key: "9" }],
  focusList: alt("l"),
  search: [{ key: "k", ctrl: true }, { key: "/" }],
  find: [{ key: "f", ctrl: true }],
  archive: alt("a"),
  done: alt("k"),
  waiting: alt("w"),
  snooze: alt("z"),
  pin: alt("p"),
  mute: alt("q"),
  markUnread: alt("u"),
  labels: alt("g"),
  undo: alt("j"),
  person: alt("i"),
  focusComposer: alt("m"),
  openChats: alt("c"),
  openCampaigns: alt("s"),
  openSettings: [{ key: ",", ctrl: true }],
  zoomIn: [
    { key: "+", ctrl: true },
    { key: "=", ctrl: true },
  ],
  zoomOut: [{ key: "-", ctrl: true }],
  zoomReset: [{ key: "0", ctrl: true }],
  back: [{ key: "Escape" }],
  help: [{ key: "F1" }, { key: "?" }],
};

/** Keys of one place alone, heard where the focus is in it. */
export const PLACES = {
  list: {
    move: [{ key: "ArrowUp" }, { key: "ArrowDown" }],
    page: [{ key: "PageUp" }, { key: "PageDown" }],
    ends: [{ key: "Home" }, { key: "End" }],
    open: [{ key: "Enter" }],
    choose: [{ key: " ", ctrl: true }],
    chooseTo: [
      { key: "ArrowUp", shift: true },
      { key: "ArrowDown", shift: true },
    ],
    chooseAll: [{ key: "a", ctrl: true }],
    menu: [{ key: "F10", shift: true }],
  },
  field: { bold: [{ key: "b", ctrl: true }], italic: [{ key: "i", ctrl: true }] },
  messages: {
    step: [{ key: "ArrowUp" }, { key: "ArrowDown" }],
    menu: [{ key: "Enter" }],
    reply: [{ key: "r" }],
    edit: [{ key: "e" }],
    forward: [{ key: "f" }],
    info: [{ key: "i" }],
    copy: [{ key: "c", ctrl: true }],
    remove: [{ key: "Delete" }],
    choose: [{ key: " " }],
  },
  pictures: { picture: [{ key: "ArrowLeft" }, { key: "ArrowRight" }] },
} as const satisfies Record<string, Record<string, readonly Chord[]>>;

export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

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

/** What a press means in a place. Shift counts only where it makes a difference. */
export function meantIn<N extends string>(place: Record<N, readonly Chord[]>, press: Press): N | undefined {
  const { key, ctrlKey, metaKey, altKey } = press;
  const names = Object.keys(place) as N[];
  const isOf = (one: Press) => names.find((name) => place[name].some((chord) => matches(chord, one)));
  return isOf(press) ?? isOf({ key, ctrlKey, metaKey, altKey, shiftKey: false });
}

/**
 * The action of a key press. While somebody types, a plain character is a character; and it can be one always, for those
 * whose keys are pressed by a voice or by chance.
 */
export function actionOf(press: Press, typing: boolean, plainKeys = true): Action | null {
  const plain = press.key.length === 1 && !press.ctrlKey && !press.metaKey && !press.altKey;
  if ((typing || !plainKeys) && plain) return null;
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
