import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type InlineConfig, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { audited, CHROMIUM_ARGS } from "./stage";

/**
 * Every state of every screen, from the gallery: in both themes, with more contrast, and at 200 % on the smallest usual
 * screen. A state that no walk comes by is judged here.
 */
const USUAL = { width: 1366, height: 768 };
/** What 200 % leave of it. */
const ZOOMED = { width: 683, height: 384 };
const LOOKS = [
  { theme: "light", contrast: "auto" },
  { theme: "dark", contrast: "auto" },
  { theme: "light", contrast: "more" },
  { theme: "dark", contrast: "more" },
] as const;

// Built, not served from its sources: a development server may find a package late and load the page anew in the middle.
const built = mkdtempSync(join(tmpdir(), "mostrador-gallery-"));
const into: InlineConfig["build"] = { outDir: built, minify: false };
await build({ logLevel: "error", build: { ...into, rolldownOptions: { input: "tests/gallery/index.html" } } });
const server: PreviewServer = await preview({
  logLevel: "error",
  build: into,
  preview: { port: 0, strictPort: false },
});
const gallery = `${server.resolvedUrls?.local[0] ?? ""}tests/gallery/index.html`;
const browser: Browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
  args: CHROMIUM_ARGS,
});
const page: Page = await browser.newPage({ viewport: USUAL, locale: "es-PE", reducedMotion: "reduce" });
await page.goto(gallery, { waitUntil: "networkidle" });
const scenes = (await page.getByRole("link").allTextContents()).filter((name) => name !== "parts");

const complaints: string[] = [];

beforeAll(() => {
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(built, { recursive: true });
});

async function open(scene: string): Promise<void> {
  await page.setViewportSize(USUAL);
  await page.goto(`${gallery}?of=${scene}#scene=${scene}`);
  await page.waitForSelector("body[data-ready]", { state: "attached" });
}

describe.each(scenes)("%s", (scene) => {
  it("can be used by everybody, in every look and at 200 %", async () => {
    await open(scene);
    for (const look of LOOKS) {
      await page.evaluate(
        ({ theme, contrast }) => Object.assign(document.documentElement.dataset, { theme, contrast }),
        look,
      );
      expect(await audited(page), `${scene} in ${look.theme}, contrast ${look.contrast}`).toEqual([]);
    }
    await page.setViewportSize(ZOOMED);
    await page.evaluate(() => Object.assign(document.documentElement.dataset, { theme: "light", contrast: "auto" }));
    expect(await audited(page), `${scene} at 200 %`).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, "nothing sticks out sideways").toBeLessThanOrEqual(ZOOMED.width);
  });
});

it("shows hostile names as what they are: nothing runs, no row grows, nothing sticks out", async () => {
  await open("hostile-names");
  const rows = page.getByRole("listbox").first().getByRole("option");
  const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
  expect(heights, "each row as high as any").toEqual(heights.map(() => heights[0]));
  expect(heights).toHaveLength(6);
  expect(await rows.first().textContent(), "markup is there to be read").toContain("<script>");
  const drawn = await page.locator("img[src=x], [role=option] script, aside script").count();
  expect(drawn, "and draws nothing").toBe(0);
  expect(await page.title(), "nor runs").not.toBe("hurt");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, "nothing sticks out sideways").toBeLessThanOrEqual(USUAL.width);
});

it("keeps still for whoever asked for that", async () => {
  await open("chats");
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter((element) => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
        const seconds = (spans: string) => Math.max(...spans.split(",").map((span) => Number.parseFloat(span)));
        return (animationName !== "none" && seconds(animationDuration) > 0.01) || seconds(transitionDuration) > 0.01;
      }).length,
  );
  expect(moving, "nothing moves").toBe(0);
});

it("marks a message that was sought also for whoever asked for stillness, for as long", async () => {
  await open("search-opened");
  const mark = await page.locator("article.flash").evaluate((article) => {
    const { animationDelay, animationDuration } = getComputedStyle(article, "::before");
    return { seen: Number.parseFloat(animationDelay), moving: Number.parseFloat(animationDuration) };
  });
  expect(mark.seen, "seconds before it goes").toBeGreaterThan(1);
  expect(mark.moving, "it goes at once").toBe(0);
});

it("complained of nothing", () => {
  expect(complaints).toEqual([]);
});
