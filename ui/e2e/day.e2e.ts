import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords, linkingWords } from "../tests/sheets";
import { type Customer, Phone } from "./phone";
import { Practice } from "./practice";
import { Program } from "./program";
import { aSound, speakInto } from "./sound";
import { Stage } from "./stage";

const es = allWords("es");

const linking = linkingWords("es");

/**
 * A day at the counter, on a gateway that is another program: a number is linked with its key, the morning's chats are
 * sorted, a customer is answered by voice, something is looked up, the program dies while it sends, and the gateway is away
 * for a while. What really reached people is judged by the practice shop's ledger.
 */
let practice: Practice;
let program: Program;
let stage: Stage;
let phone: Phone;
let first: Customer;
let second: Customer;

beforeAll(async () => {
  practice = await Practice.start();
  phone = Phone.at(practice.url);
  program = await Program.start("memory");
  stage = await Stage.open(program, speakInto);
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
  await practice?.stop();
});

const row = (name: string) => stage.page.getByRole("option").filter({ hasText: name });
const field = (customer: Customer) => stage.page.getByRole("textbox", { name: es.composer.label(customer.name) });
const mine = (text: string) => stage.page.locator("article", { hasText: text });
const light = (state: string) => stage.page.locator(`[data-device-state="${state}"]`);

async function got(text: string): Promise<string[]> {
  return (await practice.delivered()).filter(({ body }) => body === text).map(({ recipient }) => recipient);
}

async function write(customer: Customer, text: string): Promise<void> {
  await field(customer).fill(text);
  await stage.page.keyboard.press("Enter");
}

it("links a number with its key", async () => {
  const { page } = stage;
  await page.getByRole("button", { name: linking.welcome.real }).click();
  await page.getByLabel(linking.welcome.fields.token.label).fill(practice.token);
  await page.getByText(linking.welcome.advanced).click();
  await page.getByLabel(linking.welcome.fields.url.label).fill(practice.url);
  await page.getByRole("button", { name: linking.welcome.go }).click();
  await page.getByTestId("qr").waitFor();
  await phone.scan();
  await light("online").waitFor();
  await row("").first().waitFor();
  const [one, other] = await phone.customers();
  if (!one || !other) throw new Error("the practice shop has too few customers");
  [first, second] = [one, other];
});

it("sorts the morning by keys: done leaves what is to be attended, and undo brings it back", async () => {
  const { page } = stage;
  await phone.write(first, "¿Abren hoy?");
  await phone.write(second, "¿Tienen canción de cumpleaños?");
  await row(first.name).getByText("¿Abren hoy?").waitFor();
  await row(second.name).getByText("¿Tienen canción").waitFor();

  await page.getByRole("button", { name: es.list.filters.unanswered, exact: true }).click();
  await row(first.name).click();
  await field(first).waitFor();
  await page.keyboard.press("Alt+k");
  await row(first.name).waitFor({ state: "detached" });
  await page.getByRole("button", { name: es.list.undo }).click();
  await row(first.name).waitFor();

  await row(first.name).click({ button: "right" });
  await page.getByRole("menuitem", { name: es.list.acts.waiting }).click();
  await row(first.name).waitFor({ state: "detached" });
  await page.getByRole("button", { name: es.list.more }).click();
  await page.getByRole("menuitem", { name: es.list.filters.waiting }).click();
  await row(first.name).waitFor();
  await stage.audit("chats that wait for the customer");
  await page.getByRole("button", { name: es.list.filters.all, exact: true }).click();
});

it("keeps the row under the pointer where it is while somebody writes, however long it rests", async () => {
  const { page } = stage;
  const under = row(second.name);
  await under.hover();
  const before = await under.boundingBox();
  await phone.write(first, "¿Y mañana también?");
  await row(first.name).getByText("¿Y mañana también?").waitFor();
  await page.getByRole("button", { name: es.list.newOrder }).waitFor();
  expect((await under.boundingBox())?.y, "whoever presses now opens whom they meant").toBe(before?.y);
  await stage.audit("a new order waits");

  await page.mouse.move(900, 300);
  await expect.poll(() => row("").first().textContent()).toContain(first.name);
});

