import type { MessageView } from "../../src/platform";
import type { FakeCore } from "../fake-core";
import { chatRow, MINUTE, message } from "../people";
import type { Scene } from "./scenes";
import { element, there } from "./there";

const now = Date.now();
const DAY = 24 * 60 * MINUTE;
const text = (words: string) => ({ kind: "text" as const, text: words });

const LINES = [
  "Buenos días, ¿todavía hacen tortas de lúcuma para el sábado? Somos doce personas y una no puede comer nueces",
  "La torta llegó perfecta, mil gracias",
  "¿Cuánto cuesta la torta de tres leches para veinte personas, con el nombre escrito y velas?",
  "Te confirmo: torta de chocolate, sábado a las cuatro, con recojo en tienda. El saldo se paga al recoger y recuerda traer la caja si la tienes",
  "¿Y el delivery?",
  "torta",
];

/** A long conversation with Lucía, in which tortas are spoken of now and then. */
function talk(): MessageView[] {
  return Array.from({ length: 400 }, (_, at) =>
    message({
      id: at + 1,
      at: now - (400 - at) * 90 * MINUTE,
      fromMe: at % 8 === 5 || at % 5 === 3,
      status: at % 8 === 5 || at % 5 === 3 ? "read" : "received",
      body: text(
        at % 12 === 5 ? (LINES[((at / 12) % LINES.length) | 0] ?? "") : `Línea ${at} de una conversación larga`,
      ),
    }),
  );
}

function filled(core: FakeCore) {
  core.chats = [
    chatRow({ id: 1, title: "Lucía Paredes", lastAt: now - 5 * MINUTE }),
    chatRow({ id: 2, title: "Tortas Doña Rosa (proveedora de lúcuma y chocolate)", lastAt: now - DAY }),
    chatRow({ id: 3, kind: "group", title: "Tortas de la feria", lastAt: now - 9 * DAY }),
    chatRow({ id: 4, title: "+51900000014", lastAt: now - 40 * DAY }),
  ];
  core.contacts = ["Torta Express", "Tortas Alma"].map((name, at) => ({
    address: `5190000008${at}@s.whatsapp.net`,
    number: `+5190000008${at}`,
    name,
    pushName: null,
    business: null,
    chatId: null,
  }));
  core.messages.set(1, talk());
  core.messages.set(3, [
    message({ id: 901, chatId: 3, at: now - 9 * DAY, senderName: "Ana Ruiz", body: text("¿Quién lleva la torta?") }),
  ]);
  core.messages.set(4, [
    message({
      id: 902,
      chatId: 4,
      at: now - 20 * MINUTE,
      body: {
        kind: "image",
        caption: "Así quedó la torta <b>\nde mi hija",
        media: {
          id: 77,
          mime: "image/png",
          width: 400,
          height: 300,
          bytes: 9,
          fileName: null,
          state: "remote",
          seconds: null,
          waveform: null,
        },
      },
    }),
  ]);
}

const press = (key: string, part: KeyboardEventInit = {}) =>
  (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...part }),
  );
const aMoment = (ms = 250) => new Promise((done) => setTimeout(done, ms));

async function type(words: string) {
  const here = () => (document.activeElement instanceof HTMLInputElement ? document.activeElement : null);
  const field = await there(here, "field to type into");
  field.value = words;
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await aMoment(400);
}

async function search(words: string) {
  press("k", { ctrlKey: true });
  await aMoment();
  await type(words);
}

async function find(words: string) {
  press("f", { ctrlKey: true });
  await aMoment();
  await type(words);
}

export const SEARCH_SCENES: Record<string, Scene> = {
  search: { before: filled, after: () => search("torta") },
  "search-focus": {
    before: filled,
    after: async () => {
      press("k", { ctrlKey: true });
      await aMoment();
    },
  },
  "search-opened": {
    before: filled,
    after: async () => {
      await search("torta");
      for (let at = 0; at < 6; at += 1) press("ArrowDown");
      await aMoment(100);
      press("Enter");
      await aMoment(600);
    },
  },
  "search-none": { before: filled, after: () => search("pasaporte al Perú") },
  "search-waits": {
    before: filled,
    after: async (core) => {
      core.hold("message_search");
      await search("torta");
    },
  },
  "search-failed": {
    before: (core) => {
      filled(core);
      core.failNext("message_search", { kind: "refused", code: "storage_failed" });
    },
    after: () => search("torta"),
  },
  find: {
    before: filled,
    after: async (_core, shop) => {
      shop.openChat(1);
      await element(".composer textarea");
      await aMoment();
      await find("torta");
      for (let at = 0; at < 5; at += 1) {
        press("Enter");
        await aMoment(150);
      }
    },
  },
  "find-none": {
    before: filled,
    after: async (_core, shop) => {
      shop.openChat(1);
      await element(".composer textarea");
      await aMoment();
      await find("pasaporte");
    },
  },
};
