import type { Hearing } from "./platform";

/** How WhatsApp plays a voice message; few browsers make it. */
const TYPE = "audio/ogg;codecs=opus";

export function canListen(): boolean {
  return (
    typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(TYPE) && navigator.mediaDevices !== undefined
  );
}

/** By the browser itself. The microphone is given back whatever happens, also when it is unplugged, which ends it by itself. */
export async function listen(): Promise<Hearing> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const parts: Blob[] = [];
    const recorder = new MediaRecorder(stream, { mimeType: TYPE });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.start(1_000);
    return {
      async end(keep) {
        if (!keep) release();
        if (recorder.state !== "inactive") {
          const stopped = new Promise((done) => recorder.addEventListener("stop", done, { once: true }));
          recorder.stop();
          await stopped;
        }
        release();
        return keep ? new Blob(parts) : null;
      },
    };
  } catch (thrown) {
    release();
    throw thrown;
  }
}
