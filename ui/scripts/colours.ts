import type { Plugin } from "vite";

/** A colour as the packer of sheets writes it, with figures to the millionth; what may stand behind it is how far it is seen through. */
const LAB = /(?<!ok)lab\(([^)/]+)/g;

/** Lightness to a hundredth, the others to a tenth: less than a twentieth of the smallest difference that an eye sees. */
export function rounded(sheet: string): string {
  return sheet.replace(LAB, (_, figures: string) => `lab(${figures.split(" ").map(short).join(" ")}`);
}

function short(figure: string): string {
  const value = Number.parseFloat(figure);
  if (Number.isNaN(value)) return figure;
  return figure.endsWith("%")
    ? `${Number(value.toFixed(2))}%`
    : String(Number(value.toFixed(1))).replace(/^(-?)0\./, "$1.");
}

/** Colours that are shipped have no more figures than an eye can tell apart. */
export const colours: Plugin = {
  name: "colours",
  apply: "build",
  enforce: "post",
  generateBundle(_, bundle) {
    for (const made of Object.values(bundle)) {
      if (made.type === "asset" && made.fileName.endsWith(".css")) made.source = rounded(String(made.source));
    }
  },
};
