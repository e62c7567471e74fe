import { beforeEach, describe, expect, it, vi } from "vitest";
import { excerptOf } from "../src/features/search/excerpt";
import { Find } from "../src/features/search/find.svelte";
import { PAGE, PAUSE_MS, type Result, Search } from "../src/features/search/search.svelte";
import type { ContactView } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow, MINUTE, message, NOON } from "./people";
import { settled } from "./settled";

let core: FakeCore;

const text = (words: string) => ({ kind: "text" as const, text: words });

beforeEach(() => {
  vi.useFakeTimers();
  core = new FakeCore();
  core.chats = [chatRow({ id: 1, title: "Lucía Paredes" }), chatRow({ id: 2, title: "Torta y Café" })];
  core.messages.set(1, [message({ id: 1, body: text("Una torta, por favor") })]);
  core.messages.set(2, [message({ id: 2, chatId: 2, at: NOON + MINUTE, body: text("La torta llegó") })]);
});

/** Types and waits until the pause is over and the answer is there. */
async function type(search: Search, typed: string): Promise<void> {
  search.type(typed);
  vi.advanceTimersByTime(PAUSE_MS);
  await settled();
}

const many = (count: number, words = "torta") =>
  Array.from({ length: count }, (_, at) =>
    message({ id: at + 1, at: NOON + at * MINUTE, body: text(`${words} ${at}`) }),
  );

const nameOf = (one: Result) => (one.kind === "chat" ? one.chat.title : null);

const ids = (search: Search) => search.hits.map((hit) => hit.message.id);

describe("a number that nobody was written to at", () => {
  const typing = async (typed: string) => {
    const search = new Search(core, undefined, undefined, () => [
      { id: 1, contacts: true },
      { id: 2, contacts: false },
    ]);
    await type(search, typed);
    return search;
  };
  const first = (search: Search) => {
    const [one] = search.numbers;
    if (!one) throw new Error("no number is offered");
    return one;
  };

  it("can be written to through each of the shop's that has no chat with it", async () => {
    expect((await typing("900 000 077")).results).toEqual([
      { kind: "number", deviceId: 1, number: "+51900000077", name: null },
      { kind: "number", deviceId: 2, number: "+51900000077", name: null },
    ]);
    core.numbers.set("51900000077", 1);
    expect((await typing("+51 900-000-077")).numbers, "its chat is found like any other").toEqual([]);
    expect((await typing("tortas 900000077")).numbers, "words are no number").toEqual([]);
    const asked = core.callsOf("chat_number").length;
    await typing("3 tortas");
    expect(core.callsOf("chat_number"), "the core is not asked about words").toHaveLength(asked);
  });

  it("is found by the name under which a phone has it, where that is known", async () => {
    const saved = (name: string, part: Partial<ContactView> = {}): ContactView => ({
      address: "51900000088@s.whatsapp.net",
      number: "+51900000088",
      name,
      pushName: null,
      business: null,
      chatId: null,
      ...part,
    });
    core.contacts = [
      saved("Brenda Flores"),
      saved("Bruno Díaz", { chatId: 2, number: "+51900000089" }),
      saved("Brisa Luna", { number: null }),
    ];
    const search = await typing("br");
    expect(
      search.numbers,
      "a chat is found like any other, and nobody is written to first whose number is hidden",
    ).toEqual([{ kind: "number", deviceId: 1, number: "+51900000088", name: "Brenda Flores" }]);
    expect(
      core.callsOf("contact_list").map(({ deviceId }) => deviceId),
      "only of numbers whose phone is known",
    ).toEqual([1]);
    await search.start(first(search));
    expect(core.callsOf("chat_start").at(-1), "it is checked as one that was typed").toEqual({
      deviceId: 1,
      number: "+51900000088",
      unchecked: false,
    });
  });

  it("is looked up when it is chosen, and its chat opens", async () => {
    const search = await typing("900 000 077");
    const opened = await search.start(first(search));
    expect(core.chats.find((row) => row.id === opened)?.title).toBe("+51900000077");
    expect(core.callsOf("chat_start")).toEqual([{ deviceId: 1, number: "+51900000077", unchecked: false }]);
  });

  it("that is not on WhatsApp is said to be so, however often it is asked", async () => {
    core.unknown = "not_on_whatsapp";
    const search = await typing("900 000 077");
    for (const _ of [1, 2]) {
      expect(await search.start(first(search))).toBeNull();
      expect(search.said?.what).toBe("not_on_whatsapp");
    }
    search.type("9");
    await settled();
    expect(core.chats, "no chat was made").toHaveLength(2);
  });

  it("of which nobody can say so is opened once a person asks again", async () => {
    core.unknown = "not_told";
    const search = await typing("900 000 077");
    expect(await search.start(first(search))).toBeNull();
    expect(search.said?.what).toBe("not_told");
    expect(await search.start(first(search)), "all the same").not.toBeNull();
  });

  it("tells a fault in its place, and forgets it with other words", async () => {
    const search = await typing("900 000 077");
    core.failNext("chat_start", { kind: "refused", code: "gateway_unreachable" });
    expect(await search.start(first(search))).toBeNull();
    expect(search.startFault?.code).toBe("gateway_unreachable");
    await type(search, "torta");
    expect(search.startFault).toBeNull();
  });
});

