import { afterAll, beforeAll, expect, it } from "vitest";
import { allWords, campaignWords, linkingWords } from "../tests/sheets";
import { type Customer, Phone } from "./phone";
import { Practice } from "./practice";
import { Program } from "./program";
import { Stage } from "./stage";

const es = allWords("es");

const linking = linkingWords("es");

/**
 * A campaign from the spreadsheet to the report, on a gateway that is another program: the list is examined, the message is
 * written, the run is rehearsed and started; it is paused, the program dies and comes back, a customer asks not to be
 * written to, and in the end the report is saved. Who got what is judged by the practice shop's ledger.
 */
let practice: Practice;
let program: Program;
let stage: Stage;
let phone: Phone;
let people: Customer[];

const SECONDS = 3;
const NAME = "Ofertas de diciembre";
const w = campaignWords("es");

beforeAll(async () => {
  practice = await Practice.start();
  phone = Phone.at(practice.url);
  program = await Program.start("memory");
  stage = await Stage.open(program);
});

afterAll(async () => {
  await stage?.close();
  await program?.stop();
  await practice?.stop();
});

const press = (name: string) => stage.page.getByRole("button", { name }).first().click();
/** The part of the page that is worked on comes into sight. */
const step = (name: string) =>
  stage.page.getByRole("navigation", { name: w.editor.steps }).getByRole("button", { name }).click();
const light = (state: string) => stage.page.locator(`[data-device-state="${state}"]`);

/** Who has got the campaign's message, as often as they have. */
async function got(): Promise<string[]> {
  return (await practice.delivered()).filter(({ body }) => body?.startsWith("Hola ")).map(({ recipient }) => recipient);
}

async function campaign() {
  const [row] = await program.call("campaign_list", {});
  if (!row) throw new Error("there is no campaign");
  return row;
}

