import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { ApiError, AppEvent } from "./bindings.gen";
import {
  type Args,
  type Command,
  type EventsListener,
  Fault,
  type MediaUrl,
  type Note,
  type NoteAccess,
  type Platform,
  type Result,
} from "./platform";

/**
 * The desktop shell. Core and window are one process tree: the link cannot be lost without the window going too, so it
 * is "open" from the moment the listener is registered.
 */
export class DesktopPlatform implements Platform {
  readonly kind = "desktop";
  /** The shell lets the page lead nowhere and save nothing; addresses are copied instead. */
  readonly openOutside = null;
  readonly saveMedia = null;

  async call<C extends Command>(command: C, args: Args<C>): Promise<Result<C>> {
    try {
      return await invoke<Result<C>>(command, args);
    } catch (thrown) {
      throw faultOf(thrown);
    }
  }

  events(listener: EventsListener): () => void {
    let stopped = false;
    let unlisten: (() => void) | null = null;
    listen<AppEvent>("app-event", (event) => listener.event(event.payload)).then(
      (stop) => {
        if (stopped) return stop();
        unlisten = stop;
        listener.link("open");
      },
      () => listener.link("lost"),
    );
    return () => {
      stopped = true;
      unlisten?.();
    };
  }

  async mediaUrl(mediaId: number): Promise<MediaUrl> {
    return { url: convertFileSrc(String(mediaId), "media"), release: () => {} };
  }

  /** The shell knows the address itself, so that the page cannot ask it to open another one. */
  async openPracticePhone(_url: string): Promise<void> {
    await this.shell("practice_phone_open");
  }

  zoomTo(factor: number): boolean {
    // A web view that cannot be scaled stays as it is; nothing else hangs on it.
    getCurrentWebview()
      .setZoom(factor)
      .catch(() => {});
    return true;
  }

  noteAccess(): NoteAccess {
    return "native";
  }

  async askNoteAccess(): Promise<NoteAccess> {
    return "native";
  }

  notify(_note: Note): void {}

  private async shell(command: string): Promise<void> {
    try {
      await invoke(command);
    } catch (thrown) {
      throw faultOf(thrown);
    }
  }
}

/** The shell rejects with the core's own `{code, params}`; anything else is a fault of the bridge. */
function faultOf(thrown: unknown): Fault {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown) {
    const error = thrown as ApiError;
    return new Fault(error.code, error.params ?? {});
  }
  return new Fault("internal");
}
