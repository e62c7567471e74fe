import type { MediaView, Platform } from ".";
import { Fault } from "./platform";

/** A file of no more comes in one call; a larger one in pieces of this size, so that it is never held whole. */
export const PIECE = 1 << 20;

/** Brings a file to the core. Rejects with a `Fault`, or as given up (`isGivenUp`): nothing of the file is left then. */
export async function brought(
  platform: Platform,
  file: File,
  stop: AbortSignal,
  came: (share: number) => void,
): Promise<MediaView> {
  const fileName = file.name;
  const bytes = file.size;
  const read = (piece: Blob) =>
    base64Of(piece).catch(() => {
      throw new Fault("file_unreadable", { file: fileName });
    });
  if (bytes <= PIECE) return platform.call("media_add", { fileName, dataBase64: await read(file) });
  const which = await platform.call("media_begin", { fileName, bytes });
  try {
    for (let at = 0; at < bytes; at += PIECE) {
      came(at / bytes);
      const dataBase64 = await read(file.slice(at, at + PIECE));
      stop.throwIfAborted();
      await platform.call("media_piece", { ...which, at, dataBase64 });
    }
    stop.throwIfAborted();
    const media = await platform.call("media_end", which);
    stop.throwIfAborted();
    return media;
  } catch (thrown) {
    // The core lets go of it by itself if this does not reach it.
    platform.call("media_give_up", which).catch(() => {});
    throw thrown;
  }
}

/** Was a file given up by whoever chose it? */
export const isGivenUp = (thrown: unknown) => thrown instanceof Error && thrown.name === "AbortError";

/** In parts: spreading all of it into one call would overflow the stack. */
async function base64Of(piece: Blob): Promise<string> {
  const bytes = new Uint8Array(await piece.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
