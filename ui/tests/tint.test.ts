import { expect, it } from "vitest";
import { TINTS, tintOf } from "../src/parts/tint";

it("a name has one tint: on every start, on every machine, however its letters are composed", () => {
  expect(
    ["Ana Ruiz", "Rosa Huamán", "Lucía Paredes", "José"].map(tintOf),
    "another way to count would recolour all",
  ).toEqual([9, 8, 11, 10]);
  expect(tintOf("José".normalize("NFD"))).toBe(tintOf("José".normalize("NFC")));
  expect(tintOf("  rosa huamán ")).toBe(tintOf("Rosa Huamán"));
});

it("names are spread over all tints", () => {
  const used = new Set(Array.from({ length: 200 }, (_, at) => tintOf(`Cliente ${at}`)));
  expect(used.size).toBe(TINTS);
});
