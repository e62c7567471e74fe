import type { MediaUrl } from "../platform";

/** Nothing may move by itself. */
export const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** True: it cannot be played. One that was stopped, or let go, before it began could be. */
export async function refuses(asked: HTMLMediaElement | null, now: () => HTMLMediaElement | null): Promise<boolean> {
  try {
    await asked?.play();
    return false;
  } catch (thrown) {
    return asked === now() && !(thrown instanceof DOMException && thrown.name === "AbortError");
  }
}

/** An address of a picture for as long as somebody shows it; given back afterwards, also when it comes too late. */
export class LoadedMedia {
  url = $state<string | null>(null);
  failed = $state(false);

  /** Shows what the promise brings; the returned function ends it. */
  show(coming: Promise<MediaUrl>): () => void {
    let over = false;
    let release = () => {};
    this.failed = false;
    coming.then(
      (media) => {
        if (over) return media.release();
        release = media.release;
        this.url = media.url;
      },
      () => {
        if (!over) this.failed = true;
      },
    );
    return () => {
      over = true;
      this.url = null;
      release();
    };
  }

  fail(): void {
    this.failed = true;
  }
}
