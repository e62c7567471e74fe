import type { Shop } from "../../src/views/shop.svelte";
import { GENERATIONS } from "../endpoints";
import type { FakeCore } from "../fake-core";
import { device } from "../people";
import type { Scene } from "./scenes";

const aMoment = (ms = 250) => new Promise((done) => setTimeout(done, ms));

function base(core: FakeCore) {
  core.devices = [device()];
}

/** Opens the Explorer at a call, as an operator would. */
async function at(shop: Shop, id: string | null) {
  shop.openExplorer(1);
  for (let tries = 0; tries < 40 && !document.querySelector("[data-call]"); tries++) await aMoment(100);
  if (id === null) return;
  const names = [...document.querySelectorAll<HTMLElement>("[data-call]")];
  names.find((button) => button.textContent?.includes(id))?.click();
  await aMoment(50);
}

const HEADERS = [
  { name: "content-type", value: "application/json; charset=utf-8" },
  { name: "x-ratelimit-remaining", value: "99" },
  { name: "set-cookie", value: null },
];

const submit = async () => {
  document.querySelector<HTMLElement>('form [type="submit"]')?.click();
  await aMoment();
};

export const EXPLORER_SCENES: Record<string, Scene> = {
  explorer: { before: base, after: (_core, shop) => at(shop, null) },
  "explorer-form": { before: base, after: (_core, shop) => at(shop, "sendMessagePoll") },
  "explorer-answer": {
    before: (core) => {
      base(core);
      const chats = Array.from({ length: 12 }, (_, place) => ({ id: `5190000${place}@s.whatsapp.net`, unread: place }));
      core.explored = {
        kind: "answered",
        failed: 0,
        status: 200,
        millis: 1_284,
        headers: HEADERS,
        mediaType: "application/json",
        content: { kind: "json", value: { chats, count: 100, total: 12, offset: 0, more: null, last: true } },
      };
    },
    after: async (_core, shop) => {
      await at(shop, "getChats");
      await submit();
      document.querySelector<HTMLElement>(".headers > summary")?.click();
      await aMoment();
    },
  },
  "explorer-saved": {
    before: (core) => {
      base(core);
      const content = { kind: "file", bytes: 48_213, contentBase64: "iVBORw0KGgo=" } as const;
      core.explored = {
        kind: "answered",
        failed: 0,
        status: 200,
        millis: 84,
        headers: HEADERS,
        mediaType: "image/png",
        content,
      };
    },
    after: async (_core, shop) => {
      await at(shop, "getChats");
      await submit();
    },
  },
  "explorer-generations": {
    before: (core) => {
      base(core);
      core.explorer = GENERATIONS;
    },
    after: (_core, shop) => at(shop, "webhook_set"),
  },
  "explorer-problems": {
    before: (core) => {
      base(core);
      core.explored = { kind: "invalid", problems: [{ at: "count", why: "too_large", limit: 500 }] };
    },
    after: async (_core, shop) => {
      await at(shop, "getChats");
      await submit();
    },
  },
  "explorer-confirm": {
    before: base,
    after: async (_core, shop) => {
      await at(shop, "deleteChat");
      await submit();
    },
  },
  "explorer-file": { before: base, after: (_core, shop) => at(shop, "uploadMedia") },
  "explorer-undocumented": { before: base, after: (_core, shop) => at(shop, "createOrder") },
};
