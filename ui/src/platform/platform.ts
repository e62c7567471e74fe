import type { AppEvent, Commands, ErrorCode } from "./bindings.gen";

/**
 * What the window needs from whatever hosts it. Two hosts exist: the desktop shell (`tauri.ts`) and the headless program
 * seen through a browser (`browser.ts`). Nothing outside this folder knows which one is there.
 */

export type Command = keyof Commands;
export type Args<C extends Command> = Commands[C]["args"];
export type Result<C extends Command> = Commands[C]["result"];

/**
 * Codes that the core cannot say itself. `core_lost`: the call did not come back, so its outcome is unknown. `file_unreadable`: the
 * window could not read the `file` that was chosen, and nothing was asked for.
 */
export type FaultCode = ErrorCode | "core_lost" | "file_unreadable";

/** A refused or lost call. Carries a code and its parameters; the words are chosen in `words/`. */
export class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    readonly params: Record<string, string | number> = {},
  ) {
    super(code);
    this.name = "Fault";
  }
}

/** Anything thrown, as a fault: a defect in the window itself is `internal`. */
export function asFault(thrown: unknown): Fault {
  return thrown instanceof Fault ? thrown : new Fault("internal");
}

export type EventsListener = {
  event: (event: AppEvent) => void;
  /** "open": events flow (again). "lost": they do not; the host tries again by itself. */
  link: (state: "open" | "lost") => void;
};

/** An address an `<img>` can show, and how to give it back. */
export type MediaUrl = { url: string; release: () => void };

/** What a file is called where it was saved; null = the operator thought better of it, or the host tells them itself. */
export type Saved = { fileName: string } | null;

/** A file that is written piece by piece. */
export type FileSink = {
  write(text: string): Promise<void>;
  /** `keep` false: nothing of it is left. */
  end(keep: boolean): Promise<Saved>;
};

/** A microphone that is listened to, until it is ended; null: nothing was heard, or it is not to be kept. */
export type Hearing = { end(keep: boolean): Promise<Blob | null> };

/** Where a link of ours leads: a chat by the other side's number or by its id, and words for its draft. */
export type DeepLink = {
  chat: { by: "number"; number: string } | { by: "id"; id: number };
  text: string | null;
};

/** Whether the computer starts the program with itself; not offered = this host has no such thing. */
export type StartWithSystem = { offered: boolean; on: boolean };

export type Note = { chatId: number; title: string; body: string; open: () => void };

/** "native": the core shows notifications itself. The others are the browser's permission. */
export type NoteAccess = "native" | "granted" | "denied" | "ask" | "none";

export interface Platform {
  readonly kind: "desktop" | "browser";
  /** Rejects with a `Fault`, never with anything else. */
  call<C extends Command>(command: C, args: Args<C>): Promise<Result<C>>;
  /** Listens until the returned function is called. */
  events(listener: EventsListener): () => void;
  mediaUrl(mediaId: number): Promise<MediaUrl>;
  /** The same of a picture that is shown small: a smaller copy, if there is one. */
  smallUrl(mediaId: number): Promise<MediaUrl>;
  /** The same for an `<audio>` or `<video>`. */
  playUrl(mediaId: number): Promise<MediaUrl>;
  /** The same for the picture of a person or group. */
  pictureUrl(pictureId: number): Promise<MediaUrl>;
  /** A file's bytes, to be sent again. */
  mediaBytes(mediaId: number): Promise<Blob>;
  /** Opens an address outside the window, after the operator was shown where it leads. Rejects with a `Fault` if it cannot. */
  openOutside(href: string): Promise<void>;
  /** Puts a file where the operator keeps theirs. Nothing is ever opened. */
  saveMedia(mediaId: number, fileName: string): Promise<Saved>;
  /** Begins a file where the operator wants it; null: they thought better of it. */
  openFile(fileName: string): Promise<FileSink | null>;
  /** Puts a whole file, given in base64, where the operator wants it; null: they thought better of it. */
  saveFile(fileName: string, contentBase64: string, mediaType: string): Promise<Saved>;
  /** Listens to the microphone; what is heard is Opus in Ogg. Rejects if there is none. null: this host records nothing. */
  readonly listen: (() => Promise<Hearing>) | null;
  openPracticePhone(url: string, number: number): Promise<void>;
  /** Hears each link once, also one that came before anybody listened. Until the returned function is called. */
  links(listener: (link: DeepLink) => void): () => void;
  startsWithSystem(): Promise<StartWithSystem>;
  startWithSystem(on: boolean): Promise<StartWithSystem>;
  /** Makes everything larger or smaller. False: whoever hosts the window does that by itself. */
  zoomTo(factor: number): boolean;
  noteAccess(): NoteAccess;
  askNoteAccess(): Promise<NoteAccess>;
  notify(note: Note): void;
}
