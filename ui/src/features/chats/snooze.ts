/** When a chat that is put off opens again. By the shop's wall clock: tonight is 19:00, tomorrow and Monday are 9:00. */
export type SnoozeChoice = "inAnHour" | "tonight" | "tomorrow" | "nextWeek";

const EVENING = 19;
const MORNING = 9;
const HOUR_MS = 3_600_000;

/** The choices that make sense at this hour, each with its time. */
export function snoozeChoices(now: number): { choice: SnoozeChoice; until: number }[] {
  const tonight = at(now, 0, EVENING);
  const weekday = new Date(now).getDay();
  const toMonday = (8 - weekday) % 7 || 7;
  return [
    { choice: "inAnHour", until: now + HOUR_MS },
    ...(tonight - now > HOUR_MS ? [{ choice: "tonight" as const, until: tonight }] : []),
    { choice: "tomorrow", until: at(now, 1, MORNING) },
    { choice: "nextWeek", until: at(now, toMonday, MORNING) },
  ];
}

function at(now: number, days: number, hour: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour).getTime();
}

/** A moment as a local date-and-time field writes it, to the minute. */
export function fieldTime(at: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = new Date(at);
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  return `${date}T${two(day.getHours())}:${two(day.getMinutes())}`;
}
