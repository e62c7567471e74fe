import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords, hookWords } from "../tests/sheets";
import { linked } from "./linked";
import type { Program } from "./program";
import type { Stage } from "./stage";

const es = allWords("es");

/**
 * Somebody asks why nothing arrived: whether the gateway calls, what its last calls were, one of them taken in again; then
 * brings a tunnel, tries it, and takes it away again.
 */
const words = hookWords("es");
let program: Program;
let stage: Stage;
/** A tunnel that begins and ends on this computer, with how many lines went through it. */
let tunnel: Server | undefined;
let lines = 0;

async function tunnelTo(port: number): Promise<string> {
  tunnel = createServer((line) => {
    lines += 1;
    const end = connect(port, "127.0.0.1");
    line.pipe(end).pipe(line);
    for (const half of [line, end]) half.on("error", () => half.destroy());
  });
  await new Promise<void>((done) => tunnel?.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(tunnel.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  ({ program, stage } = await linked());
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
  tunnel?.close();
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

it("is told of a tunnel, tries it, and the gateway calls through it", async () => {
  const { page } = stage;
  await button(words.way).click();
  await page.getByRole("heading", { name: words.way }).waitFor();
  const end = await page.locator("code").first().textContent();
  const address = await tunnelTo(Number(end?.split(":").at(-1)));
  await page.getByLabel(words.address).fill("http://tienda.example");
  await button(words.save).click();
  await page.getByText(words.problems.not_https).waitFor();
  await page.getByLabel(words.address).fill(address);
  await button(words.save).click();
  await page.getByText(words.told.known).waitFor();
  await button(words.probe).click();
  await page.getByText(words.probed.arrived).waitFor();
  const before = lines;
  await button(words.test).click();
  await page.getByText(words.arrived).waitFor();
  expect(lines, "the gateway's call came through the tunnel").toBeGreaterThan(before);
  await stage.everyLook("hooks-way");
});

it("keeps port and address over a sudden end", async () => {
  const { page } = stage;
  const end = await page.locator("code").first().textContent();
  await program.die();
  await program.startAgain();
  await page.goto(program.page);
  await button(es.frame.settings).click();
  await button(es.settings.gatewayCalls).click();
  await page.getByText(words.told.known).waitFor();
  expect(await page.locator("code").first().textContent(), "the tunnel leads there still").toBe(end);
  await button(words.probe).click();
  await page.getByText(words.probed.arrived).waitFor();
});

it("tells who answers when the tunnel leads elsewhere, and takes the address away", async () => {
  const { page } = stage;
  await page.getByLabel(words.address).fill(program.url);
  await button(words.save).click();
  await page.getByText(words.told.known).waitFor();
  await button(words.probe).click();
  await page.getByText(/^Alguien contestó/).waitFor();
  await button(words.remove).click();
  await page.getByText(words.told.nothing).waitFor();
});

it("goes back where it came from, and nothing complained", async () => {
  await button(words.back).click();
  await stage.page.getByRole("heading", { name: es.settings.title }).waitFor();
  expect(stage.complaints).toEqual([]);
});
