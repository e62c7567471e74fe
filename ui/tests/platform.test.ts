import { afterEach, describe, expect, it, vi } from "vitest";
import { Coalesced, Feed, type FeedChange } from "../src/platform";
import { BrowserPlatform } from "../src/platform/browser";
import { EventStreamReader } from "../src/platform/sse";
import { Shop } from "../src/views/shop.svelte";
import { FakeCore } from "./fake-core";
import { settled } from "./settled";

afterEach(() => vi.unstubAllGlobals());

describe("the event stream", () => {
  const read = (...chunks: string[]) => {
    const got: string[] = [];
    const reader = new EventStreamReader((data) => got.push(data));
    for (const chunk of chunks) reader.push(chunk);
    return got;
  };

  it("gives each event's data, wherever the network cuts the stream", () => {
    const stream = 'data: {"a":1}\n\n: still here\n\ndata: {"b":2}\n\n';
    for (let at = 0; at <= stream.length; at += 1) {
      expect(read(stream.slice(0, at), stream.slice(at)), `cut at ${at}`).toEqual(['{"a":1}', '{"b":2}']);
    }
  });

  it("takes Windows line ends, and joins lines of one event", () => {
    expect(read("data: one\r\ndata: two\r\n\r\n")).toEqual(["one\ntwo"]);
  });

  it("passes over comments and other fields", () => {
    expect(read("event: x\nid: 3\n:ping\n\n")).toEqual([]);
  });
});

describe("coalesced readings", () => {
  it("follow each request by a run that began after it", async () => {
    let state = 0;
    const seen: number[] = [];
    const reading = new Coalesced(async () => {
      const at = state;
      await Promise.resolve();
      seen.push(at);
    });
    const done = [reading.request()];
    state = 1;
    done.push(reading.request());
    state = 2;
    done.push(reading.request());
    await Promise.all(done);

    expect(seen, "the first run and exactly one more, which saw the last state").toEqual([0, 2]);
  });

  it("go on after a run that failed", async () => {
    let fail = true;
    const reading = new Coalesced(async () => {
      if (fail) throw new Error("broken");
    });
    await expect(reading.request()).rejects.toThrow("broken");
    fail = false;
    await expect(reading.request()).resolves.toBeUndefined();
  });
});

describe("the feed", () => {
  it("tells that everything may have changed whenever the stream opens again, and on reload", async () => {
    const core = new FakeCore();
    const feed = new Feed(core);
    const told: FeedChange[] = [];
    feed.onChange((change) => told.push(change));
    await feed.open();
    expect(told, "whoever reads first has waited for it").toEqual([]);

    core.linkIs("lost");
    const lost = feed.link;
    core.linkIs("open");
    core.emit({ kind: "reload", since: 1 });

    expect(lost).toBe("lost");
    expect(told).toEqual([{ topic: "everything" }, { topic: "everything" }]);
  });

  it("is there before the first screen reads, which so reads once", async () => {
    const core = new FakeCore();
    const shop = new Shop(core);
    await shop.start();
    await settled();
    for (const command of ["setting_get", "device_list", "chat_list"] as const) {
      expect(core.callsOf(command), command).toHaveLength(1);
    }
  });

  it("tells nobody who has gone", () => {
    const core = new FakeCore();
    const feed = new Feed(core);
    const told: FeedChange[] = [];
    const stop = feed.onChange((change) => told.push(change));
    feed.open();
    stop();
    core.changed({ topic: "chats" });
    expect(told).toEqual([]);
  });
});

describe("the browser host", () => {
  const answers = (...list: Response[]) => {
    const calls: { url: string; init: RequestInit }[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      calls.push({ url, init });
      const next = list.shift();
      if (!next) throw new TypeError("no network");
      return next;
    });
    return calls;
  };
  const platform = () => new BrowserPlatform("http://127.0.0.1:1", "secret");

  it("sends the token in the header and never in the address", async () => {
    const calls = answers(new Response("[]", { status: 200 }));
    await platform().call("device_list", {});
    expect(calls[0]?.url).toBe("http://127.0.0.1:1/api/device_list");
    expect(new Headers(calls[0]?.init.headers).get("authorization")).toBe("Bearer secret");
  });

  it("gives the browser a file only when it is whole", async () => {
    const taken: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      taken.push(blob as Blob);
      return "blob:taken";
    });
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    const given = await platform().openFile("Rosa.txt");
    await given.write("uno");
    await given.end(false);
    expect(taken, "given up").toHaveLength(0);
    const kept = await platform().openFile("Rosa.txt");
    for (const text of ["uno\n", "dos\n"]) await kept.write(text);
    await kept.end(true);
    expect(await taken[0]?.text()).toBe("uno\ndos\n");
  });

  it("gives the core's own code for a refusal", async () => {
    answers(new Response('{"code":"rate_limited","params":{"seconds":3}}', { status: 429 }));
    await expect(platform().call("device_list", {})).rejects.toMatchObject({
      code: "rate_limited",
      params: { seconds: 3 },
    });
  });

  it("says that the call was lost when no answer came or it was cut off", async () => {
    answers();
    await expect(platform().call("device_list", {})).rejects.toMatchObject({ code: "core_lost" });
    answers(new Response('[{"id":', { status: 200 }));
    await expect(platform().call("device_list", {})).rejects.toMatchObject({ code: "core_lost" });
  });

  it("takes the token out of the address and keeps it for this tab", () => {
    window.location.hash = "#token=abc";
    BrowserPlatform.fromWindow(window);
    expect(window.location.href).not.toContain("abc");
    expect(window.sessionStorage.getItem("mostrador.token")).toBe("abc");
  });

  it("takes a notification away when the core says so, and all of them when something was missed", async () => {
    const up = new Set<string>();
    class Shown {
      static readonly permission = "granted";
      onclick: (() => void) | null = null;
      constructor(readonly title: string) {
        up.add(title);
      }
      close() {
        up.delete(this.title);
      }
    }
    vi.stubGlobal("Notification", Shown);
    Object.assign(window, { Notification: Shown });
    const encoder = new TextEncoder();
    let say = (_event: unknown) => {};
    const body = new ReadableStream({
      start: (told) => {
        say = (event) => told.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      },
    });
    answers(new Response(body));
    const host = platform();
    const heard: unknown[] = [];
    const stop = host.events({ event: (event) => heard.push(event), link: () => {} });
    for (const chatId of [1, 2, 3]) host.notify({ chatId, title: `chat ${chatId}`, body: "", open: () => {} });

    say({ kind: "notify_end", chatId: 2 });
    await vi.waitUntil(() => heard.length === 1);
    expect([...up]).toEqual(["chat 1", "chat 3"]);
    say({ kind: "reload", since: 0 });
    await vi.waitUntil(() => heard.length === 2);
    expect([...up]).toEqual([]);
    stop();
  });

  it("opens the stream again after it broke", async () => {
    vi.useFakeTimers();
    const encoder = new TextEncoder();
    const stream = (text: string) => new Response(new Blob([encoder.encode(text)]).stream());
    const calls = answers(stream('data: {"kind":"reload","since":1}\n\n'), stream(""));
    const heard: unknown[] = [];
    const stop = platform().events({ event: (event) => heard.push(event), link: (state) => heard.push(state) });
    await vi.waitUntil(() => heard.includes("lost"));

    await vi.advanceTimersByTimeAsync(600);
    await vi.waitUntil(() => calls.length >= 2);
    stop();
    vi.useRealTimers();
    await settled();

    expect(heard.slice(0, 3)).toEqual(["open", { kind: "reload", since: 1 }, "lost"]);
  });
});
