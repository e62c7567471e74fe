import type { FileOffer } from "../../platform";

const TYPE = "audio/ogg;codecs=opus";
const MOST_MS = 15 * 60_000;

/** Can a voice message be recorded here, in the form that WhatsApp plays? Where not, nothing of it is shown. */
export function canRecord(offers: readonly FileOffer[]): boolean {
  return (
    offers.some((offer) => offer.shownAs === "voice") &&
    typeof MediaRecorder !== "undefined" &&
    MediaRecorder.isTypeSupported(TYPE) &&
    navigator.mediaDevices !== undefined
  );
}

/**
 * One recording at a time. The microphone is given back whatever happens: also when it is handed over after nobody wants
 * it any more, and when it is unplugged, which ends the recording by itself and leaves what was said until then.
 */
export class Recorder {
  since = $state<number | null>(null);
  refused = $state(false);

  private recorder: MediaRecorder | null = null;
  private parts: Blob[] = [];
  /** Another one each time that a microphone is asked for, or is not wanted any more. */
  private turn = 0;
  private asking = false;

  async start(now: () => number = Date.now): Promise<void> {
    if (this.recorder || this.asking) return;
    this.refused = false;
    this.asking = true;
    const turn = ++this.turn;
    let stream: MediaStream | null = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (turn !== this.turn) return release(stream);
      const parts: Blob[] = [];
      const recorder = new MediaRecorder(stream, { mimeType: TYPE });
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.start(1_000);
      this.recorder = recorder;
      this.parts = parts;
      this.since = now();
    } catch {
      release(stream);
      this.refused = turn === this.turn;
    } finally {
      this.asking = false;
    }
  }

  /** The recording as a file; null = there was none. */
  async stop(): Promise<File | null> {
    const { recorder, parts } = this;
    if (!recorder) return null;
    this.end();
    if (recorder.state !== "inactive") {
      const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
      recorder.stop();
      await stopped;
    }
    release(recorder.stream);
    const file = new File(parts, "voz.ogg", { type: "audio/ogg" });
    return file.size > 0 ? file : null;
  }

  discard(): void {
    const { recorder } = this;
    this.end();
    if (recorder && recorder.state !== "inactive") recorder.stop();
    release(recorder?.stream);
  }

  /** A microphone that was asked for and is not there yet is not wanted any more. */
  giveUp(): void {
    this.turn += 1;
  }

  tooLong(now: number): boolean {
    return this.since !== null && now - this.since > MOST_MS;
  }

  private end(): void {
    this.turn += 1;
    this.recorder = null;
    this.since = null;
  }
}

function release(stream: MediaStream | null | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
