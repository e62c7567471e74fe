import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { chordKeys } from "../src/features/keys/chord-words";
import HelpDialog from "../src/features/keys/HelpDialog.svelte";
import { type Chord, meantIn, PLACES } from "../src/parts/keymap";
import { speech } from "../src/words";
import { told } from "../src/words/help.svelte";
import { settled } from "./settled";
import { written } from "./sheets";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

/** What is said of each key, by what it does. */
async function rows({ enterSends = true, plainKeys = true } = {}): Promise<Map<string, string>> {
  told.take(speech.language, written("help", speech.language));
  shown = mount(HelpDialog, { target: document.body, props: { open: true, enterSends, plainKeys, onclose: () => {} } });
  flushSync();
  await settled();
  flushSync();
  const said = [...document.querySelectorAll("dl > div")].map((row) => {
    const keys = [...row.querySelectorAll("dd > *")].map((key) => key.textContent?.trim());
    return [row.querySelector("dt")?.textContent ?? "", keys.join(" ")] as const;
  });
  return new Map(said);
}

const help = () => written("help", speech.language) as typeof import("../src/words/help.es.json");

describe("the list of keys", () => {
  it.each([
    { enterSends: true, send: "Intro", line: "Mayús Intro" },
    { enterSends: false, send: "Ctrl Intro", line: "Intro" },
  ])("says what sends where Enter alone does: $enterSends", async ({ enterSends, send, line }) => {
    const said = await rows({ enterSends });
    expect(said.get(help().fixed.send)).toBe(send);
    expect(said.get(help().fixed.newLine)).toBe(line);
  });

  it("names every key of the list, of a message and of a picture", async () => {
    const said = await rows();
    expect(said.get(help().fixed.chooseAll)).toBe("Ctrl A");
    expect(said.get(help().fixed.ends)).toBe("Inicio o Fin");
    expect(said.get(help().fixed.page)).toBe("Re Pág o Av Pág");
    expect(said.get(help().more.choose)).toBe("Espacio");
    expect(said.get(help().more.picture)).toBe("← o →");
    expect(said.get(help().actions.filter8)).toBe("8");
  });

  it("says of every place what is listened to there", async () => {
    const said = await rows();
    const { fixed, more } = help();
    const words = { list: fixed, field: more, messages: more, pictures: more } as Record<
      string,
      Record<string, string>
    >;
    for (const [place, keys] of Object.entries(PLACES)) {
      for (const [name, chords] of Object.entries(keys) as [string, readonly Chord[]][]) {
        const keyNames = chords.map((chord) => chordKeys(chord).join(" ")).join(` ${help().or} `);
        expect(said.get(words[place]?.[name] ?? ""), `${place}: ${name}`).toBe(keyNames);
        for (const { key, ctrl, alt, shift } of chords) {
          const press = { key, ctrlKey: !!ctrl, altKey: !!alt, shiftKey: !!shift, metaKey: false };
          expect(meantIn<string>(keys, press), `${key} in ${place}`).toBe(name);
        }
      }
    }
  });

  it("names no key that was turned off", async () => {
    const said = await rows({ plainKeys: false });
    expect(said.has(help().actions.filter1)).toBe(false);
    expect(said.get(help().actions.help)).toBe("F1");
    expect(said.get(help().actions.search)).toBe("Ctrl K");
  });
});
