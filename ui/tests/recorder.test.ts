import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Composer, type Limits } from "../src/features/composer/composer.svelte";
import { Recorder } from "../src/features/composer/recorder.svelte";
import { listen } from "../src/platform/microphone";
import { FakeCore } from "./fake-core";
import { settled } from "./settled";

const LIMITS: Limits = { maxTextChars: 20, files: [{ shownAs: "voice", maxBytes: 200, mimes: ["audio/ogg"] }] };

/** A microphone, and an encoder in front of it, as far as the recorder uses them. */
class Encoder extends EventTarget {
  state: "inactive" | "recording" = "inactive";
  ondataavailable: ((event: { data: Blob }) => void) | null = null;
  constructor(readonly stream: Microphone) {
    super();
    encoders.push(this);
  }
  start() {
    this.state = "recording";
  }
  stop() {
    if (this.state === "inactive") throw new Error("it has stopped already");
    this.ends();
  }
  ends() {
    this.state = "inactive";
    this.ondataavailable?.({ data: new Blob(["voz"]) });
    queueMicrotask(() => this.dispatchEvent(new Event("stop")));
  }
}

class Microphone {
  on = true;
  getTracks() {
    return [
      {
        stop: () => {
          this.on = false;
        },
      },
    ];
  }
}

let encoders: Encoder[];
let microphones: Microphone[];
/** Hands the microphone over that was asked for. */
let handOver: () => void;

beforeEach(() => {
  encoders = [];
  microphones = [];
  const asked: (() => void)[] = [];
  handOver = () => {
    for (const give of asked.splice(0)) give();
  };
  const getUserMedia = () =>
    new Promise<Microphone>((done) => {
      asked.push(() => {
        const microphone = new Microphone();
        microphones.push(microphone);
        done(microphone);
      });
    });
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("MediaRecorder", Encoder);
});

afterEach(() => vi.unstubAllGlobals());

async function recording(recorder: Recorder): Promise<void> {
  const started = recorder.start();
  handOver();
  await started;
}

describe("the microphone", () => {
  it("is given back at once when it comes after nobody wants it any more", async () => {
    const recorder = new Recorder({ listen });
    const started = recorder.start();
    recorder.giveUp();
    handOver();
    await started;

    expect(microphones.map(({ on }) => on)).toEqual([false]);
    expect(recorder.since).toBeNull();
    await recording(recorder);
    expect(recorder.since, "and can be asked for again").not.toBeNull();
  });

  it("is asked for once by two quick presses", async () => {
    const recorder = new Recorder({ listen });
    const both = [recorder.start(), recorder.start()];
    handOver();
    await Promise.all(both);

    expect(microphones).toHaveLength(1);
    await recorder.stop();
    expect(microphones.map(({ on }) => on)).toEqual([false]);
  });

  it("that is unplugged ends the recording, and what was said is kept", async () => {
    const recorder = new Recorder({ listen });
    await recording(recorder);
    encoders[0]?.ends();
    await settled();

    expect((await recorder.stop())?.size, "what was said until then").toBe(3);
    expect(recorder.since).toBeNull();
  });

  it("is given back when the recording is thrown away", async () => {
    const recorder = new Recorder({ listen });
    await recording(recorder);
    recorder.discard();
    expect(microphones.map(({ on }) => on)).toEqual([false]);
    expect(await recorder.stop()).toBeNull();
  });
});

describe("a recording", () => {
  it("is one file however often its end is asked for", async () => {
    const core = new FakeCore();
    core.listen = listen;
    const field = new Composer(core, 1, null);
    await recording(field.recorder);
    await Promise.all([field.finishVoice(LIMITS), field.finishVoice(LIMITS)]);

    expect(field.attachments.map((one) => one.shownAs)).toEqual(["voice"]);
  });
});
