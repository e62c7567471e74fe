import { describe, expect, it } from "vitest";
import type { Limits } from "../src/features/composer/composer.svelte";
import { marked, nameBeingWritten, outgoing, toldApart } from "../src/features/composer/writing";
import { composer, core, LIMITS, photo, voice } from "./composing";

describe("naming somebody", () => {
  it("sends the digits with the address, and the text that was written comes back if it fails", async () => {
    const field = composer();
    field.people.set("Ana", "51900000021@s.whatsapp.net");
    field.people.set("Ana Ruiz", "51900000022@s.whatsapp.net");
    field.type("Hola @Ana Ruiz");
    core.failNext("message_send", { kind: "refused", code: "storage_full" });
    await field.send(LIMITS);
    expect(field.text).toBe("Hola @Ana Ruiz");
    await field.send(LIMITS);

    expect(core.callsOf("message_send")[1], "the longer name, not the shorter within it").toMatchObject({
      text: "Hola @51900000022",
      mentions: ["51900000022@s.whatsapp.net"],
    });
  });
});

describe("naming somebody under a file", () => {
  const ana = () => {
    const field = composer();
    field.people.set("Ana", "51900000021@s.whatsapp.net");
    field.type("Hola @Ana");
    return field;
  };

  it("is offered, and sent, only under the files where the gateway takes names", async () => {
    const under: Limits = { ...LIMITS, namesUnder: ["image"] };
    const field = ana();
    expect(field.takesNames(LIMITS), "words alone").toBe(true);
    field.attach(photo(), under);
    expect([field.takesNames(under), field.takesNames(LIMITS)]).toEqual([true, false]);
    await field.send(under);
    expect(core.callsOf("message_send")[0]).toMatchObject({ text: "Hola @51900000021", shownAs: "image" });

    const other = ana();
    other.attach(photo(), LIMITS);
    await other.send(LIMITS);
    const sent = core.callsOf("message_send")[1];
    expect(sent, "the words as they stand").toMatchObject({ text: "Hola @Ana", shownAs: "image" });
    expect(sent).not.toHaveProperty("mentions");
  });

  it("is offered beside a file that carries no words: they go by themselves", async () => {
    const field = ana();
    field.attach(voice(), LIMITS, "voice");
    expect(field.takesNames(LIMITS)).toBe(true);
    await field.send(LIMITS);
    expect(core.callsOf("message_send")[0]).toMatchObject({ text: "Hola @51900000021", mediaId: null });
  });
});

describe("those who can be named", () => {
  it("and are called alike are told apart by the end of their number", () => {
    const people = [
      { address: "51900000021@s.whatsapp.net", name: "Ana" },
      { address: "51900000022@s.whatsapp.net", name: "Ana" },
      { address: "51900000023@s.whatsapp.net", name: "Bea" },
    ];
    expect(toldApart(people).map(({ name }) => name)).toEqual(["Ana 0021", "Ana 0022", "Bea"]);
  });

  it("are so even where the ends are alike too, and where they are one number twice", () => {
    const twice = [
      { address: "51900000021@s.whatsapp.net", name: "Ana" },
      { address: "51900010021@s.whatsapp.net", name: "Ana" },
    ];
    expect(new Set(toldApart(twice).map(({ name }) => name)).size).toBe(2);
    expect(toldApart([twice[0], twice[0]] as typeof twice)).toHaveLength(2);
  });

  it("are named by their whole name, not within a longer word", () => {
    const people = new Map([
      ["Ana", "51900000021@s.whatsapp.net"],
      ["A.B (tienda)", "51900000022@s.whatsapp.net"],
    ]);
    expect(outgoing("@Anabel, @Ana: @A.B (tienda)", people)).toEqual({
      text: "@Anabel, @51900000021: @51900000022",
      mentions: ["51900000021@s.whatsapp.net", "51900000022@s.whatsapp.net"],
    });
  });
});

describe("marks in the field", () => {
  it("stand beside the letters of what is chosen, and go again", () => {
    const put = marked({ text: "muy bien hoy", from: 3, to: 9 }, "*");
    expect(put.text).toBe("muy *bien* hoy");
    expect(marked(put, "*").text).toBe("muy bien hoy");
  });

  it("are two with the cursor between when nothing is chosen", () => {
    expect(marked({ text: "", from: 0, to: 0 }, "_")).toEqual({ text: "__", from: 1, to: 1 });
  });

  it("an @ at the start of a word begins a name, one in an address does not", () => {
    expect(nameBeingWritten("hola @Lu", 8)).toEqual({ from: 5, query: "Lu" });
    expect(nameBeingWritten("yo@casa", 7)).toBeNull();
  });
});
