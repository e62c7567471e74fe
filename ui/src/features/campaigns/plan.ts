import type {
  CampaignPlan,
  CampaignView,
  Capabilities,
  PlanBody,
  PlanMediaKind,
  PlanText,
  RehearsalView,
  Repeats,
  ReportHour,
  ScheduleView,
} from "../../platform";

/** What editing does to a plan. Pure. */

export const STEPS = ["message", "audience", "pace", "rehearsal"] as const;
export const MOST_TEXTS = 5;
export const LETTERS = ["A", "B", "C", "D", "E"] as const;

/**
 * An hour of the day as people write it, as `HH:MM`: `9`, `9:30`, `9.30`, `21h30`, `0930`, `9 pm`, `9:30 p. m.`; 24:00 is the day's
 * end. Null: it is none.
 */
export function clockTime(text: string): string | null {
  const said = /^(\d{1,2})(?:\s*[:.hH]\s*(\d{2})?|(\d{2}))?\s*([ap]\.?\s*m\.?)?$/i.exec(text.trim());
  if (!said) return null;
  const half = said[4]?.[0]?.toLowerCase();
  const minutes = Number(said[2] ?? said[3] ?? 0);
  let hours = Number(said[1]);
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return null;
    hours = (hours % 12) + (half === "p" ? 12 : 0);
  }
  if (hours === 24 && minutes === 0) hours = 0;
  if (hours > 23 || minutes > 59) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

export type BodyKind = "text" | PlanMediaKind | "poll" | "location";

export function kindOf(body: PlanBody): BodyKind {
  return body.kind === "media" ? body.mediaKind : body.kind;
}

/** What this device can send. */
export function kindsOf(can: Capabilities): BodyKind[] {
  const files = new Set<string>(can.files.map(({ shownAs }) => shownAs));
  const media = (["image", "video", "audio", "document"] as const).filter((kind) => files.has(kind));
  const all: [BodyKind[], boolean][] = [
    [["text"], can.sendText],
    [media, true],
    [["poll"], can.sendPoll],
    [["location"], can.sendLocation],
  ];
  return all.flatMap(([kinds, offered]) => (offered ? kinds : []));
}

/** The words of a body: what may hold variables. */
export function wordsOf(body: PlanBody): string {
  if (body.kind === "text") return body.text;
  if (body.kind === "media") return body.caption;
  return body.kind === "poll" ? body.question : body.name;
}

export function withWords(body: PlanBody, words: string): PlanBody {
  if (body.kind === "text") return { ...body, text: words };
  if (body.kind === "media") return { ...body, caption: words };
  return body.kind === "poll" ? { ...body, question: words } : { ...body, name: words };
}

/** The same words as another kind of message. */
export function asKind(body: PlanBody, kind: BodyKind): PlanBody {
  const words = wordsOf(body);
  if (kind === "text") return { kind, text: words };
  if (kind === "poll") return { kind, question: words, options: ["", ""], choices: 1 };
  if (kind === "location") return { kind, latitude: 0, longitude: 0, name: words, address: "" };
  return { kind: "media", mediaKind: kind, mediaId: 0, caption: words };
}

export function replaced(plan: CampaignPlan, at: number, text: PlanText): CampaignPlan {
  return { ...plan, texts: plan.texts.map((one, index) => (index === at ? text : one)) };
}

/** Equal parts of 100; the first ones take what is left over. */
export function even(count: number): number[] {
  const part = Math.floor(100 / count);
  const rest = 100 - part * count;
  return Array.from({ length: count }, (_, at) => part + (at < rest ? 1 : 0));
}

export function withText(plan: CampaignPlan): CampaignPlan {
  if (plan.texts.length >= MOST_TEXTS) return plan;
  return evened({ ...plan, texts: [...plan.texts, { share: 0, body: { kind: "text", text: "" } }] });
}

export function withoutText(plan: CampaignPlan, at: number): CampaignPlan {
  if (plan.texts.length <= 1) return plan;
  return evened({ ...plan, texts: plan.texts.filter((_, index) => index !== at) });
}

