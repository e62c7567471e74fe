import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords, explorerWords } from "../tests/sheets";
import { linked } from "./linked";
import type { Program } from "./program";
import type { Stage } from "./stage";

const es = allWords("es");

/** An operator reaches a rare call of the gateway: found, filled in, refused where it is wrong, answered, asked about first. */
const words = explorerWords("es");
let program: Program;
let stage: Stage;

beforeAll(async () => {
  ({ program, stage } = await linked());
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
});

const button = (name: string) => stage.page.getByRole("button", { name, exact: true });
const choose = async (id: string) => {
  await stage.page.getByRole("searchbox").fill(id);
  await stage.page.locator("button[data-call]").first().click();
};

it("is reached from the number's settings and has every call of the gateway", async () => {
  await button(es.frame.settings).click();
  await button(es.settings.explorer).click();
  await stage.page.getByRole("heading", { name: words.title }).waitFor();
  await stage.page.locator("button[data-call]").first().waitFor();
  expect(await stage.page.locator("button[data-call]").count()).toBe(190);
  await stage.everyLook("explorer");
});

it("says beside the field what is wrong, and nothing leaves", async () => {
  await choose("getChats");
  await stage.page.getByRole("textbox", { name: "count" }).fill("501");
  await button(words.call).click();
  await stage.page.getByText(words.problems.too_large("500")).waitFor();
  await stage.everyLook("explorer-problem");
});

it("shows what the gateway answers", async () => {
  await stage.page.getByRole("textbox", { name: "count" }).fill("3");
  await stage.page.keyboard.press("Enter");
  await stage.page.getByRole("status").filter({ hasText: "200 en" }).waitFor();
  const tree = stage.page.getByRole("group", { name: words.content });
  expect(await tree.textContent()).toContain("total");
  await stage.page.getByText(words.headers).click();
  await stage.page.getByText("content-type", { exact: true }).waitFor();
  expect(await stage.page.getByText(es.talk.links.notCopied).count(), "nobody has copied anything").toBe(0);
  await stage.everyLook("explorer-answer");
});

it("copies the call for a terminal, without the key, and says so", async () => {
  await stage.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await button(words.copy).click();
  await stage.page.getByText(words.copied, { exact: true }).waitFor();
  const copied = await stage.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("/chats?count=3");
  expect(copied).not.toContain(program.token);
});

it("has the answer opened and closed by the keys", async () => {
  const lines = stage.page.locator(".tree summary");
  const shown = () => lines.filter({ visible: true }).count();
  await lines.first().focus();
  const before = await shown();
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("ArrowLeft");
  await expect.poll(shown, { message: "what was inside is not shown" }).toBeLessThan(before);
  await stage.page.keyboard.press("ArrowRight");
  await expect.poll(shown, { message: "it is again" }).toBe(before);
  await stage.page.keyboard.press("ArrowRight");
  const inside = await stage.page.evaluate(() => document.activeElement?.closest("details")?.parentElement?.tagName);
  expect(inside, "inside of it").toBe("LI");
  await button(words.closeAll).click();
  await expect.poll(shown, { message: "the outermost, and what is right in it" }).toBeLessThan(before);
});

it("asks before a call that customers see, and Escape leaves it", async () => {
  await choose("createNewsletter");
  await stage.page.getByRole("textbox", { name: "name" }).fill("Ofertas");
  await button(words.call).click();
  await stage.page.getByRole("dialog").waitFor();
  await stage.everyLook("explorer-confirm");
  await stage.page.keyboard.press("Escape");
  await stage.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await stage.page.locator(".tree").count(), "it was not called").toBe(0);
  await button(words.call).click();
  await button(words.confirmDo).click();
  await stage.page.getByRole("status").filter({ hasText: "200 en" }).waitFor();
});

it("goes back where it came from, and nothing complained", async () => {
  await button(words.back).click();
  await stage.page.getByRole("heading", { name: es.settings.title }).waitFor();
  expect(stage.complaints).toEqual([]);
});
