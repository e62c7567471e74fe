import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, type InlineConfig, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Commands, Language } from "../src/platform/bindings.gen";
import { allWords } from "../tests/sheets";
import { audited, CHROMIUM_ARGS } from "./stage";

const es = allWords("es");

/**
 * Every part and every state of every screen, from the gallery: in both themes, with more contrast, in a second language, and
 * at 200 % on the smallest usual screen. A state that no walk comes by is judged here, and photographed in every language and
 * both themes if pictures are wanted.
 */
const USUAL = { width: 1366, height: 768 };
/** What 200 % leave of it. */
const ZOOMED = { width: 683, height: 384 };
const LIGHT = { theme: "light", contrast: "auto" } as const;
const DARK = { theme: "dark", contrast: "auto" } as const;
const LOOKS = [LIGHT, DARK, { theme: "light", contrast: "more" }, { theme: "dark", contrast: "more" }] as const;

/** The states of which the walks have no picture. */
const PICTURED = new Set([
  ...["parts", "parts-more", "parts-viewer"],
  ...["person", "person-group", "person-over"],
  ...[
    "group-faces",
    "group-shut",
    "talk-info-group",
    "talk-document",
    "talk-cards",
    "talk-pictures",
    "talk-sounds",
    "talk-marks",
    "talk-unknown",
  ],
  ...["write-reply", "write-edit", "write-names", "write-emoji", "write-format", "write-files"],
  ...["talk-menu", "talk-queued", "talk-info", "talk-forward", "talk-delete", "talk-select", "talk-link"],
  ...["menu", "menu-labels", "picks", "label-dialog", "snooze-dialog", "export-dialog"],
  ...["chat-delete", "chat-delete-failed", "chat-disappear"],
  ...["number-plan", "number-profile", "number-online"],
  ...["filter-menu", "filter-chips", "filter-unanswered", "find", "search-opened"],
  ...["pairing-typed", "pairing-number", "pairing-passkey", "syncing"],
  ...["busy", "busy-devices", "empty", "empty-unread", "loading", "list-failed", "chats-compact"],
  ...["lost", "database", "link-asks", "link-nowhere"],
  ...["settings-storage", "campaigns", "campaign-doctor", "campaign-pace", "replies", "opt-outs"],
  ...["campaigns-empty", "campaigns-failed", "campaign-message", "campaign-audience", "campaign-launch"],
  ...["campaign-running", "campaign-people", "campaign-rescued", "campaign-row-ends"],
  ...["welcome-form", "another-number", "offline", "restricted", "logged-out", "token-rejected"],
  ...["search-none", "search-failed"],
  ...["none", "arrived", "invalid", "refused", "somebody-else", "port-taken"].map((how) => `hooks-way-${how}`),
]);
/** Of some of them, how they look with more contrast, and at 200 %. */
const CONTRASTED = new Set(["busy", "talk-marks", "campaigns"]);
const ENLARGED = new Set(["busy", "person", "settings-storage", "campaigns"]);

// Built, not served from its sources: a development server may find a package late and load the page anew in the middle.
const built = mkdtempSync(join(tmpdir(), "mostrador-gallery-"));
const into: InlineConfig["build"] = { outDir: built, minify: false };
await build({ logLevel: "error", build: { ...into, rolldownOptions: { input: "tests/gallery/index.html" } } });
// Under the window's own policy: what that refuses in one of these states would be missing there.
const shell = JSON.parse(readFileSync(join(import.meta.dirname, "../../tauri.conf.json"), "utf8")).app.security;
const policy = Object.entries(shell.csp).map(([directive, sources]) => `${directive} ${sources}`);
const server: PreviewServer = await preview({
  logLevel: "error",
  build: into,
  preview: { port: 0, strictPort: false, headers: { "content-security-policy": policy.join("; ") } },
});
const gallery = `${server.resolvedUrls?.local[0] ?? ""}tests/gallery/index.html`;
const browser: Browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH || "/usr/bin/chromium",
  args: CHROMIUM_ARGS,
});
const page: Page = await browser.newPage({ viewport: USUAL, locale: "es-PE", reducedMotion: "reduce" });
await page.addInitScript(() => {
  const refused: string[] = [];
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
    refused.push(`${effectiveDirective} ${blockedURI} ${sample}`);
  });
  Object.assign(window, { refused });
});
await page.goto(gallery, { waitUntil: "networkidle" });
const links = await page
  .getByRole("link")
  .evaluateAll((all) => all.map((one) => ({ name: one.textContent, size: one.dataset.size ?? "" })));
const sizes = new Map(links.map(({ name, size }) => [name, sizeOf(size)]));
const scenes = [...sizes.keys()];

const complaints: string[] = [];

beforeAll(() => {
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser.close();
  await server.close();
  rmSync(built, { recursive: true });
});

function sizeOf(said: string): typeof USUAL {
  const [width, height] = said.split("x").map(Number);
  return width && height ? { width, height } : USUAL;
}

async function open(scene: string): Promise<void> {
  await page.setViewportSize(sizes.get(scene) ?? USUAL);
  await page.goto(`${gallery}?of=${scene}#scene=${scene}`);
  await page.waitForSelector("body[data-ready]", { state: "attached" });
}

const look = (now: (typeof LOOKS)[number]) =>
  page.evaluate((dataset) => Object.assign(document.documentElement.dataset, dataset), now);