export function evened(plan: CampaignPlan): CampaignPlan {
  const shares = even(plan.texts.length);
  return { ...plan, texts: plan.texts.map((text, at) => ({ ...text, share: shares[at] ?? 0 })) };
}

/** One share becomes `share`; the others keep their proportions, none below 1, and all add up to 100. */
export function withShare(plan: CampaignPlan, at: number, share: number): CampaignPlan {
  const others = plan.texts.length - 1;
  if (others === 0) return plan;
  const mine = Math.max(1, Math.min(100 - others, Math.round(share) || 1));
  const left = 100 - mine;
  const sum = plan.texts.reduce((all, text, index) => (index === at ? all : all + text.share), 0) || 1;
  const shares = plan.texts.map((text, index) =>
    index === at ? mine : Math.max(1, Math.floor((text.share / sum) * left)),
  );
  // What rounding left over or took too much goes to the largest of the others.
  for (let rest = 100 - shares.reduce((all, one) => all + one, 0); rest !== 0; rest -= Math.sign(rest)) {
    const largest = shares.reduce(
      (best, one, index) => (index !== at && (best < 0 || one > (shares[best] ?? 0)) ? index : best),
      -1,
    );
    shares[largest] = (shares[largest] ?? 0) + Math.sign(rest);
  }
  return { ...plan, texts: plan.texts.map((text, index) => ({ ...text, share: shares[index] ?? 1 })) };
}

/** What texts call the audience's columns: the one of the names by `name`, the window's word for it. */
export function variablesOf(view: Pick<CampaignView, "variables" | "nameColumn"> | null, name: string): string[] {
  return (view?.variables ?? []).map((one, at) => (at === view?.nameColumn ? name : one));
}

/** A variable as it stands in a text. Quotation marks would end the fallback. */
export function variable(name: string, fallback: string): string {
  const words = fallback.replace(/["\\{}]/g, "").trim();
  return words === "" ? `{{${name}}}` : `{{${name} | default("${words}")}}`;
}

/** Bars of days where hours are too many to be told apart. */
export function byDay<T extends { at: number }>(hours: readonly T[], add: (one: T, other: T) => T): T[] {
  const days = new Map<number, T>();
  for (const hour of hours) {
    const at = new Date(hour.at).setHours(0, 0, 0, 0);
    const day = days.get(at);
    days.set(at, day ? { ...add(day, hour), at } : { ...hour, at });
  }
  return [...days.values()];
}

export function addHours(one: ReportHour, other: ReportHour): ReportHour {
  return {
    at: one.at,
    sent: one.sent + other.sent,
    read: one.read + other.read,
    replied: one.replied + other.replied,
    failed: one.failed + other.failed,
  };
}

/** Percent, whole; 0 of nothing. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100);
}

const DAY_MS = 86_400_000;
/** Ten years of days. */
const MOST_TIMES = 3_660;
/** The shortest time between one and the next. */
const PERIODS: Record<Repeats, number> = {
  never: Number.POSITIVE_INFINITY,
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 28 * DAY_MS,
};

/** The first time of a recurring schedule, its own among them, that has not passed. */
export function nextTime(
  { local, repeats, day: kept }: Pick<ScheduleView, "local" | "repeats" | "day">,
  passed: (at: string) => boolean,
): string {
  const [year = 0, month = 1, day = 1] = local.slice(0, 10).split("-").map(Number);
  let found = local;
  for (let times = 1; passed(found) && repeats !== "never" && times < MOST_TIMES; times++) {
    const lastDay = new Date(Date.UTC(year, month + times, 0)).getUTCDate();
    const at =
      repeats === "monthly"
        ? Date.UTC(year, month - 1 + times, Math.min(kept ?? day, lastDay))
        : Date.UTC(year, month - 1, day + times * (repeats === "weekly" ? 7 : 1));
    found = new Date(at).toISOString().slice(0, 10) + local.slice(10);
  }
  return found;
}

/** Would the next repetition find a run that goes so still running? */
export function outlasts(course: Pick<RehearsalView, "first" | "ends"> | null, repeats: Repeats): boolean {
  if (course === null || course.first === null || course.ends === null) return false;
  return course.ends - course.first >= PERIODS[repeats];
}
