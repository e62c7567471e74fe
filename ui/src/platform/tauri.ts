import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { ApiError, AppEvent } from "./bindings.gen";
import {
  type Args,
  type Command,
  type DeepLink,
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

/**
 * WebKitGTK plays through GStreamer, which knows no scheme of ours (https://bugs.webkit.org/show_bug.cgi?id=146351): there a
 * sound or film is read whole first. The other web views ask for the parts that they need.
 */
const PLAYER_IS_DEAF = /Linux/.test(navigator.userAgent);

/**
 * The desktop shell. Core and window are one process tree: the link cannot be lost without the window going too, so it
 * is "open" from the moment the listener is registered.
 */
export class DesktopPlatform implements Platform {
  readonly kind = "desktop";

  /** The shell looks at the address once more, whatever the page has asked. */
  readonly openOutside = async (href: string): Promise<void> => {
    await this.shell("link_open", { href });
  };

  readonly saveMedia = async (mediaId: number, fileName: string): Promise<Saved> =>
    await this.shell<Saved>("media_save", { mediaId, fileName });

  readonly listen = async (): Promise<Hearing> => {
    await this.shell("voice_begin");
    return {
      end: async (keep) => {
        const heard = await this.shell<{ contentBase64: string } | null>("voice_end", { keep });
        return heard && new Blob([Uint8Array.from(atob(heard.contentBase64), (letter) => letter.charCodeAt(0))]);
      },
    };
  };

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

  /** The address is written by hand: the bridge's own would take the slash for a letter of a name. */
  async smallUrl(mediaId: number): Promise<MediaUrl> {
    return { url: `${convertFileSrc("small", "media")}/${mediaId}`, release: () => {} };
  }

  async pictureUrl(pictureId: number): Promise<MediaUrl> {
    return { url: `${convertFileSrc("picture", "media")}/${pictureId}`, release: () => {} };
  }

  async playUrl(mediaId: number): Promise<MediaUrl> {
    const media = await this.mediaUrl(mediaId);
    if (!PLAYER_IS_DEAF) return media;
    const url = URL.createObjectURL(await this.mediaBytes(mediaId));
    return { url, release: () => URL.revokeObjectURL(url) };
  }

  async mediaBytes(mediaId: number): Promise<Blob> {
    try {
      const answer = await fetch((await this.mediaUrl(mediaId)).url);
      if (!answer.ok) throw faultOf(await answer.json());
      return await answer.blob();
    } catch (thrown) {
      throw thrown instanceof Fault ? thrown : new Fault("internal");
    }
  }

  async openFile(fileName: string): Promise<FileSink | null> {
    const begun = await this.shell<{ file: number } | null>("file_begin", { fileName });
    if (begun === null) return null;
    const { file } = begun;
    return {
      write: (text) => this.shell("file_write", { file, text }),
      end: (keep) => this.shell<Saved>("file_end", { file, keep }),
    };
  }

  async saveFile(fileName: string, contentBase64: string): Promise<Saved> {
    const begun = await this.shell<{ file: number } | null>("file_begin", { fileName });
    if (begun === null) return null;
    const { file } = begun;
    await this.shell("file_write", { file, text: contentBase64, base64: true });
    return await this.shell<Saved>("file_end", { file, keep: true });
  }

  /** The shell knows the address itself, so that the page cannot ask it to open another one. */
  async openPracticePhone(_url: string, number: number): Promise<void> {
    await this.shell("practice_phone_open", { number });
  }

  links(listener: (link: DeepLink) => void): () => void {
    let stopped = false;
    let unlisten = () => {};
    const take = async () => {
      const link = await this.shell<DeepLink | null>("deep_link_take");
      if (link && !stopped) listener(link);
    };
    // Listen first, then take what came before.
    listen("deep-link", () => void take())
      .then((stop) => {
        if (stopped) return stop();
        unlisten = stop;
        return take();
      })
      // A link that cannot be heard of is clicked again.
      .catch(() => {});
    return () => {
      stopped = true;
      unlisten();
    };
  }

  async startsWithSystem(): Promise<StartWithSystem> {
    return await this.shell("start_with_system_get");
  }

  async startWithSystem(on: boolean): Promise<StartWithSystem> {
    return await this.shell("start_with_system_set", { on });
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

  private async shell<Answer>(command: string, args: Record<string, string | number | boolean> = {}): Promise<Answer> {
    try {
      return await invoke<Answer>(command, args);
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
