import { afterEach, describe, expect, it } from "vitest";
import type { DeviceState } from "../src/platform";
import { autoLanguage, daysBetween, sendingOf, speech, standingOf } from "../src/words";
import { device, NOON } from "./people";
import { allWords } from "./sheets";

type Leaf = { path: string; text: string };

/** Every string of a catalogue; those that take parameters are called with telling ones. */
function leaves(node: unknown, path = ""): Leaf[] {
  if (typeof node === "string") return [{ path, text: node }];
  if (typeof node === "function") {
    const given = path.endsWith("database.kept")
      ? [1, 2]
      : /Count|Chats|newMessages/.test(path)
        ? [2]
        : ["«a»", "«b»", "«c»"];
    return [{ path, text: String(node(...given.slice(0, node.length))) }];
  }
  return Object.entries(node as object).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key));
}

const catalogues = (["es", "pt-BR", "en"] as const).map((language) => ({
  language,
  found: leaves(allWords(language)),
}));
const es = leaves(allWords("es"));

afterEach(() => {
  speech.language = "es";
});

describe.each(catalogues)("the words in $language", ({ found }) => {
  it("have exactly the keys of the Spanish ones", () => {
    expect(found.map((leaf) => leaf.path).toSorted()).toEqual(es.map((leaf) => leaf.path).toSorted());
  });

  it("say something everywhere but where Spanish says nothing too", () => {
    const silent = new Set(es.filter((leaf) => leaf.text === "").map((leaf) => leaf.path));
    const empty = found.filter((leaf) => leaf.text.trim() === "" && !silent.has(leaf.path));
    expect(empty.map((leaf) => leaf.path)).toEqual([]);
  });

  it("use every parameter they are given", () => {
    const lost = found.filter((leaf, at) => {
      const wanted = (es[at]?.text.match(/«[abc]»/gu) ?? []).length;
      return (leaf.text.match(/«[abc]»/gu) ?? []).length < wanted;
    });
    expect(lost.map((leaf) => leaf.path)).toEqual([]);
  });

  it("do not say token, webhook or the like outside settings, nor Oops", () => {
    const outside = found.filter((leaf) => !/^(welcome|settings)\./.test(leaf.path));
    const jargon = outside.filter((leaf) => /\b(token|webhook|jid|api|oops|ups|backend|timeout)\b/i.test(leaf.text));
    expect(jargon).toEqual([]);
  });

  it("end each sentence of a fault", () => {
    const faults = found.filter((leaf) => /^(errors|failures|degraded)\./.test(leaf.path));
    const open = faults.filter((leaf) => !/[.?:]$|https:\/\/$/.test(leaf.text));
    expect(open).toEqual([]);
    expect(faults.length, "what, means and now of each code").toBeGreaterThan(100);
  });
});

describe("languages differ", () => {
  it("no fault is worded the same in two languages", () => {
    const same = catalogues
      .slice(1)
      .flatMap(({ language, found }) =>
        found
          .filter((leaf, at) => /^errors\..*\.(what|now)$/.test(leaf.path) && leaf.text === es[at]?.text)
          .map((leaf) => `${language} ${leaf.path}`),
      );
    expect(same).toEqual([]);
  });
});

describe("auto language", () => {
  it.each([
    { system: "pt-BR" as const, browser: ["en-US"], is: "pt-BR" },
    { system: null, browser: ["fr-FR", "pt-PT"], is: "pt-BR" },
    { system: null, browser: ["en-GB", "es"], is: "en" },
    { system: null, browser: ["fr", "de"], is: "es" },
    { system: null, browser: [], is: "es" },
  ])("is $is for system $system and browser $browser", ({ system, browser, is }) => {
    expect(autoLanguage(system, browser)).toBe(is);
  });
});

describe("what a number is called", () => {
  it("is the shop's own name for it, in any language", () => {
    speech.language = "en";
    expect(speech.nameOf({ practiceNumber: null, name: "Tienda de práctica" })).toBe("Tienda de práctica");
    expect(speech.nameOf({ practiceNumber: 0, name: "Mi escuela" })).toBe("Mi escuela");
  });

  it("follows the window's language for the practice shop, in whichever it was opened", () => {
    speech.language = "pt-BR";
    for (const name of ["Tienda de práctica", "Practice shop", "Loja de treino"]) {
      expect(speech.nameOf({ practiceNumber: 0, name })).toBe("Loja de treino");
    }
  });
});

describe("a damaged data file", () => {
  it("counts what was kept, and says what to do when nothing was", () => {
    const { kept } = speech.words.frame.database;
    expect(kept(1, 2)).toBe("Conservamos 1 número, los chats que se pudieron leer y 2 mensajes por enviar.");
    expect(kept(0, 0), "no sentence about zero things").not.toContain("0");
  });
});

