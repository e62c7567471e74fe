import { expect, it } from "vitest";
import { rounded } from "../scripts/colours";

it("writes a colour with as many figures as an eye can tell apart, and leaves all else alone", () => {
  expect(rounded("a{color:lab(93.04267% .0000298023 -.0368357);top:1.23456px}")).toBe(
    "a{color:lab(93.04% 0 0);top:1.23456px}",
  );
  expect(rounded("lab(7.10271% .417516 -7.27579/.06)"), "seen through as before").toBe("lab(7.1% .4 -7.3/.06)");
  expect(rounded("lab(34.9548% 20.1234 -60.0584)"), "a nought before the point is no mere nought").toBe(
    "lab(34.95% 20.1 -60.1)",
  );
  expect(rounded("lab(39.723% -0.25 10.04)")).toBe("lab(39.72% -.3 10)");
  const others = "@supports (color:lab(0% 0 0)){x{color:oklab(0.39723 .12345 -.06789);width:calc(1px*var(--lab))}}";
  expect(rounded(others), "another kind has figures of another size").toBe(others);
});
