import { linkingWords } from "../tests/sheets";
import { Phone } from "./phone";
import { Program } from "./program";
import { Stage } from "./stage";

const linking = linkingWords("es");

/** A program of its own with the practice shop's number linked, and a page on it. */
export async function linked(): Promise<{ program: Program; stage: Stage }> {
  const program = await Program.start("memory");
  const stage = await Stage.open(program);
  const { page } = stage;
  await page.getByRole("button", { name: linking.welcome.practice }).click();
  await page.getByTestId("qr").waitFor();
  await (await Phone.of(program)).scan();
  await page.locator('[data-device-state="online"]').waitFor();
  return { program, stage };
}
