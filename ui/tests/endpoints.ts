import type { EndpointField, EndpointView, ExplorerCatalogue, SchemaView } from "../src/platform";

/** A gateway's operations as the core tells them, one of each sort. Test code only. */
export function field(name: string, part: Partial<SchemaView> = {}, required = false): EndpointField {
  const schema: SchemaView = {
    kind: "string",
    choices: [],
    min: null,
    max: null,
    default: null,
    items: null,
    fields: [],
    ...part,
  };
  return { name, required, schema };
}

export function endpoint(id: string, part: Partial<EndpointView> = {}): EndpointView {
  return {
    id,
    group: "chats",
    method: "GET",
    path: `/${id}`,
    inPath: [],
    inQuery: [],
    queryInBody: false,
    body: null,
    danger: null,
    answer: "json",
    undocumented: false,
    generations: [],
    ...part,
  };
}

const texts = field("options", { kind: "array", min: 2, max: 12, items: field("").schema }, true);

export const CATALOGUE: ExplorerCatalogue = {
  absent: [{ id: "tenant_block", group: "messages" }],
  base: "https://gateway.example",
  header: "Authorization: Bearer",
  generation: null,
  endpoints: [
    endpoint("checkHealth", { group: "channel", path: "/health", inQuery: [field("wakeup", { kind: "boolean" })] }),
    endpoint("getChats", {
      path: "/chats",
      inQuery: [
        field("count", { kind: "number", min: 1, max: 500, default: "100" }),
        field("sort", { kind: "enum", choices: ["asc", "desc"] }),
      ],
    }),
    endpoint("deleteChat", {
      method: "DELETE",
      path: "/chats/{ChatID}",
      inPath: [field("ChatID", {}, true)],
      danger: "irreversible",
    }),
    endpoint("sendMessagePoll", {
      group: "messages",
      method: "POST",
      path: "/messages/poll",
      body: {
        kind: "json",
        required: true,
        fields: [field("to", {}, true), field("title", {}, true), texts, field("header", { kind: "object" })],
      },
      danger: "tells",
    }),
    endpoint("uploadMedia", {
      group: "media",
      method: "POST",
      path: "/media",
      body: { kind: "file", media: ["image/jpeg", "image/png"] },
    }),
    endpoint("createOrder", {
      group: "business",
      method: "POST",
      path: "/business/orders",
      body: { kind: "json", required: false, fields: [] },
      undocumented: true,
      danger: "irreversible",
    }),
  ],
};

/** The same of a gateway with several generations of calls. */
export const GENERATIONS: ExplorerCatalogue = {
  ...CATALOGUE,
  generation: "current",
  endpoints: [
    endpoint("send_by_instance", { path: "/api/send", generations: ["current"] }),
    endpoint("webhook_set", { path: "/webhook/set", generations: ["current", "intermediate", "qrapi2"] }),
    endpoint("message_send", { path: "/message/send", generations: ["qrapi2"] }),
  ],
};