describe("dates and numbers", () => {
  it("tell the row's time by how long ago it was", () => {
    const day = 86_400_000;
    expect(speech.rowTime(NOON - 60_000, NOON)).toBe("11:59");
    expect(speech.rowTime(NOON - day, NOON), "small, as the weekday under it").toBe("ayer");
    expect(speech.rowTime(NOON - 3 * day, NOON)).toBe("mar");
    expect(speech.rowTime(NOON - 30 * day, NOON)).toBe("21/10/26");
  });

  it("write the hour with two digits everywhere, with seconds only where they matter", () => {
    const early = new Date(2026, 10, 20, 3, 7, 9).getTime();
    expect(speech.clock(early)).toBe("03:07");
    expect(speech.when(early)).toBe("20 nov 2026, 03:07");
    expect(speech.moment(early)).toBe("20 nov 2026, 03:07:09");
  });

  it("count calendar days, not 24 hours", () => {
    const late = new Date(2026, 10, 19, 23, 59).getTime();
    const early = new Date(2026, 10, 20, 0, 1).getTime();
    expect(daysBetween(late, early)).toBe(1);
  });

  it("follow the language", () => {
    speech.language = "en";
    expect(speech.words.chats.unreadCount(1)).toBe("1 unread message");
    expect(speech.number(12345)).toBe("12,345");
    speech.language = "pt-BR";
    expect(speech.words.chats.unreadCount(2)).toBe("2 mensagens não lidas");
    expect(speech.number(12345)).toBe("12.345");
    expect(speech.bytes(4_200)).toBe("4 kB");
    expect(speech.bytes(1_340_000)).toBe("1,3 MB");
  });
});

const STATES: DeviceState[] = [
  { kind: "unconfigured", why: "token_missing" },
  { kind: "unconfigured", why: "token_rejected" },
  { kind: "connecting" },
  { kind: "pairing", step: { kind: "waiting" } },
  { kind: "syncing", done: 0, total: null },
  { kind: "online" },
  { kind: "degraded", since: NOON, why: "unreachable" },
  { kind: "degraded", since: NOON, why: "gateway_error" },
  { kind: "degraded", since: NOON, why: "device_unknown" },
  { kind: "degraded", since: NOON, why: "rate_limited" },
  { kind: "degraded", since: NOON, why: "deaf" },
  { kind: "logged_out" },
  { kind: "restricted", until: null },
  { kind: "restricted", until: NOON },
  { kind: "stopped" },
];

describe("device states", () => {
  it.each(STATES)("$kind $why is told with its reason", (state) => {
    const standing = standingOf(state);
    expect(standing.state).not.toBe("");
    expect(standing.reason.length, "a reason says more than the state").toBeGreaterThan(standing.state.length);
  });

  it("of a number that works says whether what is written to it arrives", () => {
    const { reason } = speech.words.devices;
    expect(standingOf({ kind: "online" }, "none").reason).toBe(reason.sendsOnly);
    expect(standingOf({ kind: "online" }, "unproved").reason).toBe(reason.unproved);
    expect(standingOf({ kind: "online" }, "webhook").reason).toBe(reason.online);
  });

  it("let sending go on while the number is only offline, and stop it when it could not go out", () => {
    const kinds = STATES.map((state) => {
      const sending = sendingOf(device({ state }));
      return `${state.kind}${"why" in state ? `/${state.why}` : ""}: ${sending.kind}`;
    });
    expect(kinds).toEqual([
      "unconfigured/token_missing: cannot",
      "unconfigured/token_rejected: cannot",
      "connecting: can",
      "pairing: cannot",
      "syncing: can",
      "online: can",
      "degraded/unreachable: queues",
      "degraded/gateway_error: queues",
      "degraded/device_unknown: queues",
      "degraded/rate_limited: can",
      "degraded/deaf: can",
      "logged_out: cannot",
      "restricted: cannot",
      "restricted: cannot",
      "stopped: cannot",
    ]);
    expect(sendingOf(undefined).kind).toBe("cannot");
  });

  it("let nobody write to a group where the gateway refuses every group", () => {
    const number = device({ state: { kind: "online" } });
    expect(sendingOf(number, true).kind).toBe("can");
    const capabilities = { ...number.capabilities, sendGroups: false };
    expect(sendingOf({ ...number, capabilities }, true)).toMatchObject({ kind: "cannot", go: null });
    expect(sendingOf({ ...number, capabilities }).kind).toBe("can");
  });

  it("let no plain member write to a group in which only admins do", () => {
    const number = device({ state: { kind: "online" } });
    expect(sendingOf(number, true, true)).toEqual({
      kind: "cannot",
      words: speech.words.composer.cannot.admins,
      go: null,
    });
    expect(sendingOf(number, true, false).kind).toBe("can");
  });
});

describe("a chat's name", () => {
  it("that cannot be seen is said to be none", () => {
    for (const title of ["", " ", "\u200B\u200D\u2060\uFEFF", "\u3164", "\u0301"]) {
      expect(speech.titleOf({ title }), JSON.stringify(title)).toBe(speech.words.chats.unnamed);
    }
  });

  it("turns nothing of a sentence that it stands in", () => {
    expect(speech.titleOf({ title: "Ana \u202e\u2066nóicalumis\u2069" })).toBe("Ana nóicalumis");
  });

  it("is never longer than a name, and whatever it says is kept", () => {
    expect(speech.titleOf({ title: "x".repeat(1_000_000) }).length).toBeLessThanOrEqual(200);
    expect(speech.titleOf({ title: "<b>Ana</b> 🌸" })).toBe("<b>Ana</b> 🌸");
  });
});
