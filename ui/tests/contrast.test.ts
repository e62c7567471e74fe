import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * AA contrast, computed from the tokens themselves: OKLCH to linear sRGB (clipped to the gamut as a screen does), then
 * the WCAG formula.
 */
type Colour = [number, number, number];

const css = readFileSync(join(import.meta.dirname, "../src/parts/theme/tokens.css"), "utf8").replace(
  /\/\*[\s\S]*?\*\//g,
  "",
);
const tints = readFileSync(join(import.meta.dirname, "../src/parts/theme/tints.css"), "utf8");
const hues = [...tints.matchAll(/--hue:\s*(\d+)/g)].map((found) => Number(found[1]));

function block(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`no block ${selector}`);
  const body = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((found) => [found[1], found[2]?.trim() ?? ""]),
  );
}

const light = block(":root");
const dark = { ...light, ...block('\n[data-theme="dark"]') };
const more = block('\n[data-contrast="more"]');
const themes = {
  light,
  dark,
  "light, more contrast": { ...light, ...more },
  "dark, more contrast": { ...dark, ...more, ...block('[data-theme="dark"][data-contrast="more"]') },
};

function colour(value: string, hue?: number): Colour {
  const numbers = (value.match(/-?[\d.]+/g) ?? []).map(Number);
  return [numbers[0] ?? Number.NaN, numbers[1] ?? Number.NaN, hue ?? numbers[2] ?? Number.NaN];
}

function luminance([lightness, chroma, hue]: Colour): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (channel: number) => Math.max(0, Math.min(1, channel));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Colour, other: Colour): number {
  const [high, low] = [luminance(one), luminance(other)].toSorted((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const TEXT = 4.5;
/** What somebody who asks for more contrast gets. */
const MORE = 7;
const SHAPE = 3;
const SURFACES = ["surface-0", "surface-1", "surface-2", "surface-3", "hover"];
const TINTS = ["accent-tint", "good-tint", "warn-tint", "bad-tint", "info-tint"];

/** Which inks are used on which grounds, and how much contrast that takes. */
const PAIRS: [ink: string, grounds: string[], least: number][] = [
  ["text-1", [...SURFACES, ...TINTS], TEXT],
  ["text-2", [...SURFACES, "accent-tint"], TEXT],
  ["text-3", [...SURFACES, "accent-tint"], TEXT],
  ["accent-text", [...SURFACES, "accent-tint"], TEXT],
  ["good", ["surface-1", "surface-3", "good-tint"], TEXT],
  ["warn", ["surface-0", "surface-1", "surface-3", "hover", "accent-tint", "warn-tint"], TEXT],
  ["bad", ["surface-0", "surface-1", "surface-3", "accent-tint", "bad-tint"], TEXT],
  ["info", ["surface-0", "surface-1", "surface-3", "hover", "accent-tint", "info-tint"], TEXT],
  ["on-accent", ["accent", "accent-hover"], TEXT],
  ["surface-1", ["text-1", "text-3"], TEXT],
  ["line-strong", ["surface-1", "surface-3"], SHAPE],
  ["accent", ["surface-1"], SHAPE],
];

describe.each(Object.entries(themes))("%s theme", (name, tokens) => {
  const higher = name.includes("more");
  it.each(PAIRS)("%s can be read on %s", (ink, grounds, aa) => {
    const least = higher && aa === TEXT ? MORE : aa;
    const poor = grounds
      .map((ground) => ({ ground, ratio: contrast(colour(tokens[ink] ?? ""), colour(tokens[ground] ?? "")) }))
      .filter(({ ratio }) => !(ratio >= least));
    expect(poor, `${ink} needs ${least}:1`).toEqual([]);
  });

  it("every edge can be seen, where more contrast is wished", () => {
    if (!higher) return;
    const poor = ["surface-0", "surface-1", "surface-2", "surface-3"].filter(
      (ground) => !(contrast(colour(tokens.line ?? ""), colour(tokens[ground] ?? "")) >= SHAPE),
    );
    expect(poor, "grounds on which a line is lost").toEqual([]);
  });

  it("initials can be read on all twelve tints, and names on a bubble", () => {
    expect(hues).toHaveLength(12);
    const poor = hues.filter((hue) => {
      const initials = contrast(colour(tokens["tint-ink"] ?? "", hue), colour(tokens["tint-fill"] ?? "", hue));
      const name = contrast(colour(tokens["name-ink"] ?? "", hue), colour(tokens["surface-3"] ?? ""));
      return !(initials >= (higher ? MORE : TEXT) && name >= (higher ? MORE : TEXT));
    });
    expect(poor, "hues that are too faint").toEqual([]);
  });
});
