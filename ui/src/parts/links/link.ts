/**
 * What of a text from outside leads somewhere, and where to. Only http, https, mailto and tel ever become links; what is
 * shown before one is opened is the host as the network will read it (punycode), not as it is drawn.
 */
export type FoundLink = { from: number; to: number; href: string };

export type Destination = {
  href: string;
  kind: "web" | "mailto" | "tel";
  /** Host, address or number, as it really is. */
  real: string;
  /** The host as a person reads it, if that differs. */
  drawn: string | null;
  /** It holds letters that are no plain Latin ones. */
  disguised: boolean;
  /** http. */
  plain: boolean;
};

const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"'`]{2,2000}|\bmailto:[^\s<>"'`]{3,300}|\btel:\+?[\d().-]{3,30}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}\b/giu;
const ALLOWED: Record<string, Destination["kind"]> = {
  "http:": "web",
  "https:": "web",
  "mailto:": "mailto",
  "tel:": "tel",
};

export function linksIn(text: string): FoundLink[] {
  if (!/[.:]/.test(text)) return [];
  const found: FoundLink[] = [];
  for (const match of text.matchAll(LINK)) {
    const words = trimmed(match[0]);
    const href = hrefOf(words);
    if (href !== null) found.push({ from: match.index, to: match.index + words.length, href });
  }
  return found;
}

/** The stop after an address is the sentence's; a bracket is the address's only if it was opened in it. */
function trimmed(words: string): string {
  let end = words.length;
  for (;;) {
    const last = words[end - 1] ?? "";
    const unopened = last === ")" && !words.slice(0, end).includes("(");
    if (end === 0 || !(/[.,;:!?*_~\]}»”’…]/.test(last) || unopened)) return words.slice(0, end);
    end -= 1;
  }
}

function hrefOf(words: string): string | null {
  const lower = words.toLowerCase();
  if (lower.startsWith("http") || lower.startsWith("mailto:") || lower.startsWith("tel:")) return words;
  if (lower.startsWith("www.")) return `https://${words}`;
  return words.includes("@") ? `mailto:${words}` : null;
}

/** Where it leads; null = nowhere that we open. */
export function destinationOf(href: string): Destination | null {
  let url: URL;
  try {
    url = new URL(href.trim());
  } catch {
    return null;
  }
  const kind = ALLOWED[url.protocol];
  if (kind === undefined) return null;
  if (kind !== "web") {
    const real = decoded(url.pathname);
    // What a letter says, and to whom else it goes, is not an outsider's to fill in.
    return { href: `${url.protocol}${url.pathname}`, kind, real, drawn: null, disguised: false, plain: false };
  }
  if (url.hostname === "" || url.hostname.length > 253) return null;
  // "https://bank.example@evil.example": who is named before the @ is nobody.
  url.username = "";
  url.password = "";
  const written = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#:]*)/iu.exec(href.trim())?.[1] ?? "";
  const disguised = url.hostname.split(".").some((label) => label.startsWith("xn--"));
  const drawn = disguised && written !== url.hostname ? written : null;
  return { href: url.href, kind, real: url.host, drawn, disguised, plain: url.protocol === "http:" };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).replace(/[\p{Cc}\p{Cf}]/gu, "");
  } catch {
    return path;
  }
}
