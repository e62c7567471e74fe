import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";

/** Who may import whom: platform <- words <- parts <- features/* <- views. Features do not know one another. */
const SRC = join(import.meta.dirname, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => /\.(ts|svelte)$/.test(file));

const imports = files.flatMap((file) => {
  const text = readFileSync(join(SRC, file), "utf8");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((found) => ({ file, to: found[1] ?? "" }));
});

const ORDER = ["platform", "words", "parts", "features", "views"];
const tierOf = (path: string) => ORDER.indexOf(path.split(sep)[0] ?? "");
const inside = imports
  .filter(({ to }) => to.startsWith("."))
  .map(({ file, to }) => ({ file, to: relative(SRC, join(SRC, dirname(file), to)) }));

describe("tiers", () => {
  it("looked at the files it is about", () => {
    expect(files.length).toBeGreaterThan(60);
    expect(inside.length).toBeGreaterThan(150);
  });

  it("import only what lies below them", () => {
    const upwards = inside.filter(({ file, to }) => tierOf(file) >= 0 && tierOf(to) > tierOf(file));
    expect(upwards).toEqual([]);
  });

  it("features import no other feature", () => {
    const feature = (path: string) => path.split(sep).slice(0, 2).join("/");
    const crossed = inside.filter(
      ({ file, to }) => file.startsWith("features") && to.startsWith("features") && feature(file) !== feature(to),
    );
    expect(crossed).toEqual([]);
  });

  it("only the platform knows the desktop shell", () => {
    const shell = imports.filter(({ file, to }) => to.startsWith("@tauri-apps/") && !file.startsWith("platform"));
    expect(shell).toEqual([]);
  });

  it("nobody but the platform's own folder reaches past its front door", () => {
    const behind = inside.filter(
      ({ file, to }) => to.startsWith(`platform${sep}`) && !file.startsWith("platform") && file !== "main.ts",
    );
    expect(behind).toEqual([]);
  });

  it("no markup is made from text anywhere", () => {
    const raw = files.filter((file) =>
      /\{@html|innerHTML|insertAdjacentHTML/.test(readFileSync(join(SRC, file), "utf8")),
    );
    expect(raw).toEqual([]);
  });
});
