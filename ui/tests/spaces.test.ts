import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The space between things and around them is the tokens', in every component. */
const src = join(import.meta.dirname, "../src");
const tokens = readFileSync(join(src, "parts/theme/tokens.css"), "utf8");
const scale = new Map([...tokens.matchAll(/--(space-\d+):\s*(\d+)px;/g)].map((found) => [Number(found[2]), found[1]]));
const DECLARED = /(?<![\w-])(?:gap|row-gap|column-gap|padding(?:-[a-z]+)*|margin(?:-[a-z]+)*)\s*:\s*([^;{}]*)/g;

function styleOf(file: string): string {
  const text = readFileSync(join(src, file), "utf8");
  const at = file.endsWith(".css") ? 0 : text.lastIndexOf("<style");
  return at < 0 ? "" : text.slice(at);
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => /\.(svelte|css)$/.test(file));

describe("space", () => {
  it("has steps by twos, each called by its place", () => {
    expect(scale.size).toBeGreaterThan(10);
    for (const [pixels, name] of scale) expect(name).toBe(`space-${pixels / 2}`);
  });

  it("is a token wherever there is one for it", () => {
    const literal = files.flatMap((file) =>
      [...styleOf(file).matchAll(DECLARED)].flatMap(([whole, value]) =>
        [...(value ?? "").matchAll(/(?<![-\w.])(\d+)px/g)]
          .filter(([, pixels]) => scale.has(Number(pixels)))
          .map(() => `${file}: ${whole}`),
      ),
    );
    expect(literal).toEqual([]);
  });

  it("names no token that is not there", () => {
    const named = files.flatMap((file) => [...styleOf(file).matchAll(/var\(--(space-\d+)\)/g)].map(([, name]) => name));
    expect(named.length).toBeGreaterThan(500);
    expect(named.filter((name) => ![...scale.values()].includes(name))).toEqual([]);
  });
});
