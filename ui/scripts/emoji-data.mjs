/**
 * Writes src/parts/emoji/emoji.gen.json from emojibase-data (MIT): each emoji with its group and the words it is found by
 * in our three languages. Run by hand when the data is renewed: `node scripts/emoji-data.mjs`.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
/** Groups of Unicode that are not shown: parts of letters and of skin. */
const HIDDEN = new Set([2]);
/** Words a language gives one emoji at most, after its name. */
const MOST_TAGS = 2;

const byLanguage = ["es", "pt", "en"].map((language) => {
  const all = require(`emojibase-data/${language}/data.json`);
  return new Map(all.map((one) => [one.hexcode, one]));
});

/** As it is looked for: without case and accents. */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

const wordsOf = (one) =>
  [one.label, ...(one.tags ?? []).slice(0, MOST_TAGS)].flatMap((text) => plain(text).split(/[\s:,()]+/));

/** Each word once, whichever languages share it. */
const words = (hexcode) => {
  const all = byLanguage.flatMap((language) => (language.has(hexcode) ? wordsOf(language.get(hexcode)) : []));
  return [...new Set(all.filter((word) => word.length > 2))].join(" ");
};

const rows = [...byLanguage[0].values()]
  .filter((one) => one.group !== undefined && !HIDDEN.has(one.group) && one.version <= 15)
  .toSorted((a, b) => a.order - b.order)
  .map((one) => [one.emoji, one.group, words(one.hexcode)]);

writeFileSync(new URL("../src/parts/emoji/emoji.gen.json", import.meta.url), `${JSON.stringify(rows)}\n`);
