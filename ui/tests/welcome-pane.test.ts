import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import WelcomePane from "../src/features/welcome/WelcomePane.svelte";
import { Welcome } from "../src/features/welcome/welcome.svelte";
import { Fault } from "../src/platform";
import { told } from "../src/words/linking.svelte";
import { FakeCore } from "./fake-core";
import { field } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

let core: FakeCore;
let welcome: Welcome;
let shown: ReturnType<typeof mount>;
const onadded = vi.fn();

beforeEach(async () => {
  told.take("es", written("linking", "es"));
  core = new FakeCore();
  core.gateways = [
    { kind: "whapi", name: "Whapi", practice: false, fields: [field("token", "secret")] },
    { kind: "practice", name: "Whapi", practice: true, fields: [] },
    { kind: "practice_waconecta", name: "Waconecta", practice: true, fields: [] },
    { kind: "practice_evolution", name: "Evolution API", practice: true, fields: [] },
  ];
  welcome = new Welcome(core, (adding) => adding);
  onadded.mockReset();
  shown = mount(WelcomePane, { target: document.body, props: { welcome, onadded, onback: null } });
  await welcome.load();
  flushSync();
});

afterEach(() => {
  void unmount(shown);
  document.body.replaceChildren();
});

async function press(name: string): Promise<void> {
  const found = [...document.querySelectorAll("button")].find((one) => one.textContent?.trim().startsWith(name));
  if (!found) throw new Error(`there is no button ${name}`);
  found.click();
  await settled();
  flushSync();
}

it("another gateway is practised with one press: the number is added, named after it, and asks for nothing", async () => {
  const others = document.querySelector("details");
  expect(others?.querySelector("summary")?.textContent).toBe(told.words.welcome.practiceOther);
  await press("Evolution API");
  expect(core.callsOf("device_add")).toEqual([
    {
      gateway: "practice_evolution",
      name: told.words.welcome.namePracticeAs("Evolution API"),
      fields: {},
      remember: true,
    },
  ]);
  expect(onadded).toHaveBeenCalledTimes(1);
});

it("the practice shop of a newcomer is not among the others", () => {
  const others = [...document.querySelectorAll("details button")].map((one) => one.textContent?.trim());
  expect(others).toEqual(["Waconecta", "Evolution API"]);
});

it("a connection that was tested in vain says how far one came, and what to do", async () => {
  welcome.choose("whapi", "Tienda");
  welcome.given.token = "t";
  const said = new Set<string>();
  for (const why of ["name_not_found", "nobody_there", "unsafe", "too_slow"] as const) {
    welcome.fault = new Fault("gateway_unreachable", { why });
    flushSync();
    const notice = document.querySelector("[role=alert]")?.textContent?.trim() ?? "";
    expect(notice).toBe(told.words.welcome.unreached[why]);
    said.add(notice);
  }
  expect(said.size, "each in its own words").toBe(4);
  welcome.fault = new Fault("gateway_unreachable");
  flushSync();
  expect(document.querySelector("[role=alert]")?.textContent, "where it is not known").toContain("Revisa internet");
});
