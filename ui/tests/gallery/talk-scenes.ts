import type { MediaView, MemberReceiptView, MessageBody, MessageView, ShownAs } from "../../src/platform";
import type { Shop } from "../../src/views/shop.svelte";
import type { FakeCore } from "../fake-core";
import { chatRow, MINUTE, manyMessages, message, quoted } from "../people";
import type { Scene } from "./scenes";
import { there } from "./there";

/** The conversation and the composer in each of their states. */
const now = Date.now();
const text = (words: string): MessageBody => ({ kind: "text", text: words });
const ANA = "51900000021@s.whatsapp.net";

export function media(part: Partial<MediaView>): MediaView {
  return {
    id: 600,
    mime: "image/png",
    width: null,
    height: null,
    bytes: 120_000,
    fileName: null,
    state: "remote",
    seconds: null,
    waveform: null,
    ...part,
  };
}

/** A drawn picture, of nothing. */
export const drawn = (fill: string) =>
  `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='400' height='400'%3E%3Ccircle cx='200' cy='200' r='180' fill='%23${fill}'/%3E%3C/svg%3E`;

const file = (shownAs: ShownAs, part: Partial<MediaView>, caption: string | null = null): MessageBody => ({
  kind: "file",
  shownAs,
  caption,
  media: media(part),
});

/** Messages a minute apart, the last one now. */
function talkOf(parts: Partial<MessageView>[], chatId = 1): MessageView[] {
  return parts.map((part, at) =>
    message({
      id: at + 1,
      chatId,
      at: now - (parts.length - at) * MINUTE,
      status: part.fromMe ? "read" : "received",
      ...part,
    }),
  );
}

function open(messages: MessageView[], after?: (core: FakeCore, shop: Shop) => Promise<void> | void): Scene {
  const chatId = messages[0]?.chatId ?? 1;
  return {
    before: (core) => {
      core.chats = [
        chatRow({ id: 1, title: "Lucía Paredes", lastAt: now }),
        chatRow({ id: 2, title: "Mateo Quispe", lastAt: now - MINUTE }),
        chatRow({ id: 3, kind: "group", title: "Proveedores de la feria", lastAt: now - 2 * MINUTE }),
      ];
      core.messages.set(chatId, messages);
      core.pasts.set(3, {
        earlier: [],
        sending: null,
        members: [],
        votes: [
          { fromMe: true, name: null, options: ["Sábado"] },
          { fromMe: false, name: "Ana Ruiz", options: ["Sábado"] },
          { fromMe: false, name: "Rosa Huamán", options: ["Domingo por la mañana, antes de las once"] },
        ],
      });
      core.pasts.set(2, {
        earlier: [{ at: now - 20 * MINUTE, text: "A las *tres*" }],
        votes: [],
        sending: { attempts: 3, triedAt: null, nextAt: null, failure: "no_answer" },
        members: [],
      });
      core.mediaUrls[601] = drawn("c9a27a");
      core.listen = async () => ({
        end: async (keep) => (keep ? new Blob(["voz"], { type: "audio/ogg" }) : null),
      });
    },
    after: async (core, shop) => {
      shop.openChat(chatId);
      await shop.conversation?.refresh();
      await after?.(core, shop);
    },
  };
}

const aMoment = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Presses the last of these, once it is there. */
async function press(selector: string, kind = "click") {
  const found = await there(() => [...document.querySelectorAll<HTMLElement>(selector)].at(-1), selector);
  // It has come to its place.
  await aMoment(100);
  const { left, top } = found.getBoundingClientRect();
  const at = { clientX: left + 20, clientY: top + 12 };
  found.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, ...at }));
  await aMoment(150);
}

/** A small picture as a file has it. */
function painted(): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 90;
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.fillStyle = "tan";
    pen.fillRect(0, 0, 90, 90);
    pen.fillStyle = "sienna";
    pen.fillRect(25, 25, 40, 40);
  }
  return new Promise((done) => canvas.toBlob((blob) => done(blob ?? new Blob())));
}

const composerOf = (shop: Shop) => shop.desk.at(chatRow({ id: 1 }));

const words = talkOf([
  { body: text("*Precios de hoy*\n- Chompa de alpaca: ~120~ *99 soles*\n- Gorro: _agotado_\n- Código `AL-99`") },
  {
    fromMe: true,
    body: text("1. Escoge talla\n2. Paga por transferencia\n3. Te llega mañana\n> y si no llega, es gratis"),
  },
  { body: text("```\nnombre   cantidad\nchompa   2\n```\nMira https://tienda.example/catalogo?id=7. ¿Sirve?") },
  { fromMe: true, body: text("Escríbeme a ventas@tienda.example o entra a www.tienda.example") },
  { body: text("👍🏽🎉") },
  { fromMe: true, body: text("Gracias 💛"), forwarded: true, starred: true, pinned: true, editedAt: now },
]);