describe("searching in all chats", () => {
  it("finds chats first, then messages from the newest back", async () => {
    const search = new Search(core);
    await type(search, "torta");

    const found = search.results.map((one) => (one.kind === "message" ? one.hit.message.id : nameOf(one)));
    expect(found).toEqual(["Torta y Café", 2, 1]);
    expect(search.active, "Enter opens the first").toEqual({ kind: "chat", chat: core.chats[1] });
  });

  it("asks once for what was typed without a pause", async () => {
    const search = new Search(core);
    for (const typed of ["t", "to", "tor"]) {
      search.type(typed);
      vi.advanceTimersByTime(PAUSE_MS - 1);
    }
    vi.advanceTimersByTime(1);
    await settled();

    expect(core.callsOf("message_search").map((call) => call.text)).toEqual(["tor"]);
  });

  it("drops an answer to words that are no longer there", async () => {
    const search = new Search(core);
    const answer = core.hold("message_search");
    await type(search, "llegó");
    search.type("favor");
    answer();
    await settled();
    expect(search.hits, "the answer to the first words came late").toEqual([]);
    expect(search.state).toBe("searching");

    vi.advanceTimersByTime(PAUSE_MS);
    await settled();
    expect(ids(search)).toEqual([1]);
  });

  it("keeps what was found until the answer to the new words is there", async () => {
    const search = new Search(core);
    await type(search, "torta");
    const answer = core.hold("message_search");
    await type(search, "torta, ");
    expect(ids(search), "nothing blinks while it is searched").toEqual([2, 1]);

    answer();
    await settled();
    expect(ids(search)).toEqual([1]);
  });

  it("asks nothing for blanks, and forgets everything when it is cleared, also an answer on its way", async () => {
    const search = new Search(core);
    await type(search, "  ");
    expect(core.callsOf("message_search")).toEqual([]);

    const answer = core.hold("message_search");
    await type(search, "torta");
    search.clear();
    answer();
    await settled();
    expect({ ...pick(search) }).toEqual({ typed: "", state: "idle", results: 0 });
  });

  it("tells nothing found from a failed search, which can be tried again", async () => {
    const search = new Search(core);
    await type(search, "pasaporte");
    expect(search.none).toBe(true);

    core.failNext("message_search", { kind: "refused", code: "storage_busy" });
    await type(search, "torta");
    expect([search.state, search.fault?.code, search.none]).toEqual(["failed", "storage_busy", false]);

    await search.ask();
    expect([search.state, search.fault, ids(search)]).toEqual(["ready", null, [2, 1]]);
  });

  it("reads further pages on request, none twice, until the last", async () => {
    core.messages.set(1, many(2 * PAGE + 3));
    core.messages.delete(2);
    const search = new Search(core);
    await type(search, "torta ");
    expect(search.hits).toHaveLength(PAGE);

    await Promise.all([search.loadMore(), search.loadMore()]);
    expect(search.hits, "two requests at once are one").toHaveLength(2 * PAGE);
    await search.loadMore();
    await search.loadMore();

    expect(ids(search), "newest first, each once").toEqual(
      many(2 * PAGE + 3)
        .map((row) => row.id)
        .reverse(),
    );
    expect(search.more).toBe(false);
  });

  it("says that a further page failed and keeps what was found", async () => {
    core.messages.set(1, many(PAGE + 3));
    const search = new Search(core);
    await type(search, "torta ");
    core.failNext("message_search", { kind: "lost_before" });

    await search.loadMore();
    expect([search.moreFault?.code, search.hits.length, search.state]).toEqual(["core_lost", PAGE, "ready"]);
    await search.loadMore();
    expect(search.moreFault).toBeNull();
  });

  it("throws a further page away when other words were typed meanwhile", async () => {
    core.messages.set(1, many(PAGE + 3));
    const search = new Search(core);
    await type(search, "torta ");
    const answer = core.hold("message_search");
    const more = search.loadMore();
    search.type("llegó");
    answer();
    await more;

    expect(search.hits).toHaveLength(PAGE);
  });

  it("walks through the results by keys, not beyond them, and reads on near their end", async () => {
    core.messages.set(1, many(PAGE + 3));
    const search = new Search(core);
    await type(search, "torta ");
    search.move(-1);
    expect(search.at).toBe(0);
    search.move(PAGE - 2);
    await settled();
    expect(search.hits.length, "the next page came by itself").toBeGreaterThan(PAGE);
    search.move(1_000);
    expect(search.at).toBe(search.results.length - 1);
  });
});

