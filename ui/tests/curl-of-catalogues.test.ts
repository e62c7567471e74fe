import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asCurl, isJson, readForm, type Typed } from "../src/features/explorer/form";
import type { EndpointField, EndpointView, SchemaView } from "../src/platform";
import { endpoint, field } from "./endpoints";

/** What is copied for a terminal, of every operation that a gateway documents, with every field of its form filled. */

type Schema = { type: SchemaView["kind"]; choices?: string[]; items?: Schema; fields?: Field[] };
type Field = Schema & { name: string; place?: "path" | "query" };
type Body = { kind: "json"; required?: boolean; fields: Field[] } | { kind: "file"; media: string[] };
type Operation = { id: string; method: string; path: string; parameters?: Field[]; body?: Body };
type Catalogue = { base: string; header: string; endpoints: Operation[]; unpublished?: Operation[] };

/** The values that let somebody in, or are sent on as if they did, by operation. Whatever is below one of these is not copied. */
const SECRETS: Record<string, Record<string, string[]>> = {
  whapi: {
    updateChannelSettings: ["proxy", "mobile_proxy", "webhooks[].headers"],
    webhookTest: ["headers"],
    getOrderItems: ["order_token"],
  },
  evolution: {
    instance_create: ["token"],
    message_send_buttons: ["buttons[].key"],
    pusher_set: ["pusher.key", "pusher.secret"],
    webhook_set: ["webhook.headers"],
  },
  "qr-buho": {
    auth_login: ["password"],
    auth_login_bare: ["password"],
    auth_register: ["password", "password_confirmation"],
    auth_verify_token: ["api_token"],
    login: ["password"],
    tenant_register: ["password"],
    verify_token: ["api_token"],
  },
  waconecta: { getQrStaticSession: ["containerToken"] },
  "whatsapp-api-engine": { registerWebhook: ["secret"] },
};

/** Names that no catalogue may have without being told above. */
const SUSPICIOUS = /pass|secret|token|credential|cookie|authorization|api_?key|^headers$/i;
const FILE = { name: "it's.png", type: "image/png" };

function read(gateway: string): Catalogue {
  const file = join(import.meta.dirname, `../../src-tauri/crates/gateways/src/catalogue/${gateway}.json`);
  return JSON.parse(readFileSync(file, "utf8"));
}

function schemaOf(raw: Schema): SchemaView {
  const items = raw.items ? schemaOf(raw.items) : null;
  const part = { kind: raw.type, choices: raw.choices ?? [], items, fields: (raw.fields ?? []).map(fieldOf) };
  return field("", part).schema;
}

function fieldOf(raw: Field): EndpointField {
  return { name: raw.name, required: false, schema: schemaOf(raw) };
}

function viewOf({ id, method, path, parameters = [], body }: Operation): EndpointView {
  const at = (place: "path" | "query") => parameters.filter((one) => one.place === place).map(fieldOf);
  const json = body?.kind === "json" ? { ...body, required: true, fields: body.fields.map(fieldOf) } : (body ?? null);
  // Of one that has no published path, somebody has typed it.
  return endpoint(id, { method, path: path || "/typed", inPath: at("path"), inQuery: at("query"), body: json });
}

/** A value of a field; `copied`: as it may be copied. A secret is named in its place, and so is all that is below one. */
function value(schema: SchemaView, place: string, secrets: string[], copied: boolean): unknown {
  const name = place.split(".").at(-1)?.replace("[]", "") ?? "";
  if (secrets.includes(place)) {
    const secret = (of: string) => (copied ? `<${of}>` : "canary");
    return schema.kind === "object" ? { "x-shop": secret("x-shop") } : secret(name);
  }
  switch (schema.kind) {
    case "object": {
      const inside = schema.fields.map((one) => {
        return [one.name, value(one.schema, `${place}.${one.name}`, secrets, copied)];
      });
      return inside.length > 0 ? Object.fromEntries(inside) : { note: "kept" };
    }
    case "array":
      return [schema.items ? value(schema.items, `${place}[]`, secrets, copied) : "kept"];
    case "enum":
      return schema.choices[0];
    case "boolean":
      return true;
    case "integer":
    case "number":
      return 2;
    default:
      return `it's ${place}: 100% ñ/&?`;
  }
}

/** What a person types to give a value. */
function typedAs(schema: SchemaView, given: unknown): string {
  if (isJson(schema)) return JSON.stringify(given);
  return Array.isArray(given) ? given.join("\n") : String(given);
}

