import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** What is written has the size of one of the scale's steps, in every component. */
const src = join(import.meta.dirname, "../src");
const tokens = readFileSync(join(src, "parts/theme/tokens.css"), "utf8");
const DECLARED = /(?<![\w-])font(?:-size)?\s*:\s*([^;{}]*)/g;

/** Not read as the rest is: a code to be typed, emoji alone, a face that is wider than the one beside it, the root. */
const OF_ITS_OWN: Record<string, string[]> = {
  "features/pairing/TypedCode.svelte": ["36px"],
  "features/conversation/MessageMenu.svelte": ["1.15rem"],
  "parts/text/FormattedText.svelte": ["2rem", "0.92em"],
  "parts/theme/base.css": ["16px"],
};

const declared = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.(svelte|css)$/.test(file))
  .flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const at = file.endsWith(".css") ? 0 : text.lastIndexOf("<style");
    const style = at < 0 ? "" : text.slice(at);
    return [...style.matchAll(DECLARED)].map(([, size]) => ({ file, size: size?.trim() ?? "" }));
  });

describe("type", () => {
  it("has five steps, from 12 to 20 px", () => {
    const steps = [...tokens.matchAll(/--size-\d:\s*([\d.]+)rem;/g)].map(([, rem]) => Number(rem) * 16);
    expect(steps).toEqual([12, 13, 14, 16, 20]);
  });

  it("is a step of the scale wherever words are read", () => {
    const other = declared.filter(({ file, size }) => {
      const step = /^inherit$|var\(--size-[1-5]\)/.test(size);
      return !step && !OF_ITS_OWN[file.replaceAll("\\", "/")]?.includes(size);
    });
    expect(declared.length).toBeGreaterThan(100);
    expect(other).toEqual([]);
  });

  it("is drawn by a face of coloured emoji before any of the system's has its turn", () => {
    const faces = tokens
      .match(/--sans:\s*([^;]*);/)?.[1]
      ?.split(",")
      .map((face) => face.trim().replaceAll('"', ""));
    expect(faces).toEqual([
      "Inter Variable",
      "Segoe UI Emoji",
      "Apple Color Emoji",
      "Noto Color Emoji",
      "system-ui",
      "sans-serif",
    ]);
  });
});