const speak = (language: Language) =>
  page.evaluate(async (spoken) => {
    await (window as unknown as { speak: (language: string) => Promise<void> }).speak(spoken);
  }, language);

async function photograph(name: string): Promise<void> {
  const folder = process.env.MOSTRADOR_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `gallery-${name}.png`) });
}

it("has every state that is to be photographed", () => {
  const wanted = [...PICTURED, ...CONTRASTED, ...ENLARGED];
  expect(wanted.filter((name) => !scenes.includes(name))).toEqual([]);
});

describe.each(scenes)("%s", (scene) => {
  it("can be used by everybody, in every look, in another language and at 200 %", async () => {
    await open(scene);
    for (const now of LOOKS) {
      await look(now);
      expect(await audited(page), `${scene} in ${now.theme}, contrast ${now.contrast}`).toEqual([]);
      if (now.contrast === "auto" && PICTURED.has(scene)) await photograph(`${scene}-es-${now.theme}`);
      if (now.contrast === "more" && CONTRASTED.has(scene)) await photograph(`${scene}-contrast-es-${now.theme}`);
    }
    for (const language of PICTURED.has(scene) ? (["en", "pt-BR"] as const) : []) {
      await speak(language);
      for (const now of [DARK, LIGHT]) {
        await look(now);
        await photograph(`${scene}-${language}-${now.theme}`);
      }
    }
    await look(LIGHT);
    await speak("pt-BR");
    expect(await audited(page), `${scene} in Portuguese`).toEqual([]);

    await page.setViewportSize(ZOOMED);
    expect(await audited(page), `${scene} at 200 %`).toEqual([]);
    if (ENLARGED.has(scene)) await photograph(`${scene}-200-pt-BR-light`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, "nothing sticks out sideways").toBeLessThanOrEqual(ZOOMED.width);
    const refused = await page.evaluate(() => (window as unknown as { refused: string[] }).refused);
    expect(refused, "the window's policy lets all of it be").toEqual([]);
    expect(complaints.splice(0), `${scene} complained of nothing`).toEqual([]);
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

/** What the core was asked with a command. */
const asked = (command: keyof Commands) =>
  page.evaluate((name) => {
    const { core } = window as unknown as { core: { calls: { command: string; args: Record<string, unknown> }[] } };
    return core.calls.filter((call) => call.command === name).map(({ args }) => args);
  }, command);

/** Presses a key until the focus is there. */
async function walkTo(selector: string, key: string): Promise<void> {
  for (let steps = 0; steps < 60; steps += 1) {
    if (await page.evaluate((there) => document.activeElement?.matches(there) ?? false, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${selector}`);
}

const named = (name: string) => `button[aria-label="${name}"]`;

it("answers, forwards, reacts, records, narrows the list and opens the panel by keys alone", async () => {
  const { keyboard } = page;
  await open("talk-marks");
  const toMessage = async () => {
    await walkTo("article", "Shift+Tab");
    await walkTo('[data-message-id="3"]', "ArrowUp");
  };

  await walkTo("textarea", "Tab");
  await toMessage();
  await keyboard.press("r");
  await page.waitForFunction(() => document.activeElement?.matches("textarea"));
  await keyboard.type("A las cuatro");
  await keyboard.press("Enter");
  await expect
    .poll(async () => (await asked("message_send")).at(-1))
    .toMatchObject({ text: "A las cuatro", quotedId: 3 });

  await toMessage();
  await keyboard.press("f");
  await page.getByRole("dialog").waitFor();
  await walkTo("[role=dialog] input[type=checkbox]", "Tab");
  await keyboard.press("Space");
  await walkTo("[role=dialog] .foot .primary", "Tab");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect((await asked("message_send")).at(-1)).toMatchObject({ content: { kind: "forward", messageId: 3 } });

  await toMessage();
  await keyboard.press("Enter");
  await walkTo("[role=menu] [role=menuitem]", "ArrowDown");
  await keyboard.press("Enter");
  await expect
    .poll(async () => (await asked("message_act")).at(-1))
    .toMatchObject({
      messageId: 3,
      action: { kind: "react", emoji: "👍" },
    });

  await walkTo(named(es.talk.writing.voice), "Tab");
  await keyboard.press("Enter");
  await page.getByRole("button", { name: es.talk.writing.stopVoice }).waitFor();
  await walkTo(named(es.talk.writing.stopVoice), "Tab");
  await keyboard.press("Enter");
  await page.getByRole("button", { name: es.composer.send }).waitFor();
  await walkTo(named(es.composer.send), "Tab");
  await keyboard.press("Enter");
  await expect.poll(async () => (await asked("message_send")).at(-1)).toMatchObject({ shownAs: "voice" });

  await walkTo(named(es.person.show), "Shift+Tab");
  await keyboard.press("Enter");
  await page.getByRole("complementary", { name: es.person.title }).waitFor();

  await walkTo(named(es.list.more), "Shift+Tab");
  await keyboard.press("Enter");
  await walkTo("[role=menuitem]", "ArrowDown");
  await keyboard.press("Enter");
  await expect.poll(async () => (await asked("chat_list")).at(-1)).toMatchObject({ filter: "open" });
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

it("complained of nothing beside its scenes either", () => {
  expect(complaints).toEqual([]);
});
