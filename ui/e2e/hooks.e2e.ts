import { afterAll, beforeAll, expect, it } from "vitest";
import { es } from "../src/words/es";
import { hookWords } from "../tests/sheets";
import { Phone } from "./phone";
import { Program } from "./program";
import { Stage } from "./stage";

/** Somebody asks why nothing arrived: whether the gateway calls, what its last calls were, one of them taken in again. */
const words = hookWords("es");
let program: Program;
let stage: Stage;

beforeAll(async () => {
  program = await Program.start("memory");
  stage = await Stage.open(program);
  const { page } = stage;
  await page.getByRole("button", { name: es.welcome.practice }).click();
  await page.getByTestId("qr").waitFor();
  await (await Phone.of(program)).scan();
  await page.locator('[data-device-state="online"]').waitFor();
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
});

const button = (name: string) => stage.page.getByRole("button", { name, exact: true });

it("is reached from the number's settings", async () => {
  await button(es.frame.settings).click();
  await button(es.settings.gatewayCalls).click();
  await stage.page.getByRole("heading", { name: words.title }).waitFor();
});

it("has the gateway call, and the call arrives", async () => {
  await button(words.test).click();
  await stage.page.getByText(words.arrived).waitFor();
  await stage.page.getByRole("heading", { name: words.titles.alive }).waitFor();
  await stage.page.locator("button[data-hook]").first().waitFor();
  await stage.everyLook("hooks");
});

it("shows a call without a value, and takes it in again without harm", async () => {
  await stage.page.locator("button[data-hook]").first().focus();
  await stage.page.keyboard.press("Enter");
  await stage.page.getByRole("heading", { name: words.structure }).waitFor();
  expect(await stage.page.locator("pre").textContent(), "no number is shown").not.toMatch(/\d{6}/);
  await button(words.replay).click();
  await stage.page.getByText(/^Hecho\./).waitFor();
  await stage.everyLook("hooks-call");
});

it("goes back where it came from, and nothing complained", async () => {
  await button(words.back).click();
  await stage.page.getByRole("heading", { name: es.settings.title }).waitFor();
  expect(stage.complaints).toEqual([]);
});
