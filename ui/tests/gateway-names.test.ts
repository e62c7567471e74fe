import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/**
 * What a screen shows is decided by the capabilities that the core tells, never by which gateway it is: a gateway that is added later
 * works without a change here. Their names stand with their drivers alone.
 */
const SRC = join(import.meta.dirname, "../src");
const BELOW = join(import.meta.dirname, "../../src-tauri/crates/gateways/src");
const NAMED = /GatewayKind::(?:real|practice)\(\s*"(\w+)",\s*"([^"]+)"/g;

const rust = readdirSync(BELOW, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".rs"));
const kinds = rust.flatMap((file) => [...readFileSync(join(BELOW, file), "utf8").matchAll(NAMED)]);
const named = new Set(kinds.flatMap(([, word = "", name = ""]) => [word, name].map((text) => text.toLowerCase())));
// The practice shop is one of a kind; what speaks another dialect is named by its gateway.
const names = [...named].filter((name) => !name.startsWith("practice"));

it("knows what every gateway is called", () => {
  for (const name of ["whapi", "waconecta", "api_engine", "whatsapp api engine", "qr búho", "evolution api"])
    expect(names).toContain(name);
});

it("no file of the window names a gateway", () => {
  const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter(
    // Of the emoji, one is called by a word that is also a gateway's.
    (file) => /\.(ts|svelte|json)$/.test(file) && !file.endsWith("emoji.gen.json"),
  );
  expect(files.length).toBeGreaterThan(60);
  const naming = files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), "utf8").toLowerCase();
    return names.filter((name) => text.includes(name)).map((name) => `${file}: ${name}`);
  });
  expect(naming).toEqual([]);
});
