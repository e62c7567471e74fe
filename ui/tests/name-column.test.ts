import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import AudienceStep from "../src/features/campaigns/AudienceStep.svelte";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import DoctorPane from "../src/features/campaigns/DoctorPane.svelte";
import { Doctor } from "../src/features/campaigns/import.svelte";
import { variablesOf } from "../src/features/campaigns/plan";
import VariableChips from "../src/features/campaigns/VariableChips.svelte";
import { Feed, type ImportReading, type ImportView } from "../src/platform";
import { told } from "../src/words/campaigns.svelte";
import { campaign, recipient, sheetRow } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { campaignWords, written } from "./sheets";

const words = campaignWords("es");
let core: FakeCore;
let shown: ReturnType<typeof mount> | null = null;

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

/** A sheet that is being looked through, found so. */
async function found(reading: Partial<ImportReading> = {}, part: Partial<ImportView> = {}): Promise<Doctor> {
  core.campaigns.add(campaign(), []);
  core.campaigns.sheet = [sheetRow(2)];
  const doctor = new Doctor(core, 1, () => {});
  await doctor.open(new File(["x"], "clientas.csv"));
  const held = core.campaigns.imports.get(doctor.view?.importId ?? 0);
  if (!held) throw new Error("the sheet is open");
  held.view = { ...held.view, ...part };
  await doctor.read(reading);
  shown = mount(DoctorPane, { target: document.body, props: { doctor } });
  await settled();
  return doctor;
}

function select(): HTMLSelectElement {
  const label = [...document.querySelectorAll("label")].find((one) =>
    one.textContent?.includes(words.doctor.nameColumn),
  );
  const found = label?.querySelector("select");
  if (!found) throw new Error("the column of the name is asked for");
  return found;
}

async function choose(title: string): Promise<void> {
  const option = [...select().options].find((one) => one.textContent === title);
  if (!option) throw new Error(`${title} is offered`);
  select().value = option.value;
  select().dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

const isOpen = () => document.querySelector<HTMLDetailsElement>("details")?.open;
const chosen = () => [...select().options].find((one) => one.value === select().value)?.textContent;
const said = () => core.callsOf("import_reading_set").at(-1)?.reading.nameColumn;

it("what was recognised is chosen, another column can be, or none, but not the telephone's", async () => {
  await found();
  expect(chosen(), "as the core has found it").toBe("Nombre");
  expect([...select().options].map((one) => one.textContent)).toEqual([
    words.doctor.nameColumnNone,
    "Nombre",
    "Distrito",
    "Saldo",
  ]);
  await choose("Distrito");
  expect([said(), chosen()]).toEqual([2, "Distrito"]);
  await choose(words.doctor.nameColumnNone);
  expect([said(), chosen()], "none of them").toEqual([null, words.doctor.nameColumnNone]);
});

it("is in sight when no heading says it, and not when a person has agreed to it before", async () => {
  await found({}, { remembered: false });
  expect(isOpen(), "recognised").toBe(false);
  if (shown) await unmount(shown);
  await found({ nameColumn: null }, { remembered: false });
  expect(isOpen(), "nobody has said it").toBe(true);
  if (shown) await unmount(shown);
  await found({ nameColumn: null }, { remembered: true });
  expect(isOpen(), "that none is, was said before").toBe(false);
});

it("a campaign that is opened again tells from which column of its sheet the names come", async () => {
  const feed = new Feed(core);
  const list = { columns: ["Tel", "Quién"], variables: ["tel", "quién"], nameColumn: 1 };
  for (const [sources, is] of [
    [[{ kind: "sheet" as const, fileName: "a.csv" }], true],
    [[{ kind: "contacts" as const }], false],
  ] as const) {
    core.campaigns.add(campaign({ ...list, sources: [...sources] }), [recipient(0)]);
    const open = new OpenCampaign(core, feed, 1);
    await open.load();
    shown = mount(AudienceStep, {
      target: document.body,
      props: { campaign: open, device: device(), onchat: () => {} },
    });
    await settled();
    expect(document.body.textContent?.includes(words.audience.nameFrom("Quién")), sources[0]?.kind).toBe(is);
    await unmount(shown);
    shown = null;
  }
});

it("the name is inserted by the window's word for it, every other column as texts call it", () => {
  const view = { variables: ["fecha_de_envío", "quién", "dato_2"], nameColumn: 1 };
  const pieces: string[] = [];
  const props = {
    variables: variablesOf(view, words.message.nameVariable),
    oninsert: (piece: string) => pieces.push(piece),
  };
  shown = mount(VariableChips, { target: document.body, props });
  flushSync();
  for (const at of [0, 1, 2]) {
    document.querySelectorAll<HTMLButtonElement>(".c-chip")[at]?.click();
    flushSync();
    [...document.querySelectorAll("button")].find((one) => one.textContent?.trim() === words.message.insertDo)?.click();
    flushSync();
  }
  expect(pieces).toEqual(["{{fecha_de_envío}}", "{{nombre}}", "{{dato_2}}"]);
  expect(variablesOf({ ...view, nameColumn: null }, "nombre"), "no column is the name").toEqual(view.variables);
  const inEach = (["es", "pt-BR", "en"] as const).map((language) => campaignWords(language).message.nameVariable);
  expect(inEach, "the words that the core takes for it").toEqual(["nombre", "nome", "name"]);
});
