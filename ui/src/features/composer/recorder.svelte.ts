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

/** One recording at a time. The microphone is given back whatever happens. */
export class Recorder {
  since = $state<number | null>(null);
  refused = $state(false);

  private recorder: MediaRecorder | null = null;
  private parts: Blob[] = [];

  async start(now: () => number = Date.now): Promise<void> {
    if (this.recorder) return;
    this.refused = false;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.parts = [];
      this.recorder = new MediaRecorder(stream, { mimeType: TYPE });
      this.recorder.ondataavailable = (event) => this.parts.push(event.data);
      this.recorder.start(1_000);
      this.since = now();
    } catch {
      this.end();
      this.refused = true;
    }
  }

  /** The recording as a file; null = there was none. */
  async stop(): Promise<File | null> {
    const { recorder } = this;
    if (!recorder) return null;
    const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
    recorder.stop();
    await stopped;
    const file = new File(this.parts, "voz.ogg", { type: "audio/ogg" });
    this.end();
    return file.size > 0 ? file : null;
  }

  discard(): void {
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.end();
  }

  tooLong(now: number): boolean {
    return this.since !== null && now - this.since > MOST_MS;
  }

  private end(): void {
    for (const track of this.recorder?.stream.getTracks() ?? []) track.stop();
    this.recorder = null;
    this.since = null;
  }
}
