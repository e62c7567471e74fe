import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

it("the window's mark is the program's icon", () => {
  const ofWindow = readFileSync(join(root, "ui/public/icon.svg"), "utf8");
  const ofProgram = readFileSync(join(root, "icons/icon.svg"), "utf8");
  expect(ofWindow, "copy icons/icon.svg to ui/public/icon.svg").toBe(ofProgram);
});
