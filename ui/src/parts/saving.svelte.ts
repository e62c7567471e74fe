import type { MediaView, Platform } from "../platform";
import { shownName } from "./message-words";

/** Endings by which programs know a file, where they are not what its type is called. */
const ENDINGS: Record<string, string> = { jpeg: "jpg", mpeg: "mp3", quicktime: "mov", "3gpp": "3gp", matroska: "mkv" };

/** What a file is called where it is saved: as its sender called it, else by when it came. */
export function fileNameOf({ fileName, mime }: MediaView, at: number): string {
  if (fileName) return shownName(fileName);
  const type = (mime.split(";")[0]?.split("/")[1] ?? "").replace(/^x-/, "");
  const day = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  return `${date} ${two(day.getHours())}.${two(day.getMinutes())}.${ENDINGS[type] ?? type}`;
}

/** A file that is saved outside, and what became of it. */
export class Saving {
  failed = $state(false);
  /** As what; null: not yet, or the host tells the operator itself. */
  saved = $state<string | null>(null);

  async save(platform: Platform, media: MediaView, name: string): Promise<void> {
    this.forget();
    try {
      this.saved = (await platform.saveMedia(media.id, name))?.fileName ?? null;
    } catch {
      this.failed = true;
    }
  }

  forget(): void {
    this.failed = false;
    this.saved = null;
  }
}
