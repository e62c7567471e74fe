import { speech } from "../../words";
import type { Bar } from "./plot-picture";

/** Figures of hours or days as bars, under the names that the window gives those. */
export function barsOf<T extends { at: number }>(rows: readonly T[], value: (row: T) => number, daily: boolean): Bar[] {
  const short = new Intl.DateTimeFormat(
    speech.language,
    daily ? { day: "2-digit", month: "2-digit" } : { hour: "2-digit", hourCycle: "h23" },
  );
  const long = new Intl.DateTimeFormat(speech.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(daily ? {} : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  });
  return rows.map((row) => ({ at: row.at, label: short.format(row.at), long: long.format(row.at), value: value(row) }));
}

const SHORT_LIVED = 90;

/** A span of time in hours and minutes, or in minutes, or in seconds if it is short. */
export function spanWords(seconds: number): string {
  const unit = (value: number, name: "hour" | "minute" | "second") =>
    new Intl.NumberFormat(speech.language, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  if (seconds < SHORT_LIVED) return unit(Math.round(seconds), "second");
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return unit(minutes, "minute");
  return minutes % 60 === 0 ? unit(hours, "hour") : `${unit(hours, "hour")} ${unit(minutes % 60, "minute")}`;
}
