import type { FileOffer, MediaView, ShownAs } from "../../platform";

/** An id that we chose, and of which content. */
export type Attempt = { clientId: string; key: string };

/**
 * A file that waits to be sent. `added` is set once the core has it, so that a second try does not bring it again; its
 * attempt is its own, so that words sent beside it do not make another message of it.
 */
export type Attachment = {
  file: File;
  url: string;
  shownAs: ShownAs;
  /** It could go as a document instead. */
  orDocument: boolean;
  added: MediaView | null;
  attempt: Attempt | null;
};

/** Why a file is not taken, before the core is asked. */
export type Refusal =
  | { kind: "not_taken" }
  | { kind: "empty" }
  | { kind: "editing" }
  | { kind: "too_large"; bytes: number; maxBytes: number };

/** Which file, and why. */
export type Refused = { name: string; why: Refusal };

/** How a file goes: by what it is, else as a document, else not at all. */
export function offerFor(file: File, offers: readonly FileOffer[], wanted?: ShownAs): FileOffer | Refusal {
  if (file.size === 0) return { kind: "empty" };
  const kinds: ShownAs[] = [wanted ?? kindOf(file.type), "document"];
  const taken = offers
    .filter((offer) => kinds.includes(offer.shownAs) && takes(offer, file.type))
    .toSorted((one, other) => kinds.indexOf(one.shownAs) - kinds.indexOf(other.shownAs));
  const fits = taken.find((offer) => file.size <= offer.maxBytes);
  if (fits) return fits;
  const largest = Math.max(0, ...taken.map((offer) => offer.maxBytes));
  return taken.length === 0 ? { kind: "not_taken" } : { kind: "too_large", bytes: file.size, maxBytes: largest };
}

/** A file that waits, by what it goes as. */
export function asOffered(
  file: File,
  offer: FileOffer | Refusal,
  offers: readonly FileOffer[],
  wanted?: ShownAs,
): Attachment {
  const shownAs = isRefusal(offer) ? (wanted ?? kindOf(file.type)) : offer.shownAs;
  const orDocument = shownAs !== "document" && wanted === undefined && !isRefusal(offerFor(file, offers, "document"));
  return { file, url: URL.createObjectURL(file), shownAs, orDocument, added: null, attempt: null };
}

export function isRefusal(answer: FileOffer | Refusal): answer is Refusal {
  return "kind" in answer;
}

function takes(offer: FileOffer, mime: string): boolean {
  return offer.mimes.length === 0 || offer.mimes.includes(mime.split(";")[0] ?? "");
}

function kindOf(mime: string): ShownAs {
  const family = mime.split("/")[0];
  return family === "image" || family === "video" || family === "audio" ? family : "document";
}