const documents = talkOf([
  {
    body: file(
      "document",
      {
        fileName: "Lista de precios noviembre y diciembre para tiendas de la feria.pdf",
        mime: "application/pdf",
        bytes: 2_340_000,
        state: "ready",
      },
      "La lista",
    ),
  },
  {
    body: file("document", {
      fileName: "factura‮fdp.exe",
      mime: "application/x-msdownload",
      bytes: 90_000,
      state: "ready",
    }),
  },
  {
    fromMe: true,
    body: {
      kind: "location",
      latitude: -12.1492,
      longitude: -77.0219,
      name: "La tienda",
      address: "Jr. Unión 108, Barranco",
      live: false,
    },
  },
  {
    body: {
      kind: "contacts",
      cards: [{ name: "Proveedor de lanas", vcard: "BEGIN:VCARD\nTEL;type=CELL:+51 900 000 033\nEND:VCARD" }],
    },
  },
]);

const cards = talkOf([
  {
    fromMe: true,
    body: {
      kind: "link_preview",
      text: "Aquí está: https://tienda.example/alpaca",
      title: "Chompas de alpaca tejidas a mano",
      description: "Hechas en Puno, con lana de alpaca de primera",
      url: "https://tienda.example/alpaca",
    },
  },
  {
    body: {
      kind: "interactive",
      header: "Tu pedido",
      body: "¿Cómo lo quieres recibir?",
      footer: "Responde con un botón",
      listLabel: null,
      choices: [
        { id: "1", title: "En la tienda", description: null },
        { id: "2", title: "A domicilio", description: null },
      ],
    },
  },
  {
    body: {
      kind: "poll",
      question: "¿Qué día les queda mejor?",
      options: ["Sábado", "Domingo por la mañana, antes de las once", "Lunes"],
      several: false,
    },
  },
  { body: { kind: "notice", notice: "order", text: "2 productos, 198 soles" } },
  { body: { kind: "notice", notice: "call", text: null } },
]);

const sounds = talkOf([
  {
    body: file("voice", {
      mime: "audio/ogg",
      seconds: 42,
      waveform: Array.from({ length: 64 }, (_, at) => Math.abs(Math.round(60 * Math.sin(at / 3) + 30 * Math.sin(at)))),
    }),
  },
  {
    fromMe: true,
    body: file("audio", { mime: "audio/mpeg", seconds: 187, bytes: 3_100_000 }, "La canción de la tienda"),
  },
]);

const pictures = talkOf([
  { fromMe: true, body: file("video", { mime: "video/mp4", width: 480, height: 640, seconds: 33, state: "failed" }) },
  { body: file("gif", { mime: "video/mp4", width: 480, height: 360, seconds: 3, bytes: 400_000 }) },
  { fromMe: true, body: file("short_video", { mime: "video/mp4", seconds: 12, bytes: 900_000 }) },
  { body: file("sticker", { id: 601, mime: "image/webp", width: 512, height: 512, state: "ready" }) },
  {
    body: file("video", { mime: "video/mp4", width: 1280, height: 720, seconds: 33, bytes: 8_400_000 }, "Así se lava"),
  },
]);

const unknown = talkOf([
  { body: { kind: "unknown", rawKind: "live_location" } },
  { body: { kind: "notice", notice: "call", text: null } },
  { body: { kind: "deleted" } },
  { fromMe: true, body: text("¿Me lo puedes escribir? Aquí no se ve.") },
]);

const marks = talkOf([
  { body: text("¿A qué hora abren mañana?") },
  {
    fromMe: true,
    body: text("A las *cuatro*"),
    quoted: quoted({ messageId: 1, text: "¿A qué hora abren mañana?" }),
    editedAt: now,
    reactions: [
      { fromMe: false, name: "Lucía", emoji: "👍" },
      { fromMe: true, name: null, emoji: "👍" },
      { fromMe: false, name: null, emoji: "❤️" },
    ],
  },
  { body: text("Perfecto"), quoted: quoted({ messageId: 2, text: "A las *cuatro*" }), starred: true },
  { body: { kind: "deleted" } },
  { fromMe: true, body: { kind: "deleted" } },
  { fromMe: true, body: text("Te lo cambio"), pending: [{ action: "edit", failure: null }] },
  { fromMe: true, body: text("Bórralo"), pending: [{ action: "delete", failure: "refused_content" }] },
  { body: text("Algo viejo"), quoted: quoted({ messageId: null, text: null }) },
  { fromMe: true, body: text("Anotado"), pinned: true, status: "delivered", deliveredAt: now, sentAt: now },
]);

const hostile = talkOf([
  { body: text("<img src=x onerror=alert(1)><script>alert(2)</script> {@html x}") },
  { body: text("‮esto está al revés‬ y esto no. ⁦aislado sin cerrar") },
  { body: text("Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞") },
  { body: text("\u200B\u200D\u2060\uFEFF") },
  { body: text("x".repeat(1_000_000)) },
  { body: text("🤯".repeat(400)) },
  { body: text("javascript:alert(1) data:text/html,x file:///etc/passwd https://раураl.example/entrar") },
  { fromMe: true, body: { kind: "contacts", cards: [{ name: "<b>Ana</b>", vcard: "TEL:javascript:alert(1)" }] } },
  { body: { kind: "link_preview", text: "mira", title: "<script>", description: null, url: "javascript:alert(1)" } },
]);