/** The words of a line, as a shell reads them. */
function words(line: string): string[] {
  const found = line.matchAll(/"([^"]*)"|'((?:[^']|'\\'')*)'(?!\S)|(\S+)/g);
  return [...found].map(([, double, single, bare]) => double ?? single?.replaceAll("'\\''", "'") ?? bare ?? "");
}

describe.each(Object.keys(SECRETS))("of %s", (gateway) => {
  const { base: told, header, endpoints, unpublished = [] } = read(gateway);
  const base = told || "https://gateway.example";
  const operations = [...endpoints, ...unpublished];

  it.each(operations.map((one) => [one.id, one] as const))("%s", (id, operation) => {
    const view = viewOf(operation);
    const secrets = SECRETS[gateway]?.[id] ?? [];
    const fields = view.body?.kind === "json" ? view.body.fields : [];
    const filled = (list: EndpointField[], copied: boolean) =>
      Object.fromEntries(list.map((one) => [one.name, value(one.schema, one.name, secrets, copied)]));
    const typed: Typed = {};
    for (const one of [...view.inPath, ...view.inQuery, ...fields]) {
      const at = fields.includes(one) ? `body.${one.name}` : one.name;
      typed[at] = typedAs(one.schema, value(one.schema, one.name, secrets, false));
    }
    const free = view.body?.kind === "json" && fields.length === 0;
    if (free) typed.body = JSON.stringify({ note: "kept", inner: [{ api_key: "canary" }] });
    const read = readForm(view, typed);
    expect(read.unreadable).toEqual([]);

    const file = view.body?.kind === "file" ? FILE : null;
    const check = (queryInBody: boolean) => {
      const text = asCurl(base, header, { ...view, queryInBody }, read.given, file);
      expect(text).not.toContain("canary");
      const lines = text.split(" \\\n  ").map(words);
      const [verb, url, key, ...carried] = lines;
      expect(verb).toEqual(view.method === "HEAD" ? ["curl", "--head"] : ["curl", "--request", view.method]);
      expect(key).toEqual(["--header", `${header} $TOKEN`]);

      const query = filled(view.inQuery, true);
      const inPath = filled(view.inPath, true);
      const path = view.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(inPath[name])));
      const [before, after = ""] = url?.[0]?.split("?") ?? [];
      expect(before).toBe(base + path);
      const asked = queryInBody ? [] : Object.entries(query).map(([name, one]) => [name, String(one)]);
      expect([...new URLSearchParams(after)]).toEqual(asked);

      if (file) {
        expect(carried).toEqual([
          ["--header", "Content-Type: image/png"],
          ["--data-binary", "@it's.png"],
        ]);
        return;
      }
      const carriedAs = free ? { note: "kept", inner: [{ api_key: "<api_key>" }] } : filled(fields, true);
      const body = queryInBody ? query : carriedAs;
      if (view.body === null && !queryInBody) return expect(carried).toEqual([]);
      expect(carried[0]).toEqual(["--header", "Content-Type: application/json"]);
      expect(carried[1]?.[0]).toBe("--data");
      expect(JSON.parse(carried[1]?.[1] ?? "")).toEqual(body);
    };
    check(false);
    if (view.body === null && view.inQuery.length > 0) check(true);
  });

  it("every value that lets somebody in is known", () => {
    const found: string[] = [];
    const walk = (id: string, place: string, schema: SchemaView) => {
      const name = place.split(".").at(-1) ?? "";
      if (SUSPICIOUS.test(name)) found.push(`${id} ${place}`);
      if (schema.items) walk(id, `${place}[]`, schema.items);
      for (const one of schema.fields) walk(id, `${place}.${one.name}`, one.schema);
    };
    for (const operation of operations) {
      const { id, inPath, inQuery, body } = viewOf(operation);
      const fields = body?.kind === "json" ? body.fields : [];
      for (const one of [...inPath, ...inQuery, ...fields]) walk(id, one.name, one.schema);
    }
    const known = Object.entries(SECRETS[gateway] ?? {}).flatMap(([id, places]) => places.map((at) => `${id} ${at}`));
    expect(found.filter((one) => !known.includes(one))).toEqual([]);
    const ids = operations.map(({ id }) => id);
    expect(Object.keys(SECRETS[gateway] ?? {}).filter((id) => !ids.includes(id))).toEqual([]);
  });
});