function pick(search: Search) {
  return { typed: search.typed, state: search.state, results: search.results.length };
}

describe("finding in the open chat", () => {
  let shown: number[];
  let find: Find;

  beforeEach(() => {
    shown = [];
    core.messages.set(1, many(PAGE + 2));
    find = new Find(core, 1, (messageId) => shown.push(messageId));
    find.open = true;
  });

  it("asks for this chat only and shows the newest hit", async () => {
    await type(find.search, "torta");
    expect(core.callsOf("message_search")).toEqual([{ text: "torta", chatId: 1, before: null, limit: PAGE }]);
    expect(core.callsOf("chat_search")).toEqual([]);
    expect(shown).toEqual([PAGE + 2]);
    expect(find.place).toBe(1);
  });

  it("goes to older hits with Enter, across pages, and back with Shift", async () => {
    await type(find.search, "torta");
    for (let at = 0; at < PAGE + 5; at += 1) await find.enter(1);
    expect(shown.at(-1), "the oldest").toBe(1);
    expect([find.place, find.canOlder]).toEqual([PAGE + 2, false]);

    await find.enter(-1);
    expect(shown.at(-1)).toBe(2);
    expect(find.canOlder).toBe(true);
  });

  it("searches at once with Enter when there is no answer yet", async () => {
    find.search.type("torta");
    await find.enter(1);
    expect(shown).toEqual([PAGE + 2]);
  });

  it("shows nothing any more once it is closed", async () => {
    const answer = core.hold("message_search");
    await type(find.search, "torta");
    find.close();
    answer();
    await settled();
    expect(shown).toEqual([]);
  });
});

describe("the words in context", () => {
  const line = (words: string, found: [number, number][]) =>
    excerptOf(words, found)
      .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
      .join("");

  it("are marked where the core found them", () => {
    expect(
      line("La torta y otra torta", [
        [3, 8],
        [16, 21],
      ]),
    ).toBe("La [torta] y otra [torta]");
  });

  it("are cut around the first hit, between words, on one line", () => {
    const before = "Buenos días, quería saber si todavía\nhacen para el sábado ";
    const at = before.length;
    const said = line(`${before}tortas\nde lúcuma ${"y más ".repeat(60)}`, [[at, at + 6]]);
    expect(said.startsWith("…si todavía hacen para el sábado [tortas] de lúcuma y más"), said).toBe(true);
    expect(said.endsWith("…")).toBe(true);
    expect(said.length).toBeLessThan(200);
  });

  it("do not cut a sign in two", () => {
    for (let lead = 40; lead < 60; lead += 1) {
      const words = `${"x".repeat(lead % 2)}${"🎂".repeat(lead)}torta${"🎂".repeat(100)}`;
      const at = words.indexOf("torta");
      const said = line(words, [[at, at + 5]]);
      expect(() => encodeURIComponent(said), `with ${lead} cakes before`).not.toThrow();
    }
  });

  it("survive places that the text does not have", () => {
    expect(line("torta", [[2, 400]])).toBe("to[rta]");
    expect(line("", [[0, 5]])).toBe("");
  });
});