it("answers with a voice message, which the customer has once and as it was recorded", async () => {
  const { page } = stage;
  await row(first.name).click();
  await field(first).waitFor();
  await page.getByRole("button", { name: es.talk.writing.voice }).click();
  await page.getByRole("button", { name: es.talk.writing.stopVoice }).click();
  await page.getByText(es.talk.files.voice, { exact: true }).waitFor();
  await stage.everyLook("voice");
  await page.getByRole("button", { name: es.composer.send }).click();
  await page
    .locator('article:has([data-status="delivered"])')
    .filter({ has: page.locator(".sound") })
    .waitFor();

  const voices = (await practice.delivered()).filter(({ kind }) => kind === "voice" || kind === "ptt");
  expect(
    voices.map(({ recipient, media_sha256 }) => [recipient, media_sha256]),
    "one voice message, with the very bytes",
  ).toEqual([[first.number, createHash("sha256").update(aSound()).digest("hex")]]);
});

it("finds a message without its accents and opens the chat at it, by keys alone", async () => {
  const { page } = stage;
  await page.keyboard.press("Control+k");
  await page.keyboard.type("cancion cumple");
  const results = page.getByRole("listbox", { name: es.search.results });
  const hit = results.getByRole("option").filter({ hasText: "canción de cumpleaños" });
  await hit.waitFor();
  await stage.audit("results of a search");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: second.name }).waitFor();
  await page.getByRole("log").getByText("¿Tienen canción de cumpleaños?").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Escape");
  await results.waitFor({ state: "detached" });
});

it("dies with a message under way, and the next start neither loses it nor sends it again", async () => {
  const { page } = stage;
  const text = "Sale a las cinco";
  await row(second.name).click();
  await phone.slow("POST", "/messages/text", 2_000);
  await field(second).fill(text);
  // Whoever goes elsewhere meanwhile finds it as a draft, also after the program died.
  await row(first.name).click();
  await row(second.name).getByText(text).waitFor();
  await row(second.name).click();
  await field(second).press("Enter");
  await mine(text).locator('[data-status="sending"]').waitFor();
  await program.die();
  await page.getByText(es.frame.link.lost).waitFor();

  await program.startAgain();
  // A key of one run is gone with the run.
  const [device] = await program.call("device_list", {});
  await program.call("device_token_set", { deviceId: device?.id ?? 0, token: practice.token, remember: false });
  await page.goto("about:blank");
  await page.goto(program.page);
  await light("online").waitFor();
  await row(second.name).click();
  await mine(text).locator('[data-status="delivered"]').waitFor();
  expect(await mine(text).count(), "it shows once").toBe(1);
  expect(await field(second).inputValue(), "and does not stand in the field to be sent again").toBe("");
  expect(await got(text), "and the customer has it once").toEqual([second.number]);
});

it("queues while the gateway is away, says so, and sends once when it is back", async () => {
  const { page } = stage;
  const text = "Te aviso mañana";
  await practice.goAway();
  await write(second, text);
  await mine(text).locator('[data-status="queued"], [data-status="sending"]').waitFor();
  await light("online").waitFor({ state: "detached", timeout: 120_000 });
  // Reading and searching go on meanwhile.
  await row(first.name).click();
  await page.getByRole("log").getByText("¿Abren hoy?").waitFor();
  await stage.everyLook("away");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("cancion cumple");
  const results = page.getByRole("listbox", { name: es.search.results });
  await results.getByRole("option").filter({ hasText: "canción de cumpleaños" }).waitFor();
  await page.keyboard.press("Escape");
  await results.waitFor({ state: "detached" });
  await row(second.name).click();
  // It waits.
  await mine(text).locator('[data-status="queued"], [data-status="sending"]').waitFor();

  await practice.comeBack();
  await mine(text).locator('[data-status="delivered"]').waitFor({ timeout: 120_000 });
  await light("online").waitFor({ timeout: 120_000 });
  expect(await got(text), "the customer has it once").toEqual([second.number]);
}, 300_000);

it("complained of nothing but what was done to it", () => {
  expect(stage.complaints).toEqual([]);
});
