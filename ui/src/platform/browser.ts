import type { ApiError, AppEvent } from "./bindings.gen";
import { canListen, listen } from "./microphone";
import {
  type Args,
  type Command,
  type EventsListener,
  Fault,
  type FileSink,
  type Hearing,
  type MediaUrl,
  type Note,
  type NoteAccess,
  type Platform,
  type Result,
  type Saved,
  type StartWithSystem,
} from "./platform";
import { EventStreamReader } from "./sse";

const TOKEN_KEY = "mostrador.token";
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;
/** The core sends a keep-alive well within this; silence for longer means that the stream is dead. */
const SILENCE_MS = 60_000;

/**
 * The headless program seen from a browser on the same machine. The access token arrives in the address' fragment (which
 * browsers send to nobody), moves to this tab's session storage and is taken out of the address at once.
 */
export class BrowserPlatform implements Platform {
  readonly kind = "browser";

  readonly openOutside = async (href: string): Promise<void> => {
    window.open(href, "_blank", "noopener,noreferrer");
  };

  readonly saveMedia = async (mediaId: number, fileName: string): Promise<Saved> => {
    return download(await this.mediaUrl(mediaId), fileName);
  };

  get listen(): (() => Promise<Hearing>) | null {
    return canListen() ? listen : null;
  }

  /** The browser takes a file only when it is whole: until then its pieces lie in a blob, which it keeps where it likes. */
  async openFile(fileName: string): Promise<FileSink> {
    let whole = new Blob();
    return {
      async write(text) {
        whole = new Blob([whole, text]);
      },
      async end(keep) {
        if (!keep) return null;
        const url = URL.createObjectURL(whole);
        return download({ url, release: () => URL.revokeObjectURL(url) }, fileName);
      },
    };
  }

