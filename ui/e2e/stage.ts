import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import type { Language } from "../src/platform/bindings.gen";
import { allWords } from "../tests/sheets";
import type { Program } from "./program";

type AllWords = ReturnType<typeof allWords>;
export const LANGUAGES = (["es", "pt-BR", "en"] as const).map((language): [Language, AllWords] => [
  language,
  allWords(language),
]);
const THEMES = ["light", "dark"] as const;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A browser with one page on the program, and what every walk does with it. */
export class Stage {
  /** What the page complained of. Refusals that a test provokes on purpose are not complaints. */
  readonly complaints: string[] = [];

  private constructor(
    readonly program: Program,
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  /** `before` prepares the page before the program is in it. */
  static async open(program: Program, before?: (page: Page) => Promise<void>): Promise<Stage> {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
      args: CHROMIUM_ARGS,
    });
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 }, locale: "es-PE" });
    page.setDefaultTimeout(30_000);
    const stage = new Stage(program, browser, page);
    page.on("pageerror", (error) => stage.complaints.push(error.message));
    page.on("console", (said) => {
      const expected = said.text().startsWith("Failed to load resource");
      if (said.type() === "error" && !expected) stage.complaints.push(said.text());
    });
    await before?.(page);
    await page.goto(program.page);
    return stage;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  async look(language: Language, theme: (typeof THEMES)[number]): Promise<void> {
    const settings = await this.program.call("setting_get", {});
    await this.program.call("setting_set", { settings: { ...settings, language, theme } });
    await this.page.waitForSelector(`html[lang="${language}"][data-theme="${theme}"]`, { state: "attached" });
  }

  /** The screen as it is now, in every language and theme: audited, and photographed if pictures are wanted. */
  async everyLook(screen: string): Promise<void> {
    for (const [language] of LANGUAGES) {
      for (const theme of THEMES) {
        await this.look(language, theme);
        await this.audit(`${screen} (${language}, ${theme})`);
        await this.photograph(`${screen}-${language}-${theme}`);
      }
    }
    await this.look("es", "light");
  }

  /** The same in one language. */
  async inBothThemes(screen: string, language: Language): Promise<void> {
    for (const theme of ["dark", "light"] as const) {
      await this.look(language, theme);
      await this.audit(`${screen} (${language}, ${theme})`);
      await this.photograph(`${screen}-${language}-${theme}`);
    }
  }

  /** No violation of WCAG 2.2 A and AA that axe can see. */
  async audit(screen: string): Promise<void> {
    expect(await audited(this.page), `accessibility of ${screen}`).toEqual([]);
  }

  async photograph(name: string): Promise<void> {
    const folder = process.env.MOSTRADOR_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }
}

/** The violations of WCAG 2.2 A and AA that axe can see on the page as it is now. */
export async function audited(page: Page): Promise<string[]> {
  // Colours are judged when they have arrived. Looked at frame by frame: what moves out of sight keeps nobody's promise to
  // say when it has finished.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
  await page.evaluate(axe);
  return await page.evaluate(async (tags) => {
    const run = (window as unknown as { axe: { run: (what: Document, how: object) => Promise<AxeResults> } }).axe.run;
    const { violations } = await run(document, { runOnly: { type: "tag", values: tags } });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(" | ")}`,
    );
  }, AXE_TAGS);
}

type AxeResults = { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] };
