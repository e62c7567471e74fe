import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords } from "../tests/sheets";
import { linked } from "./linked";
import type { Program } from "./program";
import type { Stage } from "./stage";

const es = allWords("es");

/** Somebody of the shop writes to a number that has never written: typed, looked up, opened, answered to. */
const STRANGER = "+51 900 000 077";
const words = es.search;
let program: Program;
let stage: Stage;

beforeAll(async () => {
  ({ program, stage } = await linked());
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
});

const field = () => stage.page.getByRole("combobox", { name: words.field });
const offered = (number: string) => stage.page.getByRole("option").filter({ hasText: words.writeTo(number) });

it("offers a number as it is written in the shop's country", async () => {
  await field().fill("900000077");
  await offered(STRANGER).waitFor();
  await stage.everyLook("first-words");
});

it("says of one that is not on WhatsApp that it is not, and opens nothing", async () => {
  await field().fill("900 000 999");
  await offered("+51 900 000 999").waitFor();
  await field().press("Enter");
  await offered("+51 900 000 999").getByText(words.said.not_on_whatsapp).waitFor();
  await stage.everyLook("first-words-none");
});

it("opens the chat by the keys, and what is written there arrives", async () => {
  await field().fill("900 000 077");
  await offered(STRANGER).waitFor();
  await field().press("Enter");
  const composer = stage.page.getByRole("textbox", { name: es.composer.label(STRANGER) });
  await composer.waitFor();
  await expect.poll(() => composer.evaluate((element) => element === document.activeElement)).toBe(true);
  await composer.fill("Buenos días, le escribe la panadería");
  await stage.page.keyboard.press("Enter");
  const mine = stage.page.locator("article", { hasText: "le escribe la panadería" });
  await mine.locator('[data-status="delivered"]').waitFor({ timeout: 30_000 });
});

it("finds the chat the next time, and nothing complained", async () => {
  await field().fill("900 000 077");
  await stage.page.getByRole("option").filter({ hasText: STRANGER }).first().waitFor();
  expect(await offered(STRANGER).count(), "there is a chat already").toBe(0);
  expect(stage.complaints).toEqual([]);
});
