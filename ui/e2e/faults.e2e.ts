import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, it } from "vitest";
import type { DeviceView, Language } from "../src/platform/bindings.gen";
import type { FaultWords } from "../src/words/es.faults";
import type { LinkingWords } from "../src/words/linking.svelte";
import { linkingWords } from "../tests/sheets";
import { Phone } from "./phone";
import { Program } from "./program";
import { LANGUAGES, Stage } from "./stage";

/** What goes wrong at the very start, said in each language: what happened and what to do. */
let program: Program;
let stage: Stage;

afterEach(async () => {
  await stage?.close();
  await program?.stop();
});

async function begin(
  secrets: "memory" | "keyring",
  language: Language,
  before?: (folder: string) => void,
): Promise<void> {
  program = await Program.start(secrets, before);
  stage = await Stage.open(program);
  await stage.look(language, "light");
}

/** Fills the form of a real gateway in. */
async function fillIn(linking: LinkingWords, url: string): Promise<void> {
  const { page } = stage;
  await page.getByRole("button", { name: linking.welcome.real }).click();
  await page.getByLabel(linking.welcome.fields.token.label).fill("not-the-token");
  await page.getByText(linking.welcome.advanced).click();
  await page.getByLabel(linking.welcome.fields.url.label).fill(url);
}

async function isTold(fault: FaultWords): Promise<void> {
  const alert = stage.page.getByRole("alert");
  await alert.getByText(fault.what).waitFor();
  await alert.getByText(fault.now).waitFor();
}

describe.each(LANGUAGES)("in %s", (language, words) => {
  const linking = linkingWords(language);

  it("a wrong token is told when the connection is tested", async () => {
    await begin("memory", language);
    const { gateway } = await Phone.of(program);
    await fillIn(linking, gateway);
    await stage.page.getByRole("button", { name: linking.welcome.test }).click();
    await isTold(words.errors.token_rejected);
    await stage.inBothThemes("wrong-token", language);
  });

  it("a gateway that cannot be reached is told", async () => {
    await begin("memory", language);
    // Nobody listens on the discard port of this machine.
    await fillIn(linking, "http://127.0.0.1:9");
    await stage.page.getByRole("button", { name: linking.welcome.test }).click();
    await stage.page.getByRole("alert").getByText(linking.welcome.unreached.nobody_there).waitFor();
    await stage.inBothThemes("gateway-down", language);
  });

  it("an expired code is told, and a new one is a press away", async () => {
    await begin("memory", language);
    const { page } = stage;
    // Two minutes of real codes, made short: the page is told what the core says at their end.
    await page.route("**/api/device_list", async (route) => {
      const answer = await route.fetch();
      const devices = (await answer.json()) as DeviceView[];
      const expired = { kind: "pairing", step: { kind: "expired" } };
      await route.fulfill({ response: answer, json: devices.map((device) => ({ ...device, state: expired })) });
    });
    await page.getByRole("button", { name: linking.welcome.practice }).click();
    await page.getByRole("heading", { name: linking.pairing.expired }).waitFor();
    await stage.inBothThemes("expired", language);

    // An answer that is on its way is given first: it cannot be once nobody stands in between.
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("button", { name: linking.pairing.again }).click();
    await page.getByTestId("qr").waitFor();
  });

  it("a computer without a password store is told, and the token may be used for this run", async () => {
    await begin("keyring", language);
    const { page } = stage;
    const { gateway } = await Phone.of(program);
    await fillIn(linking, gateway);
    await page.getByRole("button", { name: linking.welcome.go }).click();
    const dialog = page.getByRole("dialog", { name: linking.keyring.title });
    await dialog.getByText(linking.keyring.doUnavailable).waitFor();
    await stage.inBothThemes("no-keyring", language);

    await dialog.getByRole("button", { name: linking.keyring.once }).click();
    await page.getByText(words.devices.state.token_rejected).first().waitFor();
  });

  it("a damaged data file is told, with where it lies now, until that was understood", async () => {
    await begin("memory", language, (folder) => {
      writeFileSync(join(folder, "mostrador.db"), "no database at all ".repeat(1_000));
    });
    const { page } = stage;
    const told = page.getByRole("alert").filter({ hasText: words.frame.database.title });
    await told.getByText("mostrador.db.damaged-").waitFor();
    await stage.inBothThemes("damaged", language);

    await told.getByRole("button", { name: words.frame.database.hide }).click();
    await told.waitFor({ state: "detached" });
  });
});
