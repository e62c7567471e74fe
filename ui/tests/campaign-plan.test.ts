import { describe, expect, it } from "vitest";
import { barsOf, spanWords } from "../src/features/campaigns/bars";
import {
  asKind,
  byDay,
  clockTime,
  even,
  evened,
  kindsOf,
  nextTime,
  outlasts,
  percent,
  variable,
  withoutText,
  withShare,
  withText,
  wordsOf,
} from "../src/features/campaigns/plan";
import type { CampaignPlan } from "../src/platform";
import { plan } from "./fake-campaigns";
import { device } from "./people";
import { campaignWords } from "./sheets";

function shared(...shares: number[]): CampaignPlan {
  return plan({ texts: shares.map((share) => ({ share, body: { kind: "text", text: String(share) } })) });
}

const sharesOf = (one: CampaignPlan) => one.texts.map(({ share }) => share);
const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);

describe("the shares of texts", () => {
  it("are even when one comes or goes, up to five", () => {
    let now = shared(100);
    for (const shares of [
      [50, 50],
      [34, 33, 33],
      [25, 25, 25, 25],
      [20, 20, 20, 20, 20],
    ]) {
      now = withText(now);
      expect(sharesOf(now)).toEqual(shares);
    }
    expect(withText(now), "a sixth is none").toBe(now);
    expect(sharesOf(withoutText(now, 1))).toEqual([25, 25, 25, 25]);
    expect(withoutText(shared(100), 0), "the last one stays").toEqual(shared(100));
    expect(sharesOf(evened(shared(90, 5, 5)))).toEqual([34, 33, 33]);
  });

  it("are 100 together whatever one of them becomes, and none is less than 1", () => {
    for (const from of [
      [50, 50],
      [34, 33, 33],
      [97, 1, 1, 1],
      [20, 20, 20, 20, 20],
      [1, 1, 96, 1, 1],
    ]) {
      for (let at = 0; at < from.length; at += 1) {
        for (let share = -5; share <= 120; share += 1) {
          const shares = sharesOf(withShare(shared(...from), at, share));
          expect(sum(shares), `${from} with ${share} at ${at}`).toBe(100);
          expect(Math.min(...shares), `${from} with ${share} at ${at}`).toBeGreaterThanOrEqual(1);
        }
      }
    }
  });

  it("keep the proportions of the others", () => {
    expect(sharesOf(withShare(shared(40, 40, 20), 0, 70))).toEqual([70, 20, 10]);
  });

  it("are whole numbers for any count", () => {
    for (let count = 1; count <= 5; count += 1) expect(sum(even(count))).toBe(100);
  });
});

describe("what is written", () => {
  it("keeps its words as another kind of message", () => {
    const text = { kind: "text" as const, text: "Hola {{nombre}}" };
    for (const kind of ["text", "image", "document", "poll", "location"] as const) {
      expect(wordsOf(asKind(text, kind)), kind).toBe("Hola {{nombre}}");
    }
  });

  it("takes a variable with its fallback, which cannot end the braces", () => {
    expect(variable("nombre", "")).toBe("{{nombre}}");
    expect(variable("nombre", " vecina ")).toBe('{{nombre | default("vecina")}}');
    expect(variable("nombre", 'a"}}b')).toBe('{{nombre | default("ab")}}');
  });

  it("is offered as the device can send it", () => {
    const { capabilities } = device();
    expect(kindsOf(capabilities)).toEqual(["text", "image", "video", "audio", "document", "poll", "location"]);
    expect(kindsOf({ ...capabilities, files: [] })).toEqual(["text", "poll", "location"]);
    const plain = { ...capabilities, files: [], sendPoll: false, sendLocation: false };
    expect(kindsOf(plain), "a number of a gateway that sends neither").toEqual(["text"]);
    expect(kindsOf({ ...plain, sendLocation: true })).toEqual(["text", "location"]);
  });
});

describe("figures", () => {
  it("of many hours become figures of days, none lost", () => {
    const hours = Array.from({ length: 60 }, (_, at) => ({ at: new Date(2026, 10, 20, at).getTime(), count: at }));
    const days = byDay(hours, (one, other) => ({ at: one.at, count: one.count + other.count }));
    expect(days).toHaveLength(3);
    expect(sum(days.map(({ count }) => count))).toBe(sum(hours.map(({ count }) => count)));
    expect(barsOf(days, ({ count }) => count, true).map(({ label }) => label)).toEqual(["20/11", "21/11", "22/11"]);
  });

  it("are percents of something", () => {
    expect(percent(1, 3)).toBe(33);
    expect(percent(0, 0), "of nothing, nothing").toBe(0);
  });

  it("tell spans in the unit that fits", () => {
    expect(spanWords(45)).toBe("45 s");
    expect(spanWords(300)).toBe("5 min");
    expect(spanWords(5_460)).toBe("1 h 31 min");
    expect(spanWords(7_200)).toBe("2 h");
  });
});

