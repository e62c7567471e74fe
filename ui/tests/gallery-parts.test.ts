import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** A part that the gallery does not show is neither looked at nor audited. */
it("every part of the design system has its place in the gallery", () => {
  const parts = join(import.meta.dirname, "../src/parts");
  const gallery = join(import.meta.dirname, "gallery");
  const pages = readdirSync(gallery)
    .filter((name) => name.endsWith(".svelte"))
    .map((name) => readFileSync(join(gallery, name), "utf8"));
  const all = readdirSync(parts, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".svelte"))
    .map((name) => name.replaceAll("\\", "/"));
  const shown = (name: string) =>
    pages.some((page) => {
      const own = name.slice(name.lastIndexOf("/") + 1).replace(".svelte", "");
      return page.includes(`"../../src/parts/${name}"`) && page.split(`<${own}`).length > 1;
    });

  expect(all.length, "there are some").toBeGreaterThan(20);
  expect(all.filter((name) => !shown(name))).toEqual([]);
});
