import { beforeEach, expect, it } from "vitest";
import { NumberTints } from "../src/parts/number-tints";
import { TINTS } from "../src/parts/tint";

beforeEach(() => localStorage.clear());

const of = (tints: NumberTints, ids: number[]) => ids.map((id) => tints.of(id));

it("numbers 1 and 13 differ, and so do as many as there are tints", () => {
  const tints = new NumberTints();
  tints.among([1, 13]);
  expect(tints.of(1)).not.toBe(tints.of(13));
  const all = [1, 13, 25, 37, 49, 2, 3, 4, 5, 6, 7, 8];
  tints.among(all);
  expect(new Set(of(tints, all)).size).toBe(TINTS);
});

it("a number keeps its tint while others come and go, and over a restart", () => {
  const tints = new NumberTints();
  tints.among([1, 2, 13]);
  const [first, , third] = of(tints, [1, 2, 13]);
  tints.among([13, 1]);
  expect(of(tints, [1, 13]), "another went").toEqual([first, third]);
  tints.among([1, 13, 14]);
  expect(of(tints, [1, 13]), "another came").toEqual([first, third]);
  const after = new NumberTints();
  expect(of(after, [13, 1, 14]), "in whatever order they are asked for").toEqual([third, first, tints.of(14)]);
});

it("a number that has gone gives its tint to the next", () => {
  const tints = new NumberTints();
  tints.among([1, 2, 3]);
  const given = tints.of(2);
  tints.among([1, 3]);
  tints.among([1, 3, 4]);
  expect(tints.of(4)).toBe(given);
});

it("a number that nobody has listed yet has one of its own all the same", () => {
  const tints = new NumberTints();
  expect(tints.of(13)).not.toBe(tints.of(1));
});

it("what cannot be read is no memory", () => {
  localStorage.setItem("mostrador.tints", "{nothing}");
  expect(new NumberTints().of(7)).toBe(0);
});
