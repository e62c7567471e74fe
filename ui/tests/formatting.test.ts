import { mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { destinationOf, linksIn } from "../src/parts/links/link";
import { outside } from "../src/parts/links/outside.svelte";
import { isProgram, shortName, shownName, summaryOf, textOf } from "../src/parts/message-words";
import FormattedText from "../src/parts/text/FormattedText.svelte";
import { blocksOf, type Inline, inlineOf, isBlank, isFewEmoji, isFormatted, plainOf } from "../src/parts/text/format";
import type { MediaView } from "../src/platform";
import { speech } from "../src/words";

/** A line as one would write it down: kinds around their words. */
const shape = (parts: Inline[]): string =>
  parts
    .map((part) =>
      part.kind === "text" ? part.text : `<${part.kind}:${"parts" in part ? shape(part.parts) : part.text}>`,
    )
    .join("");
const line = (text: string) => shape(inlineOf(text));

describe("marks", () => {
  it.each([
    ["*negrita*", "<bold:negrita>"],
    ["_cursiva_", "<italic:cursiva>"],
    ["~tachado~", "<strike:tachado>"],
    ["`código`", "<code:código>"],
    ["*muy _bien_ hecho*", "<bold:muy <italic:bien> hecho>"],
    ["(*ojo*), dijo", "(<bold:ojo>), dijo"],
    ["`*no*`", "<code:*no*>"],
  ])("%s", (text, is) => expect(line(text)).toBe(is));

  it.each(["2 * 3 * 4", "un_nombre_de_archivo", "* suelto *", "**", "*sin cerrar", "5*3*2", "a*b*c", "~ ~", "***"])(
    "that stand beside a letter on the wrong side, or alone, are signs: %s",
    (text) => expect(line(text)).toBe(text),
  );

  it("do not reach over the end of their line", () => {
    expect(blocksOf("*uno\ndos*")).toEqual([
      { kind: "lines", lines: [[{ kind: "text", text: "*uno" }], [{ kind: "text", text: "dos*" }]] },
    ]);
  });

  it("at the start of lines make lists, quotes and code", () => {
    const kinds = blocksOf("Hola\n- a\n* b\n1. c\n2. d\n> e\n```\nf *g*\n```\nh").map((block) => block.kind);
    expect(kinds).toEqual(["lines", "bullets", "numbers", "quote", "code", "lines"]);
  });

  it("keep every word: nothing that was written is lost", () => {
    const text = "*a* _b_ ~c~ `d`";
    expect(plainOf(text)).toBe("a b c d");
    expect(plainOf("- uno\n- dos")).toBe("uno dos");
  });

  it("inside an address are the address's", () => {
    expect(line("mira https://a.example/un_nombre_largo ya")).toBe("mira <link:https://a.example/un_nombre_largo> ya");
  });

  it("are told from a text without any", () => {
    expect(isFormatted("hola https://a.example")).toBe(false);
    expect(isFormatted("hola *a todos*")).toBe(true);
  });

  it("name who is named, and leave other digits alone", () => {
    const names = new Map([["51900000021", "Ana"]]);
    expect(shape(inlineOf("Gracias @51900000021 y @51900000099", names))).toBe("Gracias <mention:@Ana> y @51900000099");
  });

  it.each(["*", "_", "~", "`", "*a ", "[", "http://", "@1", "a@"])(
    "a flood of %j takes no longer than a page does",
    (sign) => {
      const text = sign.repeat(30_000 / sign.length);
      const began = performance.now();
      blocksOf(text);
      expect(performance.now() - began, "milliseconds").toBeLessThan(1_500);
    },
  );
});

describe("links", () => {
  const hrefs = (text: string) => linksIn(text).map((link) => link.href);

  it("are http, https, mail and telephone, and nothing else", () => {
    expect(
      hrefs("http://a.example https://b.example www.c.example yo@d.example mailto:x@e.example tel:+51900"),
    ).toEqual([
      "http://a.example",
      "https://b.example",
      "https://www.c.example",
      "mailto:yo@d.example",
      "mailto:x@e.example",
      "tel:+51900",
    ]);
    expect(
      hrefs("javascript:alert(1) data:text/html,x file:///etc/passwd smb://a vbscript:x intent://x blob:x ftp://a"),
    ).toEqual([]);
  });

  it("leave the sentence's own signs to the sentence", () => {
    expect(hrefs("(https://a.example/b). ¿https://c.example/d(e)? *https://f.example*")).toEqual([
      "https://a.example/b",
      "https://c.example/d(e)",
      "https://f.example",
    ]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "//a.example",
    "nada",
    "https://",
    " java\nscript:alert(1)",
  ])("to %j lead nowhere", (href) => expect(destinationOf(href)).toBeNull());

  it("show the host as the network reads it", () => {
    const to = destinationOf("https://раураl.example/entrar");
    expect(to?.real.startsWith("xn--"), to?.real).toBe(true);
    expect(to).toMatchObject({ disguised: true, drawn: "раураl.example", plain: false });
  });

  it("are not fooled by a name before the @", () => {
    const to = destinationOf("https://banco.example@otro.example/x");
    expect(to?.real).toBe("otro.example");
    expect(to?.href, "and it is not sent along").toBe("https://otro.example/x");
  });

  it("to a letter carry no words and no other addresses of an outsider", () => {
    expect(destinationOf("mailto:a@b.example?body=x&bcc=c@d.example")?.href).toBe("mailto:a@b.example");
  });
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg/onload=alert(1)>",
  "</bdi></article><h1>fuera</h1>",
  "{@html '<b>x</b>'}",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "<a href='javascript:alert(1)'>x</a>",
  "*<b onmouseover=alert(1)>x</b>*",
  "`<style>*{display:none}</style>`",
  "```<meta http-equiv=refresh content='0;url=javascript:alert(1)'>```",
];

describe("a text from outside", () => {
  let shown: Record<string, unknown> | null = null;
  const draw = (text: string, names?: Map<string, string>) => {
    shown = mount(FormattedText, { target: document.body, props: { text, names } });
    return document.body;
  };
  afterEach(() => {
    if (shown) void unmount(shown);
    shown = null;
    document.body.replaceChildren();
    outside.done();
  });

  it.each(HOSTILE)("is drawn as what it says: %s", (text) => {
    const body = draw(text);
    expect(body.querySelectorAll("script, img, svg, iframe, style, meta, h1, b, a, [onmouseover]")).toHaveLength(0);
    expect(body.textContent, "its signs are there to be read").toContain("<");
  });

  it("as a name cannot draw either", () => {
    const body = draw("@51900000021", new Map([["51900000021", "<img src=x>"]]));
    expect(body.querySelectorAll("img")).toHaveLength(0);
    expect(body.textContent).toContain("@<img src=x>");
  });

  it("keeps its direction to itself", () => {
    const isolated = draw("\u202Ealrevés").querySelector("bdi");
    expect(isolated?.textContent).toContain("alrevés");
  });

  it("of a megabyte in one line puts a page of it in the document, and more on request", () => {
    const body = draw("x".repeat(1_000_000));
    expect(body.textContent?.length).toBeLessThan(4_000);
    const more = body.querySelector<HTMLButtonElement>(".more");
    expect(more?.textContent).toBe(speech.words.talk.marks.more);
  });

  it("that cannot be seen says so", () => {
    expect(isBlank("\u200B\u200D\u2060\uFEFF \u0301")).toBe(true);
    expect(draw("\u200B\u2060").textContent).toContain(speech.words.talk.marks.blank);
  });

  it("opens no link by itself: a press only asks, with the real host", () => {
    const body = draw("ve a https://раураl.example/x");
    body.querySelector<HTMLButtonElement>(".link")?.click();
    expect(outside.wanted?.real.startsWith("xn--")).toBe(true);
  });

  it("of one to three emoji is shown large; letters, digits and storms are not", () => {
    expect(["👍", "👨‍👩‍👧‍👦🎉", "🇵🇪 ❤️ 🙏🏽"].map(isFewEmoji)).toEqual([true, true, true]);
    expect(["hola 👍", "123", "🤯".repeat(9), "#", ""].map(isFewEmoji)).toEqual([false, false, false, false, false]);
  });
});

describe("a file", () => {
  const media: MediaView = {
    id: 1,
    mime: "application/pdf",
    width: null,
    height: null,
    bytes: null,
    fileName: "a.pdf",
    state: "ready",
    seconds: null,
    waveform: null,
  };

  it("is called by its signs as they stand, so that its end is its end", () => {
    expect(shownName("factura\u202Efdp.exe")).toBe("facturafdp.exe");
    expect(shownName("\u200B")).toBe(speech.words.talk.files.unnamed);
  });

  it.each(["a.exe", "a.pdf.lnk", "a.HTML", "a.svg", "a.desktop", "a.apk", "a.ps1", "a.jar "])(
    "that runs is known by its name: %s",
    (name) => expect(isProgram(name, "application/pdf")).toBe(true),
  );

  it("that runs is known by its bytes, whatever its name says", () => {
    for (const mime of ["application/x-msdownload", "application/vnd.microsoft.portable-executable", "text/html"]) {
      expect(isProgram("foto.pdf", mime), mime).toBe(true);
    }
    expect(isProgram("lista.pdf", "application/pdf")).toBe(false);
  });

  it("with a long name shows how it begins and how it ends", () => {
    const long = `${"a".repeat(80)} final.pdf.exe`;
    expect(shortName(long).endsWith("final.pdf.exe"), "the end tells what it is").toBe(true);
    expect(shortName(long).length).toBeLessThan(50);
    expect(shortName("corto.pdf")).toBe("corto.pdf");
  });

  it("has its name in the line that stands for it, unless it has words", () => {
    expect(summaryOf({ kind: "file", shownAs: "document", caption: null, media })).toContain("a.pdf");
    expect(summaryOf({ kind: "file", shownAs: "document", caption: "*La* lista", media })).toContain("La lista");
    expect(textOf({ kind: "file", shownAs: "document", caption: null, media })).toBeNull();
  });
});