  async saveFile(fileName: string, contentBase64: string, mediaType: string): Promise<Saved> {
    const bytes = Uint8Array.from(atob(contentBase64), (letter) => letter.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
    return download({ url, release: () => URL.revokeObjectURL(url) }, fileName);
  }

  constructor(
    private readonly origin: string,
    private readonly token: string,
  ) {}

  static fromWindow(win: Window): BrowserPlatform {
    const given = new URLSearchParams(win.location.hash.slice(1)).get("token");
    if (given) {
      win.sessionStorage.setItem(TOKEN_KEY, given);
      win.history.replaceState(null, "", win.location.pathname + win.location.search);
    }
    return new BrowserPlatform(win.location.origin, given ?? win.sessionStorage.getItem(TOKEN_KEY) ?? "");
  }

  async call<C extends Command>(command: C, args: Args<C>): Promise<Result<C>> {
    const answer = await this.fetch(`/api/${command}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    if (!answer.ok) throw await faultOf(answer);
    try {
      return (await answer.json()) as Result<C>;
    } catch {
      throw new Fault("core_lost");
    }
  }

  events(listener: EventsListener): () => void {
    const stop = new AbortController();
    void this.keepListening(listener, stop.signal);
    return () => stop.abort();
  }

  mediaUrl(mediaId: number): Promise<MediaUrl> {
    return this.blob(`/media/${mediaId}`);
  }

  smallUrl(mediaId: number): Promise<MediaUrl> {
    return this.blob(`/media/${mediaId}/small`);
  }

  pictureUrl(pictureId: number): Promise<MediaUrl> {
    return this.blob(`/picture/${pictureId}`);
  }

  mediaBytes(mediaId: number): Promise<Blob> {
    return this.bytes(`/media/${mediaId}`);
  }

  private async bytes(path: string): Promise<Blob> {
    const answer = await this.fetch(path, {});
    if (!answer.ok) throw await faultOf(answer);
    return await answer.blob();
  }

  private async blob(path: string): Promise<MediaUrl> {
    const url = URL.createObjectURL(await this.bytes(path));
    return { url, release: () => URL.revokeObjectURL(url) };
  }

  playUrl(mediaId: number): Promise<MediaUrl> {
    return this.mediaUrl(mediaId);
  }

  async openPracticePhone(url: string, number: number): Promise<void> {
    const phone = new URL(url);
    phone.searchParams.set("device", String(number));
    window.open(phone, "_blank", "noopener,noreferrer");
  }

  /** Links of ours lead to the desktop's program. */
  links(): () => void {
    return () => {};
  }

  async startsWithSystem(): Promise<StartWithSystem> {
    return { offered: false, on: false };
  }

  startWithSystem(): Promise<StartWithSystem> {
    return this.startsWithSystem();
  }

  zoomTo(): boolean {
    return false;
  }

  noteAccess(): NoteAccess {
    if (!("Notification" in window)) return "none";
    return Notification.permission === "default" ? "ask" : Notification.permission;
  }

  async askNoteAccess(): Promise<NoteAccess> {
    if ("Notification" in window) await Notification.requestPermission();
    return this.noteAccess();
  }

  private readonly notes = new Map<number, Notification>();

  notify(note: Note): void {
    if (this.noteAccess() !== "granted") return;
    // One per chat: a newer message takes the place of the older note.
    const shown = new Notification(note.title, { body: note.body, tag: `chat-${note.chatId}` });
    this.notes.set(note.chatId, shown);
    shown.onclick = () => {
      window.focus();
      note.open();
      shown.close();
    };
  }

  /** What is to be told no more; of what was missed nobody knows, so nothing stays. */
  private takeAway(event: AppEvent): void {
    for (const [chatId, note] of this.notes) {
      if (event.kind === "notify_end" && event.chatId !== chatId) continue;
      note.close();
      this.notes.delete(chatId);
    }
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.token}` };
    try {
      return await fetch(this.origin + path, { ...init, headers, cache: "no-store", credentials: "omit" });
    } catch {
      throw new Fault("core_lost");
    }
  }

  /** Opens the stream, reads until it breaks, waits a little longer each time, and opens it again. */
  private async keepListening(listener: EventsListener, stop: AbortSignal): Promise<void> {
    let wait = FIRST_RETRY_MS;
    while (!stop.aborted) {
      try {
        await this.listenOnce(listener, stop, () => {
          wait = FIRST_RETRY_MS;
        });
      } catch {
        // Why it broke does not matter: it is told as "lost" and tried again.
      }
      if (stop.aborted) return;
      listener.link("lost");
      await pause(wait, stop);
      wait = Math.min(wait * 2, LAST_RETRY_MS);
    }
  }

  private async listenOnce(listener: EventsListener, stop: AbortSignal, opened: () => void): Promise<void> {
    const silent = new AbortController();
    const give = () => silent.abort();
    stop.addEventListener("abort", give, { once: true });
    let timer = setTimeout(give, SILENCE_MS);
    try {
      const answer = await this.fetch("/events", { headers: { accept: "text/event-stream" }, signal: silent.signal });
      if (!answer.ok || !answer.body) throw new Fault("core_lost");
      opened();
      listener.link("open");
      const lines = new EventStreamReader((data) => {
        const event = JSON.parse(data) as AppEvent;
        if (event.kind === "notify_end" || event.kind === "reload") this.takeAway(event);
        listener.event(event);
      });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(give, SILENCE_MS);
        lines.push(value);
      }
    } finally {
      clearTimeout(timer);
      stop.removeEventListener("abort", give);
    }
  }
}

function download({ url, release }: MediaUrl, fileName: string): null {
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken it by the next turn; a large file may still be read then.
  setTimeout(release, 60_000);
  return null;
}

async function faultOf(answer: Response): Promise<Fault> {
  try {
    const error = (await answer.json()) as ApiError;
    if (typeof error.code === "string") return new Fault(error.code, error.params ?? {});
  } catch {
    // Not the core's own words: fall through to the status.
  }
  return new Fault(answer.status === 401 ? "unauthorized" : answer.status === 404 ? "not_found" : "internal");
}

/** Waits, but not past the stop, and not while the page would sleep through the network coming back. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      stop.removeEventListener("abort", finish);
      done();
    };
    const timer = setTimeout(finish, ms);
    window.addEventListener("online", finish);
    stop.addEventListener("abort", finish);
  });
}
