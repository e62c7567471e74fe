import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords, linkingWords } from "../tests/sheets";
import { type Customer, Phone } from "./phone";
import { aPicture } from "./picture";
import { Program } from "./program";
import { Stage } from "./stage";

const es = allWords("es");

const linking = linkingWords("es");

/**
 * A newcomer's whole way: nothing set up, the practice shop, the code, the chats, a customer, an answer, a photo. Each
 * step goes on from the one before it, as a person would.
 */
let program: Program;
let stage: Stage;
let phone: Phone;
let customer: Customer;

beforeAll(async () => {
  program = await Program.start("memory");
  stage = await Stage.open(program);
  phone = await Phone.of(program);
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
});

const say = (text: string) => stage.page.getByText(text, { exact: true });
const row = (name: string) => stage.page.getByRole("option").filter({ hasText: name });

it("welcomes, and has taken the key out of the address", async () => {
  await stage.page.getByRole("heading", { name: linking.welcome.title }).waitFor();
  expect(stage.page.url(), "the key stays out of the history and of what people copy").not.toContain(program.token);
  await stage.everyLook("welcome");
});

it("shows a live code for the practice shop", async () => {
  await stage.page.getByRole("button", { name: linking.welcome.practice }).click();
  await stage.page.getByTestId("qr").waitFor();
  await stage.page.getByRole("timer").waitFor();
  await stage.page.getByRole("button", { name: linking.pairing.phone }).waitFor();
  await stage.everyLook("pairing");
});

it("goes to the chats by itself when the phone has scanned", async () => {
  await stage.page.getByTestId("qr").waitFor();
  await phone.scan();
  await stage.page.getByRole("option").first().waitFor();
  await stage.page.locator('[data-device-state="online"]').waitFor();
  await stage.everyLook("chats");
});

it("shows what a customer writes, as text and nothing else", async () => {
  const [first] = await phone.customers();
  if (!first) throw new Error("the practice shop has no customers");
  customer = first;
  const words = "<b>Hola</b>, ¿tienen pan de yema?";
  await phone.write(customer, words);

  const said = () => row(customer.name).textContent();
  const shown = expect.poll(said, { timeout: 5_000 }).toContain(words);
  // The shop's customers write unasked too: one of theirs may have come after this one before anybody saw it.
  await shown.catch(() => phone.write(customer, words));
  await expect.poll(said, { timeout: 20_000 }).toContain(words);
  const unread = await row(customer.name).textContent();
  expect(unread, "the row says in words how many are unread").toMatch(/sin leer/);
});

it("opens the chat at its unread messages and marks it as read", async () => {
  await row(customer.name).click();
  const log = stage.page.getByRole("log");
  await log.getByText("<b>Hola</b>, ¿tienen pan de yema?").last().waitFor();
  await log.getByText(es.conversation.unreadLine).waitFor();
  await expect.poll(async () => row(customer.name).textContent(), { timeout: 20_000 }).not.toMatch(/sin leer/);
});

it("sends the answer, and its tick goes from the clock to two blue ones, never back", async () => {
  await stage.page.evaluate(watchTicks);
  await phone.slow("POST", "/messages/text", 1_000);
  await stage.page.getByRole("textbox", { name: es.composer.label(customer.name) }).fill("Sí, recién horneado.");
  await stage.page.keyboard.press("Enter");

  const mine = stage.page.locator("article", { hasText: "Sí, recién horneado." });
  await mine.locator('[data-status="read"]').waitFor();
  const ticks = await stage.page.evaluate(() => (window as unknown as { ticks: string[] }).ticks);
  const order = ["queued", "sending", "sent", "delivered", "read"];
  const ranks = ticks.map((tick) => order.indexOf(tick));
  expect(ranks[0], `the first tick was a clock: ${ticks}`).toBeLessThanOrEqual(1);
  expect(ranks, `ticks only rise: ${ticks}`).toEqual(ranks.toSorted((a, b) => a - b));

  const got = (await phone.conversation(customer)).filter((message) => message.text === "Sí, recién horneado.");
  expect(got, "the customer has it once").toHaveLength(1);
  await stage.page.getByRole("textbox", { name: es.composer.label(customer.name) }).waitFor();
  await stage.everyLook("conversation");
});

it("sends a photo with its caption and shows it large", async () => {
  await stage.page
    .locator('input[type="file"]')
    .setInputFiles({ name: "pan.png", mimeType: "image/png", buffer: aPicture() });
  await say("pan.png").waitFor();
  await stage.page.getByRole("textbox").fill("Así salen del horno");
  await stage.everyLook("attachment");
  await stage.page.getByRole("button", { name: es.composer.send }).click();

  const mine = stage.page.locator("article", { hasText: "Así salen del horno" });
  await mine.locator("img").waitFor();
  await mine.locator('[data-status="read"]').waitFor();
  const got = (await phone.conversation(customer)).filter((message) => message.text === "Así salen del horno");
  expect(
    got.map((message) => message.kind),
    "the customer has the photo once",
  ).toEqual(["image"]);

  await mine.getByRole("button", { name: es.conversation.imageOpen }).click();
  await stage.page.getByRole("dialog").locator("img").waitFor();
  await stage.everyLook("photo");
  await stage.page.keyboard.press("Escape");
  await stage.page.getByRole("dialog").waitFor({ state: "detached" });
});