/** Waits, as long as a person would, until it is so. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 240; look += 1) {
    if (await holds()) return;
    await stage.page.waitForTimeout(250);
  }
  throw new Error(`in vain: ${what}`);
}

it("links a number", async () => {
  const { page } = stage;
  await press(linking.welcome.real);
  await page.getByLabel(linking.welcome.fields.token.label).fill(practice.token);
  await page.getByText(linking.welcome.advanced).click();
  await page.getByLabel(linking.welcome.fields.url.label).fill(practice.url);
  await press(linking.welcome.go);
  await page.getByTestId("qr").waitFor();
  await phone.scan();
  await light("online").waitFor();
  people = (await phone.customers()).slice(0, 4);
  expect(people.length, "enough customers for a pause, a wish and an end").toBe(4);
});

it("makes a campaign and examines its list, of which nothing is stored before it is accepted", async () => {
  const { page } = stage;
  await press(es.frame.campaigns);
  await stage.audit("no campaigns yet");
  await page.getByRole("button", { name: w.list.create }).first().click();
  await page.getByLabel(w.list.name).fill(NAME);
  await press(w.list.createDo);
  await page.getByRole("heading", { name: NAME }).waitFor();

  const [first] = people;
  const rows = people.map(({ number }, at) => `+${number};Persona ${at + 1}`);
  const list = ["Teléfono;Nombre", ...rows, `${first?.number};Otra vez`, "sin número;Nadie"].join("\r\n");
  await page.locator('input[type="file"][accept*=".csv"]').setInputFiles({
    name: "clientes.csv",
    mimeType: "text/csv",
    // Windows-1252, as spreadsheets save it.
    buffer: Buffer.from(list, "latin1"),
  });
  const accept = page.getByRole("button", { name: w.doctor.acceptCount(4) });
  await accept.waitFor();
  await page.getByText(w.doctor.lead).waitFor();
  await stage.audit("a list that is examined");
  await step(w.editor.step.audience);
  await stage.everyLook("campaign-list");
  expect((await campaign()).counts.total, "nothing is stored yet").toBe(0);
  await accept.click();
  await until("the people are there", async () => (await campaign()).counts.pending === 4);
});

it("writes the message, keeps its pace and rehearses the whole run", async () => {
  const { page } = stage;
  await page.getByLabel(w.message.text, { exact: true }).fill("Hola {{nombre}}, hoy hay oferta.");
  await page.getByText("Hola Persona 1, hoy hay oferta.").first().waitFor();
  for (const [label, value] of [
    [w.pace.spacing, String(SECONDS)],
    [w.pace.jitter, "0"],
    [w.pace.restEvery, "0"],
    [w.pace.cap, ""],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.keyboard.press("Tab");
  }
  await page.getByRole("checkbox", { name: w.pace.dayNames[6] }).check({ force: true });
  await page.getByLabel(w.pace.opens, { exact: true }).fill("00:00");
  await page.getByLabel(w.pace.closes, { exact: true }).fill("00:00");
  await page.getByLabel(w.pace.warmUp).uncheck({ force: true });
  await page.getByRole("button", { name: w.rehearsal.run }).click();
  await page.getByText(w.rehearsal.ready).waitFor();
  await step(w.editor.step.rehearsal);
  await stage.everyLook("campaign-rehearsed");
  expect(await got(), "nobody gets anything by a rehearsal").toEqual([]);
});

it("starts, is paused within one message, and goes on after the program died", async () => {
  const { page } = stage;
  const send = w.launch.sendCount(4);
  await page.getByRole("button", { name: send }).click();
  await page.getByRole("dialog").getByRole("button", { name: send }).click();
  await page.getByRole("button", { name: w.launch.undoDo }).waitFor();
  await until("the first has it", async () => (await got()).length >= 1);
  await press(w.run.pause);
  await page.getByText(w.run.pauses.operator.what).waitFor();
  const before = (await got()).length;
  await stage.everyLook("campaign-paused");
  await page.waitForTimeout(SECONDS * 1_000 + 1_000);
  expect((await got()).length - before, "at most the one that was on its way").toBeLessThanOrEqual(1);

  await program.die();
  await program.startAgain();
  const [device] = await program.call("device_list", {});
  await program.call("device_token_set", { deviceId: device?.id ?? 0, token: practice.token, remember: false });
  await page.goto("about:blank");
  await page.goto(program.page);
  await light("online").waitFor();
  const last = people.at(-1);
  if (last) await phone.write(last, "BAJA");
  await until(
    "the wish is heard",
    async () => (await program.call("opt_out_list", { state: "out", after: null, limit: 10 })).length === 1,
  );
  await press(es.frame.campaigns);
  await page
    .getByRole("button", { name: new RegExp(NAME) })
    .first()
    .click();
  await press(w.run.resume);
  await until("it is over", async () => (await campaign()).state === "finished");

  const received = await got();
  expect(received.toSorted(), "three people once each, and nothing for who asked").toEqual(
    people
      .slice(0, 3)
      .map(({ number }) => number)
      .toSorted(),
  );
  expect((await campaign()).counts.optedOut, "who asked is told apart").toBe(1);
});

it("shows answers beside what was sent, proves the run and saves the report", async () => {
  const { page } = stage;
  const [first] = people;
  if (first) await phone.write(first, "¿Hasta cuándo es la oferta?");
  await until("the answer counts", async () => (await campaign()).counts.replied === 1);
  await page.getByRole("radio", { name: w.run.tabs.report }).check({ force: true });
  await page.getByRole("heading", { name: w.report.funnel }).waitFor();
  await stage.everyLook("campaign-report");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: w.report.formats.pdf }).click();
  const file = await saved;
  expect(file.suggestedFilename(), "called as the campaign").toBe(`${NAME}.pdf`);
  const stream = await file.createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).subarray(0, 5).toString(), "a document").toBe("%PDF-");

  await page.getByRole("radio", { name: w.run.tabs.replies }).check({ force: true });
  await page.getByText("¿Hasta cuándo es la oferta?").first().waitFor();
  await stage.everyLook("campaign-replies");
  await page.getByRole("radio", { name: w.run.tabs.proof }).check({ force: true });
  await page.getByRole("button", { name: w.proof.run }).click();
  await page.getByText(w.proof.holds).waitFor();
  await stage.everyLook("campaign-proof");
  expect(stage.complaints, "the page has nothing to complain of").toEqual([]);
});
