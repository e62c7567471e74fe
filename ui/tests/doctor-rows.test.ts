import { mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import DoctorRows from "../src/features/campaigns/DoctorRows.svelte";
import { Doctor } from "../src/features/campaigns/import.svelte";
import { phoneWords } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, sheetRow } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { settled } from "./settled";
import { campaignWords, written } from "./sheets";

const words = campaignWords("es").doctor;
let core: FakeCore;
let doctor: Doctor;
let table: HTMLElement;
let shown: Record<string, unknown>;

beforeEach(async () => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
  core.campaigns.add(campaign(), []);
  core.campaigns.sheet = [
    sheetRow(2),
    sheetRow(3, { verdict: "proposed", repairs: ["words_dropped"] }),
    sheetRow(5, { verdict: "several", numbers: ["51900000031", "51900000032"] }),
  ];
  doctor = new Doctor(core, 1, () => {});
  await doctor.open(new File(["x"], "clientas.csv"));
  await settled();
  if (!doctor.view) throw new Error("the sheet is open");
  table = document.body.appendChild(document.createElement("div"));
  shown = mount(DoctorRows, { target: table, props: { doctor, view: doctor.view } });
  await settled();
});

afterEach(async () => {
  await unmount(shown);
  table.remove();
});

function labelled<E extends HTMLElement>(label: string): E | null {
  return table.querySelector<E>(`[aria-label="${label}"]`);
}

async function choose(number: string): Promise<void> {
  const select = labelled<HTMLSelectElement>(words.chooseNumber("5"));
  if (!select) throw new Error("there is a choice");
  select.value = number;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

async function press(label: string): Promise<void> {
  labelled<HTMLButtonElement>(label)?.click();
  await settled();
}

const said = () => core.callsOf("import_decide").at(-1)?.about;

it("shows the number and the name wherever they stand, and the other columns in their order", async () => {
  const { view } = doctor;
  if (!view) throw new Error("the sheet is open");
  const titles = ["Nombre", "Ciudad", "Zona", "Ruta", "Saldo", "Nota", "Quién", "Celular"];
  const columns = titles.map((title) => ({ title, variable: title.toLowerCase(), samples: [] }));
  await unmount(shown);
  shown = mount(DoctorRows, {
    target: table,
    props: { doctor, view: { ...view, columns, reading: { ...view.reading, numberColumn: 7, nameColumn: 6 } } },
  });
  await settled();
  const heads = [...table.querySelectorAll('[role="columnheader"] bdi')].map((head) => head.textContent);
  expect(heads).toEqual(["Nombre", "Ciudad", "Zona", "Ruta", "Quién", "Celular"]);
});

it("says whom a choice means, and lets another one be chosen, or none", async () => {
  await choose("51900000032");
  expect(said(), "by the number, not by its place").toEqual({ kind: "choice", row: 5, number: "51900000032" });
  expect(labelled<HTMLSelectElement>(words.chooseNumber("5"))?.value).toBe("51900000032");
  expect(table.querySelector(".verdict.repaired")?.textContent).toContain(phoneWords("51900000032"));
  expect(labelled(words.refuseRow("5")), "the row can still be refused").not.toBeNull();
  await choose("");
  expect(said()).toEqual({ kind: "row", row: 5, accepted: null });
  expect(labelled<HTMLSelectElement>(words.chooseNumber("5"))?.value, "it is asked again").toBe("");
});

it("lets an accepted row be refused, and what was decided be taken back", async () => {
  expect(labelled(words.takeBackRow("3")), "nothing was decided").toBeNull();
  await press(words.acceptRow("3"));
  expect(labelled(words.refuseRow("3"))).not.toBeNull();
  await press(words.takeBackRow("3"));
  expect(said()).toEqual({ kind: "row", row: 3, accepted: null });
  expect(labelled(words.acceptRow("3")), "it waits again").not.toBeNull();
});