const group = talkOf(
  [
    { sender: ANA, senderName: "Ana Ruiz", body: text("Buenos días a todos") },
    { sender: ANA, senderName: "Ana Ruiz", body: text("Mañana llega el camión a las 7") },
    {
      sender: "51900000022@s.whatsapp.net",
      senderName: "Rosa Huamán",
      body: text("Gracias @51900000021"),
      mentions: [ANA],
    },
    { sender: "51900000023@s.whatsapp.net", senderName: "Pedro", body: file("voice", { seconds: 9 }) },
    { fromMe: true, body: text("Ahí estaremos @51900000021 y @51900000099"), mentions: [ANA] },
  ],
  3,
);

/** Of the group's members some have read what the shop wrote, and some have it. */
const reached: MemberReceiptView[] = [
  { name: "Ana Ruiz", number: "+51900000021", deliveredAt: now - 9 * MINUTE, readAt: now - MINUTE, playedAt: null },
  { name: "Rosa Huamán", number: "+51900000022", deliveredAt: null, readAt: now - 4 * MINUTE, playedAt: null },
  { name: null, number: "+51900000024", deliveredAt: now - 2 * MINUTE, readAt: null, playedAt: null },
  ...Array.from({ length: 9 }, (_, nth) => ({
    name: nth === 0 ? null : `Proveedor ${nth} de ${"frutas y ".repeat(nth)}verduras`,
    number: null,
    deliveredAt: now - (3 + nth) * MINUTE,
    readAt: null,
    playedAt: null,
  })),
];

export const TALK_SCENES: Record<string, Scene> = {
  "talk-words": open(words),
  "talk-document": open(documents),
  "talk-cards": open(cards),
  "talk-sounds": open(sounds),
  "talk-pictures": open(pictures),
  "talk-unknown": open(unknown),
  "talk-marks": open(marks),
  "talk-hostile": open(hostile),
  "talk-group": open(group),
  "talk-menu": open(marks, () => press('[data-message-id="3"]', "contextmenu")),
  "talk-queued": open(
    talkOf([
      { body: text("¿Cuánto está la torta de lúcuma?") },
      { fromMe: true, status: "queued", body: text("S/ 50") },
    ]),
    async (_core, shop) => {
      composerOf(shop).type("¿Se la guardo?");
      await press('[data-message-id="2"]', "contextmenu");
    },
  ),
  "talk-delete": open(marks, async (_core, _shop) => {
    await press('[data-message-id="9"]', "contextmenu");
    await press(".menu .danger");
  }),
  "talk-forward": open(marks, async () => {
    await press('[data-message-id="3"]', "contextmenu");
    await press(".menu .item:nth-of-type(3)");
  }),
  "talk-info": open(marks, () => press('[data-message-id="2"] .edited')),
  "talk-info-group": open(
    group.map((one) => (one.fromMe ? { ...one, editedAt: now } : one)),
    (core) => {
      core.pasts.set(5, { earlier: [], votes: [], sending: null, members: reached });
      return press('[data-message-id="5"] .edited');
    },
  ),
  "talk-select": open(marks, async () => {
    await press('[data-message-id="3"]', "contextmenu");
    await press(".menu .item:nth-of-type(7)");
    await press('[data-message-id="1"]');
  }),
  "talk-link": open(hostile, () => press('[data-message-id="7"] .link')),
  "talk-100k": open(manyMessages(100_000)),
  "write-reply": open(marks, (_core, shop) => {
    const [first] = marks;
    if (first) composerOf(shop).reply(first);
    composerOf(shop).type("A las cuatro, como siempre");
  }),
  "write-edit": open(marks, (_core, shop) => {
    const last = marks.at(-1);
    if (last) composerOf(shop).edit(last);
  }),
  "write-files": open(marks, async (core, shop) => {
    const offers = { maxTextChars: 4096, files: core.devices[0]?.capabilities.files ?? [] };
    const composer = composerOf(shop);
    composer.attach(new File([await painted()], "foto.png", { type: "image/png" }), offers);
    composer.attach(new File([new Uint8Array(2_000_000)], "Lista de precios.pdf", { type: "application/pdf" }), offers);
    composer.attach(new File([new Uint8Array(20_000_000)], "enorme.zip", { type: "application/zip" }), offers);
  }),
  "write-format": open(marks, async (_core, shop) => {
    composerOf(shop).type("*Oferta* de hoy: ~120~ 99 soles\n- gorro\n- _chalina_");
    await press('.composer [aria-pressed="false"]');
  }),
  "write-emoji": open(marks, async () => {
    await press('.composer [aria-haspopup="dialog"]');
  }),
  "write-undo": open(marks, async (_core, shop) => {
    composerOf(shop).type("Ya va");
    await composerOf(shop).send({ maxTextChars: 4096, files: [], undoSeconds: 60 });
  }),
  "write-names": open(group, async (_core, shop) => {
    shop.desk.at(chatRow({ id: 3 })).type("@");
    await press("textarea", "focus");
    const field = document.querySelector("textarea");
    field?.focus();
    field?.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }),
};
