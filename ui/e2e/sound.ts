import type { Page } from "playwright-core";

/** A second of silence as a voice message is: Opus in Ogg, made on the spot. */
export function aSound(): Buffer {
  const head = Buffer.concat([Buffer.from("OpusHead"), Buffer.from([1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0])]);
  const name = Buffer.from("mostrador");
  const tags = Buffer.concat([Buffer.from("OpusTags"), uint32(name.length), name, uint32(0)]);
  // One frame of 20 ms in which nothing is heard, fifty times.
  const packets = Array.from({ length: 50 }, () => Buffer.from([0xf8, 0xff, 0xfe]));
  return Buffer.concat([
    page({ kind: 2, at: 0n, number: 0, packets: [head] }),
    page({ kind: 0, at: 0n, number: 1, packets: [tags] }),
    page({ kind: 4, at: 48_000n, number: 2, packets }),
  ]);
}

type OggPage = { kind: number; at: bigint; number: number; packets: Buffer[] };

function page({ kind, at, number, packets }: OggPage): Buffer {
  const header = Buffer.alloc(27);
  header.write("OggS", 0);
  header.writeUInt8(kind, 5);
  header.writeBigInt64LE(at, 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(number, 18);
  header.writeUInt8(packets.length, 26);
  const whole = Buffer.concat([header, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  whole.writeUInt32LE(checksum(whole), 22);
  return whole;
}

/** Ogg's own sum: CRC-32 without turning the bits. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum & 0x80000000 ? 0x04c11db7 : 0) ^ (sum << 1)) >>> 0;
  }
  return sum;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/**
 * A microphone, and an encoder that gives Opus in Ogg: this browser has neither, others have both. Everything after them is
 * the page's own.
 */
export async function speakInto(page: Page): Promise<void> {
  await page.addInitScript((sound: string) => {
    class Recorder extends EventTarget {
      static isTypeSupported = (type: string) => type === "audio/ogg;codecs=opus";
      state = "inactive";
      constructor(readonly stream: MediaStream) {
        super();
      }
      ondataavailable: ((event: { data: Blob }) => void) | null = null;
      start() {
        this.state = "recording";
      }
      stop() {
        this.state = "inactive";
        const bytes = Uint8Array.from(atob(sound), (sign) => sign.charCodeAt(0));
        this.ondataavailable?.({ data: new Blob([bytes]) });
        queueMicrotask(() => this.dispatchEvent(new Event("stop")));
      }
    }
    Object.assign(window, { MediaRecorder: Recorder });
    const devices = { getUserMedia: async () => new MediaStream() };
    Object.defineProperty(navigator, "mediaDevices", { value: devices });
  }, aSound().toString("base64"));
}
