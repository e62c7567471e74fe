import type { HookCallView, HookHealth, HookVerdict } from "../../platform";
import type { Standing } from "../../words";
import type { HookWords } from "../../words/hooks.svelte";

type Tone = Standing["tone"];

/** The mark of each verdict: good is what did what a call is for. */
export const VERDICT_TONES: Record<HookVerdict, Tone> = {
  accepted: "good",
  duplicate: "good",
  unknown: "warn",
  bad_signature: "bad",
  malformed: "bad",
  not_stored: "bad",
  not_ours: "off",
};

/** In the order in which they are offered. */
export const VERDICTS = Object.keys(VERDICT_TONES) as HookVerdict[];

export const HEALTH_TONES: Record<HookHealth["kind"], Tone> = {
  not_offered: "off",
  out_of_reach: "off",
  port_taken: "bad",
  not_yet: "off",
  refused: "bad",
  never: "busy",
  alive: "good",
  silent: "warn",
  failing: "bad",
};

/** What a call is about. Of a refused one nobody knows: that it brought no news cannot be said. */
export function about({ kinds, verdict }: HookCallView, words: HookWords): string {
  const none = VERDICT_TONES[verdict] === "bad" ? words.unread : words.nothing;
  return kinds.map((kind) => words.kind[kind]).join(", ") || none;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

/** "hace 3 minutos": how long ago something was, in whole units; under a minute in seconds of nothing: "ahora". */
export function ago(at: number, now: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const past = Math.max(0, now - at);
  const [unit, length] = UNITS.find(([, length]) => past >= length) ?? ["second", Number.POSITIVE_INFINITY];
  return format.format(-Math.floor(past / length) || 0, unit);
}
