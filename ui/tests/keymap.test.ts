import { describe, expect, it } from "vitest";
import { actionOf, GROUPS, KEYMAP } from "../src/parts/keymap";

const press = (key: string, part: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...part,
});

describe("the key map", () => {
  it("never uses Ctrl+Alt, which is AltGr", () => {
    const altGr = Object.values(KEYMAP)
      .flat()
      .filter((chord) => chord.ctrl && chord.alt);
    expect(altGr).toEqual([]);
  });

  it("gives each chord to one action", () => {
    const chords = Object.values(KEYMAP)
      .flat()
      .map((chord) => JSON.stringify(chord));
    expect(new Set(chords).size).toBe(chords.length);
  });

  it("takes a question mark as help wherever it is on the keyboard, but not while somebody types", () => {
    expect(actionOf(press("?", { shiftKey: true }), false)).toBe("help");
    expect(actionOf(press("?"), false)).toBe("help");
    expect(actionOf(press("?", { shiftKey: true }), true)).toBeNull();
  });

  it("hears F1 and Alt+arrows also while somebody types", () => {
    expect(actionOf(press("F1"), true)).toBe("help");
    expect(actionOf(press("ArrowDown", { altKey: true }), true)).toBe("nextChat");
  });

  it("shows each action once", () => {
    const shown = Object.values(GROUPS).flat();
    expect(shown.toSorted()).toEqual(Object.keys(KEYMAP).toSorted());
  });

  it("filters by number only while nobody types", () => {
    expect(actionOf(press("2"), false)).toBe("filter2");
    expect(actionOf(press("2"), true)).toBeNull();
  });

  it("zooms with plus on every layout, also while somebody types", () => {
    expect(actionOf(press("+", { ctrlKey: true, shiftKey: true }), true)).toBe("zoomIn");
    expect(actionOf(press("+", { ctrlKey: true }), true)).toBe("zoomIn");
    expect(actionOf(press("0", { ctrlKey: true }), true)).toBe("zoomReset");
  });

  it("searches with a stroke, wherever it is on the keyboard, and with Ctrl+K also while somebody types", () => {
    expect(actionOf(press("/", { shiftKey: true }), false)).toBe("search");
    expect(actionOf(press("/"), true)).toBeNull();
    expect(actionOf(press("k", { ctrlKey: true }), true)).toBe("search");
    expect(actionOf(press("f", { ctrlKey: true }), true)).toBe("find");
  });

  it("does not take a chord with a modifier too many", () => {
    expect(actionOf(press("ArrowDown", { altKey: true, shiftKey: true }), false)).toBeNull();
    expect(actionOf(press("l", { altKey: true, ctrlKey: true }), false)).toBeNull();
  });
});

describe("keys without Ctrl or Alt", () => {
  it("can be turned off, and what they do has another way", () => {
    for (const key of ["1", "8", "/", "?"]) {
      expect(actionOf(press(key), false), `${key} does something`).not.toBeNull();
      expect(actionOf(press(key), false, false), `${key} is turned off`).toBeNull();
    }
    expect(actionOf(press("F1"), false, false)).toBe("help");
    expect(actionOf(press("k", { ctrlKey: true }), false, false)).toBe("search");
    expect(actionOf(press("Escape"), false, false)).toBe("back");
  });
});
