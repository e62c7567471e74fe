import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Explorer } from "../src/features/explorer/explorer.svelte";
import { asCurl, readForm } from "../src/features/explorer/form";
import { fileName, isSmall, opens } from "../src/features/explorer/json-tree";
import type { EndpointView } from "../src/platform";
import { CATALOGUE, endpoint, field, GENERATIONS } from "./endpoints";
import { FakeCore } from "./fake-core";

const GROUPS: Record<string, string> = { channel: "Canal" };
let core: FakeCore;
let explorer: Explorer;

function call(id: string): EndpointView {
  const found = CATALOGUE.endpoints.find((endpoint) => endpoint.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
}

beforeEach(async () => {
  core = new FakeCore();
  explorer = new Explorer(core, 1, (group) => GROUPS[group] ?? group);
  await explorer.load();
});

describe("the list", () => {
  it("is found by name, path, verb and the group's name on the screen", () => {
    const found = (words: string) => {
      explorer.search = words;
      return explorer.groups.flatMap(({ endpoints }) => endpoints.map(({ id }) => id));
    };
    expect(found("POLL")).toEqual(["sendMessagePoll"]);
    expect(found("delete chats")).toEqual(["deleteChat"]);
    expect(found("canal")).toEqual(["checkHealth"]);
    expect(found("nothing like it")).toEqual([]);
  });

  it("names what the gateway publishes no call for in its group, unless something is searched", () => {
    expect(explorer.absentOf("messages")).toEqual(["tenant_block"]);
    expect(explorer.absentOf("channel")).toEqual([]);
    explorer.search = "poll";
    expect(explorer.absentOf("messages")).toEqual([]);
  });
});

describe("a form", () => {
  it("gives each value as its schema has it, and nothing for what was not typed", () => {
    const typed = {
      "body.to": "51900000011",
      "body.title": "¿Sábado?",
      "body.options": "Sí\n\nNo\n",
      "body.header": "",
    };
    expect(readForm(call("sendMessagePoll"), typed).given.body).toEqual({
      to: "51900000011",
      title: "¿Sábado?",
      options: ["Sí", "No"],
    });
    expect(readForm(call("getChats"), { count: "20", sort: "" }).given).toEqual({
      parameters: { count: 20 },
      body: null,
    });
    expect(readForm(call("checkHealth"), { wakeup: "false" }).given.parameters).toEqual({ wakeup: false });
    expect(readForm(call("getChats"), { count: "many" }).given.parameters, "the core says what is wrong").toEqual({
      count: "many",
    });
  });

  it("calls nothing while some JSON cannot be read", async () => {
    explorer.choose(call("createOrder"));
    explorer.typed.body = "{";
    await explorer.go(true);
    expect(explorer.problems).toEqual([{ at: "body", why: "not_json", limit: null }]);
    expect(core.callsOf("explorer_call")).toEqual([]);
  });
});

describe("a call", () => {
  it("that cannot be taken back is made only after it was agreed to", async () => {
    explorer.choose(call("deleteChat"));
    explorer.typed.ChatID = "51900000011";
    await explorer.go();
    expect(explorer.asking).toBe(true);
    expect(core.callsOf("explorer_call"), "not before").toEqual([]);
    await explorer.go(true);
    expect(core.callsOf("explorer_call")).toMatchObject([{ endpoint: "deleteChat", confirmed: true }]);
    expect(explorer.answer?.status).toBe(200);
  });

  it("that the core finds wrong marks the field it is about", async () => {
    core.explored = { kind: "invalid", problems: [{ at: "count", why: "too_large", limit: 500 }] };
    explorer.choose(call("getChats"));
    explorer.typed.count = "501";
    await explorer.go();
    expect(explorer.problemAt("count")).toEqual({ at: "count", why: "too_large", limit: 500 });
    expect(explorer.problemAt("sort")).toBeUndefined();
  });

  it("that fails keeps what was typed, and another choice forgets it", async () => {
    core.failNext("explorer_call", { kind: "refused", code: "gateway_unreachable" });
    explorer.choose(call("getChats"));
    explorer.typed.count = "5";
    await explorer.go();
    expect(explorer.callFault?.code).toBe("gateway_unreachable");
    expect(explorer.typed.count).toBe("5");
    explorer.choose(call("checkHealth"));
    expect(explorer.typed).toEqual({});
    expect(explorer.callFault).toBeNull();
  });
});

describe("an answer", () => {
  it("that is a file is saved whole under the call's name, and never as something that could be run", async () => {
    const content = { kind: "file", bytes: 6, contentBase64: "iVBORw0K" } as const;
    core.explored = {
      kind: "answered",
      failed: 0,
      status: 200,
      millis: 1,
      headers: [],
      mediaType: "image/png",
      content,
    };
    explorer.choose(call("getChats"));
    await explorer.go();
    expect(explorer.saved, "not by itself").toBe(false);
    await explorer.save();
    expect(core.kept.get("getChats.png")).toBe("iVBORw0K");
    expect(explorer.saved).toBe(true);
    expect(fileName("../a b", "text/html")).toBe("-a-b.html.txt");
    expect(fileName("x", "application/x-sh")).toBe("x.bin");
  });

  it("opens as far as it can be looked over", () => {
    const long = Array.from({ length: 50 }, (_, place) => place);
    expect(opens(long, 0, "some"), "the whole").toBe(true);
    expect(opens(long, 1, "some"), "a long list").toBe(false);
    expect(opens([1, 2], 1, "some"), "a short one").toBe(true);
    expect(opens([1, 2], 3, "some"), "far inside").toBe(false);
    expect(opens(long, 1, "all")).toBe(true);
    expect(opens([1, 2], 1, "none")).toBe(false);
    expect(isSmall({ chats: long })).toBe(true);
    expect(isSmall(Array.from({ length: 10_000 }, () => ({}))), "a window would hang").toBe(false);
  });
});

describe("a gateway with several generations of calls", () => {
  it("lists those of the number's own, of another, or all", async () => {
    core.explorer = GENERATIONS;
    await explorer.load();
    const listed = () => explorer.groups.flatMap(({ endpoints }) => endpoints.map(({ id }) => id));
    expect(explorer.generations).toEqual(["current", "intermediate", "qrapi2"]);
    expect(listed()).toEqual(["send_by_instance", "webhook_set"]);
    explorer.generation = "qrapi2";
    expect(listed()).toEqual(["webhook_set", "message_send"]);
    explorer.generation = "";
    expect(listed()).toHaveLength(3);
  });

  it("is the only one that is asked about", () => {
    expect(explorer.generations).toEqual([]);
  });
});

describe("curl", () => {
  const { base, header } = CATALOGUE;

  it("has the call whole and a name in place of the secret", () => {
    const given = readForm(call("sendMessagePoll"), { "body.to": "51900000011", "body.title": "it's" }).given;
    expect(asCurl(base, header, call("sendMessagePoll"), given, null)).toBe(
      [
        "curl --request POST",
        "'https://gateway.example/messages/poll'",
        '--header "Authorization: Bearer $TOKEN"',
        "--header 'Content-Type: application/json'",
        `--data '{"to":"51900000011","title":"it'\\''s"}'`,
      ].join(" \\\n  "),
    );
  });

  it("names a secret of the body where it goes, and copies none", () => {
    const body = { containerToken: "not-to-be-copied", inner: [{ password: "nor-this" }], message: "Hola" };
    const copied = asCurl(base, header, call("sendMessagePoll"), { parameters: {}, body }, null);
    expect(copied).toContain(
      `'{"containerToken":"<containerToken>","inner":[{"password":"<password>"}],"message":"Hola"}'`,
    );
  });

  it("copies no key, no header and nothing of a proxy, and leaves the key of a message", () => {
    const body = {
      apikey: "no-1",
      pusher: { key: "no-2", api_key: "no-3" },
      webhook: { url: "https://shop.example", headers: { authorization: "no-4", "x-any": ["no-5"] } },
      proxyHost: "no-6",
      proxy: { host: "no-7", port: 8080 },
      key: { id: "A1", fromMe: true },
    };
    const copied = asCurl(base, header, call("sendMessagePoll"), { parameters: {}, body }, null);
    expect(copied).not.toMatch(/no-\d|8080/);
    expect(copied).toContain('"key":{"id":"A1","fromMe":true}');
    expect(copied).toContain('"headers":{"authorization":"<authorization>","x-any":["<x-any>"]}');
  });

  it("tells what kind of file it carries: curl would call it a form", () => {
    const upload: EndpointView = { ...call("sendMessagePoll"), body: { kind: "file", media: ["image/png"] } };
    const given = { parameters: {}, body: null };
    const copied = asCurl(base, header, upload, given, { name: "it's.png", type: "image/png" });
    expect(copied).toContain("--header 'Content-Type: image/png'");
    expect(copied).toContain("--data-binary '@it'\\''s.png'");
    expect(asCurl(base, header, upload, given, { name: "a", type: "" })).toContain(
      "--header 'Content-Type: application/octet-stream'",
    );
  });

  it("has the customer's id in a typed path where that wants it, and then no body", () => {
    const typed = (path: string): EndpointView => ({ ...call("sendMessagePoll"), method: "POST", path });
    const given = { parameters: {}, body: { id: "a/7" } };
    const inPath = asCurl(base, header, typed("/tenant/{id}/block"), given, null);
    expect(inPath).toContain("/tenant/a%2F7/block'");
    expect(inPath).not.toContain("--data");
    expect(asCurl(base, header, typed("/tenant/block"), given, null)).toContain(`--data '{"id":"a/7"}'`);
  });

  it("has the query in a body where the call carries it so", () => {
    const parameters = { remoteJid: "51900000011@s.whatsapp.net", fromMe: true, token: "not-to-be-copied" };
    const inQuery = ["remoteJid", "fromMe", "token"].map((name) => field(name));
    const copied = (queryInBody: boolean) => {
      const asked = endpoint("delete", { method: "DELETE", path: "/chat/message/delete", inQuery, queryInBody });
      return asCurl(base, header, asked, { parameters, body: null }, null);
    };
    expect(copied(true)).toContain("'https://gateway.example/chat/message/delete'");
    expect(copied(true)).toContain(
      `--data '{"remoteJid":"51900000011@s.whatsapp.net","fromMe":true,"token":"<token>"}'`,
    );
    expect(copied(false)).toContain("/delete?remoteJid=51900000011%40s.whatsapp.net&fromMe=true&token=%3Ctoken%3E'");
    expect(copied(false)).not.toContain("--data");
  });

  it("encodes what stands in the address", () => {
    const { given } = readForm(call("deleteChat"), { ChatID: "a/b'c" });
    expect(asCurl(base, header, call("deleteChat"), given, null)).toContain("/chats/a%2Fb'\\''c'");
  });
});

describe("the words", () => {
  const read = (language: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, `../src/words/explorer.${language}.json`), "utf8"));
  const paths = (node: unknown, path = ""): string[] =>
    typeof node === "string"
      ? [`${path} ${[...node.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted()}`]
      : Object.entries(node as object).flatMap(([key, child]) => paths(child, `${path}.${key}`));

  it.each(["pt-BR", "en"])("in %s have the keys and the values of the Spanish ones", (language) => {
    expect(paths(read(language)).toSorted()).toEqual(paths(read("es")).toSorted());
  });
});
