/** A value that has others inside. */
export type Inside = Record<string, unknown> | unknown[];

export function isInside(value: unknown): value is Inside {
  return typeof value === "object" && value !== null;
}

/** What is in it, by name or place. */
export function entries(value: Inside): [string, unknown][] {
  return Array.isArray(value) ? value.map((item, place) => [String(place), item]) : Object.entries(value);
}

/** So many steps deep everything is open at first, where it is not long. */
const DEPTH = 3;
const LONG = 20;

export type Start = "some" | "all" | "none";

/** Is it open before anybody has opened or closed it? The outermost always is. */
export function opens(value: Inside, depth: number, start: Start): boolean {
  if (depth === 0 || start === "all") return true;
  return start === "some" && depth < DEPTH && entries(value).length <= LONG;
}

/** No more than so many values are opened at once: a window has to draw them. */
const AT_ONCE = 3_000;

/** Is it small enough to be shown whole? */
export function isSmall(value: unknown): boolean {
  let left = AT_ONCE;
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined && left > 0; next = waiting.pop()) {
    left -= 1;
    if (isInside(next)) waiting.push(...Object.values(next).filter((item) => item !== undefined));
  }
  return left > 0;
}

/** The lines that the keys go to: those of values with others inside, as far as they are shown. */
function lines(tree: HTMLElement): HTMLElement[] {
  const shown = (line: HTMLElement) => {
    const above = line.parentElement?.parentElement?.closest("details:not([open])");
    return !above || !tree.contains(above);
  };
  return [...tree.querySelectorAll<HTMLElement>("summary")].filter(shown);
}

/** Arrows: up and down from line to line; right opens or goes in, left closes or goes out. Says whether the key did something. */
export function moved(key: string, tree: HTMLElement): boolean {
  const all = lines(tree);
  const line = document.activeElement as HTMLElement;
  const at = all.indexOf(line);
  const box = line.parentElement as HTMLDetailsElement | null;
  if (at < 0 || !box) return false;
  const go = (to: HTMLElement | null | undefined) => to?.focus();
  if (key === "ArrowDown") go(all[at + 1]);
  else if (key === "ArrowUp") go(all[at - 1]);
  else if (key === "Home") go(all[0]);
  else if (key === "End") go(all.at(-1));
  else if (key === "ArrowRight" && !box.open) box.open = true;
  else if (key === "ArrowRight") go(all.slice(at + 1, at + 2).find((next) => box.contains(next)));
  else if (key === "ArrowLeft" && box.open && at > 0) box.open = false;
  else if (key === "ArrowLeft") go(box.parentElement?.closest("details")?.querySelector<HTMLElement>("summary"));
  else return false;
  return true;
}

const ENDINGS: Record<string, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "audio/ogg": "ogg",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "video/mp4": "mp4",
  "application/pdf": "pdf",
  "text/plain": "txt",
  "text/csv": "csv",
  "text/html": "html.txt",
};

/** What a file that a call answered with is called when it is saved. What could be run is no more than text. */
export function fileName(call: string, mediaType: string | null): string {
  return `${call.replaceAll(/[^\w-]+/g, "-")}.${ENDINGS[mediaType ?? ""] ?? "bin"}`;
}