it("shows a customer's photo", async () => {
  await phone.writePicture(customer, "¿Como este?");
  const theirs = stage.page.locator("article", { hasText: "¿Como este?" });
  await theirs.locator("img").waitFor();
});

it("keeps a draft per chat", async () => {
  const customers = await phone.customers();
  const other = customers.find((someone) => someone.number !== customer.number);
  if (!other) throw new Error("the practice shop has one customer only");
  await stage.page.getByRole("textbox", { name: es.composer.label(customer.name) }).fill("Un borrador");

  await row(other.name).click();
  const field = stage.page.getByRole("textbox", { name: es.composer.label(other.name) });
  await field.waitFor();
  expect(await field.inputValue(), "the draft stays in its chat").toBe("");
  await row(customer.name).getByText("Un borrador").waitFor();

  await row(customer.name).click();
  const back = stage.page.getByRole("textbox", { name: es.composer.label(customer.name) });
  await back.waitFor();
  expect(await back.inputValue()).toBe("Un borrador");
  await back.fill("");
});

it("can be walked by keyboard alone", async () => {
  await stage.page.keyboard.press("Alt+l");
  await stage.page.keyboard.press("Home");
  await stage.page.keyboard.press("ArrowDown");
  await stage.page.keyboard.press("Enter");
  const second = await stage.page.getByRole("option").nth(1).getAttribute("aria-selected");
  expect(second, "Enter opened the second chat").toBe("true");

  const chats = Number(await stage.page.getByRole("option").first().getAttribute("aria-setsize"));
  for (let at = 2; at < chats; at += 1) await stage.page.keyboard.press("Alt+ArrowDown");
  const open = stage.page.getByRole("option", { selected: true });
  expect(await open.getAttribute("aria-posinset"), "the keys lead to the last chat").toBe(String(chats));
  const [seen, list] = [await open.boundingBox(), await stage.page.getByRole("listbox").first().boundingBox()];
  if (!seen || !list) throw new Error("the open chat is not drawn in the list");
  expect(seen.y + seen.height, "and the list shows it").toBeLessThanOrEqual(list.y + list.height + 1);

  await stage.page.keyboard.press("F1");
  await stage.page.getByRole("dialog", { name: es.frame.help }).waitFor();
  await stage.everyLook("help");
  await stage.page.keyboard.press("Escape");
  await stage.page.getByRole("dialog").waitFor({ state: "detached" });
  await stage.page.keyboard.press("Control+,");
  await stage.page.getByRole("heading", { name: es.settings.title, level: 1 }).waitFor();
});

it("says in Settings how the number is, and asks before it removes it", async () => {
  await stage.everyLook("settings");
  await stage.page.getByRole("button", { name: es.settings.remove, exact: true }).click();
  await stage.page
    .getByRole("dialog")
    .getByText(/Se borran de este equipo \d+ chats? con \d+ mensajes?/)
    .waitFor();
  await stage.everyLook("remove");
  const box = (name: string) => stage.page.getByRole("dialog").getByRole("button", { name, exact: true }).boundingBox();
  const [safe, sure] = [await box(es.common.cancel), await box(es.settings.removeSure)];
  if (!safe || !sure) throw new Error("the dialog has not both its buttons");
  expect(sure.x - (safe.x + safe.width), "what cannot be undone stands apart").toBeGreaterThan(40);
  await stage.page.getByRole("button", { name: es.common.cancel }).click();
});

it("fits the smallest window", async () => {
  await stage.page.getByRole("button", { name: es.frame.chats }).click();
  await stage.page.setViewportSize({ width: 900, height: 600 });
  await row(customer.name).click();
  await stage.page.getByRole("textbox").waitFor();
  const wide = await stage.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, "nothing sticks out sideways").toBeLessThanOrEqual(900);
  await stage.everyLook("small");
});

it("says that the program is gone, and complained of nothing else", async () => {
  expect(stage.complaints).toEqual([]);
  await program.stop();
  await stage.page.getByText(es.frame.link.lost).waitFor();
  await stage.audit("lost connection");
  await stage.photograph("lost-es-light");
});

/** Runs in the page: notes each state that our newest message's tick takes. */
function watchTicks(): void {
  const ticks: string[] = [];
  (window as unknown as { ticks: string[] }).ticks = ticks;
  const note = () => {
    const mine = [...document.querySelectorAll("article")].filter((one) =>
      one.textContent?.includes("Sí, recién horneado."),
    );
    const status = mine.at(-1)?.querySelector<HTMLElement>("[data-status]")?.dataset.status;
    if (status && status !== ticks.at(-1)) ticks.push(status);
  };
  const how = { subtree: true, childList: true, attributes: true, attributeFilter: ["data-status"] };
  new MutationObserver(note).observe(document.body, how);
}
