import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/**
 * A custom property that an element sets for itself is registered as not inherited, but for those of the theme, which stand
 * on the root. WebKit keeps what it worked out for every element below one that hands down properties of its own, each time
 * anew: 180 KiB whenever the list of chats is drawn again.
 */
const src = join(import.meta.dirname, "../src");
const texts = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(svelte|css|ts)$/.test(name) && !name.endsWith("tokens.css"))
  .map((name) => ({ name, text: readFileSync(join(src, name), "utf8") }));
const registered = new Set(
  texts.flatMap(({ text }) =>
    [...text.matchAll(/@property (--[\w-]+) \{[^}]*inherits: false/g)].map((found) => found[1] ?? ""),
  ),
);

const SET = [/^\s*(--[\w-]+):/gm, /style:(--[\w-]+)=/g, /style="[^"]*?(--[\w-]+):/g, /setProperty\(\s*"(--[\w-]+)"/g];

it("hands no property down from an element that is drawn anew", () => {
  const set = texts.flatMap(({ name, text }) =>
    SET.flatMap((way) => [...text.matchAll(way)].map((found) => ({ name, property: found[1] ?? "" }))),
  );
  expect(set.length, "there are some").toBeGreaterThan(10);
  expect(set.filter(({ property }) => !registered.has(property))).toEqual([]);
});
