import type { ChatRow, DeviceView, Language } from "../platform";
import { en } from "./en";
import { es, type Words } from "./es";
import { phoneWords } from "./phone";
import { ptBR } from "./pt-BR";
import { type ScreenWords, screens } from "./screens.svelte";
import { spoken } from "./spoken.svelte";

/**
 * The language of the window: one, for everything in it. Components read `speech.words` and the formatters below; when
 * the language changes, all of them follow at once.
 */
export const LANGUAGES: Record<Language, { words: Words; name: string; locale: string }> = {
  es: { words: es, name: "Español", locale: "es" },
  "pt-BR": { words: ptBR, name: "Português (Brasil)", locale: "pt-BR" },
  en: { words: en, name: "English", locale: "en" },
};

const DAY_MS = 86_400_000;

// Two digits of the hour everywhere: 03:10 in a list is not 3:10 in the settings.
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const DAY_OF_YEAR = { day: "numeric", month: "short", year: "numeric" } as const;

const PRACTICE_NAMES = new Set(Object.values(LANGUAGES).map(({ words }) => words.devices.practiceShop));

/** The language to use for "auto": the system's, else the browser's first that is ours, else Spanish. */
export function autoLanguage(system: Language | null, browser: readonly string[]): Language {
  if (system) return system;
  for (const tag of browser) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "es" || primary === "en") return primary;
    if (primary === "pt") return "pt-BR";
  }
  return "es";
}

/** Nobody has a longer name; somebody may send one. */
const LONGEST_NAME = 200;
/** A name of which nothing is seen. */
const UNSEEN = /^[\s\p{Cf}\p{M}\u{115F}\u{1160}\u{3164}]*$/u;

class Speech {
  /** Those of the screens are here when one is drawn. */
  readonly words = $derived({ ...LANGUAGES[this.language].words, ...screens.words } as Words & ScreenWords);

  private readonly locale = $derived(LANGUAGES[this.language].locale);
  private readonly clockFormat = $derived(new Intl.DateTimeFormat(this.locale, CLOCK));
  private readonly momentFormat = $derived(
    new Intl.DateTimeFormat(this.locale, { ...DAY_OF_YEAR, ...CLOCK, second: "2-digit" }),
  );
  private readonly whenFormat = $derived(new Intl.DateTimeFormat(this.locale, { ...DAY_OF_YEAR, ...CLOCK }));
  private readonly shortWeekdayFormat = $derived(new Intl.DateTimeFormat(this.locale, { weekday: "short" }));
  private readonly weekdayFormat = $derived(new Intl.DateTimeFormat(this.locale, { weekday: "long" }));
  private readonly dayFormat = $derived(new Intl.DateTimeFormat(this.locale, { day: "numeric", month: "long" }));
  private readonly dayYearFormat = $derived(
    new Intl.DateTimeFormat(this.locale, { day: "numeric", month: "long", year: "numeric" }),
  );
  private readonly shortDayFormat = $derived(
    new Intl.DateTimeFormat(this.locale, { day: "2-digit", month: "2-digit", year: "2-digit" }),
  );
  private readonly numberFormat = $derived(new Intl.NumberFormat(this.locale));
  private readonly kilobyteFormat = $derived(new Intl.NumberFormat(this.locale, { style: "unit", unit: "kilobyte" }));
  private readonly megabyteFormat = $derived(
    new Intl.NumberFormat(this.locale, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 }),
  );

  private readonly gigabyteFormat = $derived(
    new Intl.NumberFormat(this.locale, { style: "unit", unit: "gigabyte", maximumFractionDigits: 1 }),
  );

  get language(): Language {
    return spoken.language;
  }

  set language(language: Language) {
    spoken.language = language;
  }

  /** 14:03 */
  clock(at: number): string {
    return this.clockFormat.format(at);
  }

  /** Date and time to the second, for details and settings. */
  moment(at: number): string {
    return this.momentFormat.format(at);
  }

  /** Date and time to the minute, for sentences. */
  when(at: number): string {
    return this.whenFormat.format(at);
  }

  /** What a number is called: as the shop named it. The practice shop, which nobody named, in the window's language. */
  nameOf(device: Pick<DeviceView, "name" | "practiceNumber">): string {
    const unnamed = device.practiceNumber !== null && PRACTICE_NAMES.has(device.name);
    return unnamed ? this.words.devices.practiceShop : device.name;
  }

  /** What a chat is called: its name or number; some have neither. It turns nothing of a sentence that it stands in. */
  titleOf(chat: Pick<ChatRow, "title">): string {
    const title = chat.title.slice(0, LONGEST_NAME).replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
    if (UNSEEN.test(title)) return this.words.chats.unnamed;
    return title.startsWith("+") ? phoneWords(title) : title;
  }

  number(count: number): string {
    return this.numberFormat.format(count);
  }

  /** 1,3 GB, 1,3 MB, or whole kilobytes under a megabyte. */
  bytes(bytes: number): string {
    if (bytes >= 1_000_000_000) return this.gigabyteFormat.format(bytes / 1_000_000_000);
    if (bytes >= 1_000_000) return this.megabyteFormat.format(bytes / 1_000_000);
    return this.kilobyteFormat.format(Math.max(1, Math.round(bytes / 1_000)));
  }

  /** For rows of the chat list: the clock today, "yesterday", a short weekday within the week, else the short date. */
  rowTime(at: number, now: number): string {
    const days = daysBetween(at, now);
    if (days <= 0) return this.clock(at);
    if (days === 1) return this.words.chats.yesterday;
    return days < 7 ? this.shortWeekday(at) : this.shortDayFormat.format(at);
  }

  /** 12 min, 3 h, 2 d: in whole minutes, hours or days. */
  lasting(ms: number, unitDisplay: "short" | "long"): string {
    const minutes = Math.max(0, Math.floor(ms / 60_000));
    const unit = minutes < 60 ? "minute" : minutes < 1440 ? "hour" : "day";
    const count = Math.floor(minutes / { minute: 1, hour: 60, day: 1440 }[unit]);
    return count.toLocaleString(this.locale, { style: "unit", unit, unitDisplay });
  }

  /** Without the point that one language of three puts behind it. */
  private shortWeekday(at: number): string {
    return this.shortWeekdayFormat.format(at).replace(".", "");
  }

  /** A moment soon to come: the clock today, else the weekday with it, else the date with it. */
  soon(at: number, now: number): string {
    const days = -daysBetween(at, now);
    if (days <= 0) return this.clock(at);
    const day = days < 7 ? this.shortWeekday(at) : this.shortDayFormat.format(at);
    return `${day} ${this.clock(at)}`;
  }

  /** For the day pills of a conversation. */
  day(at: number, now: number): string {
    const days = daysBetween(at, now);
    if (days === 0) return this.words.conversation.today;
    if (days === 1) return this.words.conversation.yesterday;
    if (days > 1 && days < 7) return this.weekdayFormat.format(at);
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? this.dayFormat : this.dayYearFormat).format(at);
  }

  /** 0:42 */
  countdown(ms: number): string {
    const seconds = Math.ceil(Math.max(0, ms) / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

/** Calendar days between two moments, by the local midnight. Rounded, because a day may have 23 or 25 hours. */
export function daysBetween(at: number, now: number): number {
  return Math.round((midnight(now) - midnight(at)) / DAY_MS);
}

function midnight(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime();
}

export const speech = new Speech();
