import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * What the desktop window may load and ask for, as the shell's own files have it. What is added there is a decision: it is
 * made here too.
 */
const root = join(import.meta.dirname, "../..");
const shell = JSON.parse(readFileSync(join(root, "tauri.conf.json"), "utf8")).app;
const policy: Record<string, string> = shell.security.csp;
const sources = (directive: string) => (policy[directive] ?? "").split(" ");

describe("the window's policy", () => {
  it("lets in nothing that it does not name", () => {
    expect(policy["default-src"]).toBe("'none'");
    for (const directive of ["base-uri", "form-action", "frame-ancestors"]) expect(policy[directive]).toBe("'none'");
    expect(Object.keys(policy).toSorted()).toEqual([
      "base-uri",
      "connect-src",
      "default-src",
      "font-src",
      "form-action",
      "frame-ancestors",
      "img-src",
      "media-src",
      "script-src",
      "style-src",
    ]);
  });

  it("runs the program's own scripts alone, and takes looks from its own files alone", () => {
    expect(policy["script-src"]).toBe("'self'");
    expect(policy["style-src"], "places and sizes are set by the scripts, which needs no leave").toBe("'self'");
    expect(
      Object.keys(policy)
        .flatMap(sources)
        .filter((source) => source.includes("unsafe")),
    ).toEqual([]);
  });

  it("is no wider where a browser shows the program", () => {
    const server = readFileSync(join(root, "src-tauri/crates/api/src/headless/server.rs"), "utf8");
    const written = /PAGE_POLICY: &str = "([^"]*)"/.exec(server)?.[1]?.replace(/\\\n\s*/g, "") ?? "";
    const page = new Map(
      written.split(";").map((one) => [one.trim().split(" ")[0] ?? "", one.trim().split(" ").slice(1)]),
    );
    expect([...page.keys()].toSorted()).toEqual(Object.keys(policy).toSorted());
    const wider = [...page].flatMap(([directive, all]) => all.filter((source) => !sources(directive).includes(source)));
    expect(wider).toEqual([]);
  });

  it("reaches nothing outside the computer", () => {
    const all = Object.keys(policy).flatMap(sources);
    const outside = all.filter((source) => /^(https?|wss?):|\*/.test(source));
    expect(outside.filter((source) => !["http://ipc.localhost", "http://media.localhost"].includes(source))).toEqual(
      [],
    );
    expect(sources("media-src"), "no sound or film from the page's own words").not.toContain("data:");
  });

  it("opens no window of its own, no folder, and lends nothing to pages", () => {
    expect(shell.withGlobalTauri).toBe(false);
    expect(shell.windows).toEqual([]);
    expect(shell.security.assetProtocol).toEqual({ enable: false });
    expect(shell.security.freezePrototype).toBe(true);
  });
});

describe("the window's capabilities", () => {
  const folder = join(root, "src-tauri/capabilities");

  it("are these three, of one window", () => {
    expect(shell.security.capabilities).toEqual(["main"]);
    expect(readdirSync(folder)).toEqual(["main.json"]);
    const main = JSON.parse(readFileSync(join(folder, "main.json"), "utf8"));
    expect(main.windows).toEqual(["main"]);
    expect(main.remote, "no page from elsewhere has any").toBeUndefined();
    expect(main.permissions.toSorted()).toEqual([
      "core:event:allow-listen",
      "core:event:allow-unlisten",
      "core:webview:allow-set-webview-zoom",
    ]);
  });
});