describe("the words of campaigns", () => {
  type Leaf = { path: string; text: string };
  function leaves(node: unknown, path = ""): Leaf[] {
    if (typeof node === "string") return [{ path, text: node }];
    if (typeof node === "function") {
      const given = /Count$/.test(path) ? [2] : ["«a»", "«b»", "«c»"];
      return [{ path, text: String(node(...given)) }];
    }
    return Object.entries(node as object).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key));
  }
  const all = { es: campaignWords("es"), "pt-BR": campaignWords("pt-BR"), en: campaignWords("en") };
  const es = leaves(all.es);

  it.each(Object.entries(all))(
    "in %s have the Spanish ones' keys, say something, and use what they are given",
    (_language, words) => {
      const found = leaves(words);
      expect(found.map(({ path }) => path)).toEqual(es.map(({ path }) => path));
      expect(found.filter(({ text }) => text.trim() === "")).toEqual([]);
      const lost = found.filter(({ path, text }, at) => {
        const given = (text.match(/«[abc]»/gu) ?? []).length;
        return given < (es[at]?.text.match(/«[abc]»/gu) ?? []).length || /undefined|NaN/.test(text) || path === "";
      });
      expect(lost).toEqual([]);
    },
  );

  it("use no jargon", () => {
    const jargon = Object.values(all)
      .flatMap((words) => leaves(words))
      .filter(({ text }) => /\b(token|webhook|jid|api|backend|timeout|oops|ups)\b/i.test(text));
    expect(jargon).toEqual([]);
  });
});

describe("an hour of the day", () => {
  it.each([
    ["9", "09:00"],
    ["09:30", "09:30"],
    ["9.30", "09:30"],
    ["21h30", "21:30"],
    ["21h", "21:00"],
    ["0930", "09:30"],
    [" 9 pm ", "21:00"],
    ["9:30 p. m.", "21:30"],
    ["12 AM", "00:00"],
    ["12:15 pm", "12:15"],
    ["24:00", "00:00"],
  ])("is read as people write it: %s", (written, read) => {
    expect(clockTime(written)).toBe(read);
  });

  it.each(["", "25:00", "9:60", "24:01", "13 pm", "0 am", "nueve", "9:5", "-1"])("is none: %s", (written) => {
    expect(clockTime(written)).toBeNull();
  });
});

it("a run is told to outlast its period if the next repetition would find it running", () => {
  const hours = (count: number) => ({ first: 0, ends: count * 3_600_000 });
  expect(outlasts(hours(23), "daily"), "it is over by then").toBe(false);
  expect(outlasts(hours(25), "daily"), "it is not").toBe(true);
  expect(outlasts(hours(25), "weekly"), "a week is enough").toBe(false);
  expect(outlasts(hours(8 * 24), "weekly")).toBe(true);
  expect(outlasts(hours(29 * 24), "monthly")).toBe(true);
  expect(outlasts(hours(10_000), "never"), "once is once").toBe(false);
  expect(outlasts({ first: null, ends: null }, "daily"), "nobody is written to").toBe(false);
});

describe("the next time of a recurring schedule", () => {
  const next = (
    local: string,
    repeats: "never" | "daily" | "weekly" | "monthly",
    now: string,
    day: number | null = null,
  ) => nextTime({ local, repeats, day }, (at) => at <= now);

  it("keeps its clock, its day of the week and its day of the month", () => {
    expect(next("2026-12-01T09:30", "daily", "2026-12-03T10:00")).toBe("2026-12-04T09:30");
    expect(next("2026-12-01T09:30", "weekly", "2026-12-09T10:00"), "a Tuesday").toBe("2026-12-15T09:30");
    expect(next("2026-12-31T09:30", "monthly", "2027-02-01T10:00"), "the last day").toBe("2027-02-28T09:30");
    expect(next("2026-12-31T09:30", "monthly", "2027-03-01T10:00"), "the 31st again").toBe("2027-03-31T09:30");
    const short = next("2027-02-28T09:30", "monthly", "2027-03-01T10:00", 31);
    expect(short, "February stood for a 31st").toBe("2027-03-31T09:30");
  });

  it("is its own while that is still to come, and one that does not recur has no other", () => {
    expect(next("2026-12-01T09:30", "daily", "2026-12-01T09:00")).toBe("2026-12-01T09:30");
    expect(next("2026-12-01T09:30", "never", "2026-12-09T09:00")).toBe("2026-12-01T09:30");
  });
});
