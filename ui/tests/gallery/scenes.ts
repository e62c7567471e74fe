import type { Pairing } from "../../src/features/pairing/pairing.svelte";
import type { ChatRow, DeviceState, MessageView } from "../../src/platform";
import { keptPanel } from "../../src/views/kept-panel.svelte";
import type { Shop } from "../../src/views/shop.svelte";
import { speech } from "../../src/words";
import { told as storage } from "../../src/words/storage.svelte";
import type { FakeCore } from "../fake-core";
import { about, chatRow, device, label, MINUTE, manyChats, manyMessages, message, UNTOLD } from "../people";
import { CAMPAIGN_SCENES } from "./campaign-scenes";
import { EXPLORER_SCENES } from "./explorer-scenes";
import { HOOK_SCENES } from "./hook-scenes";
import { sampleQr } from "./sample-qr";
import { SEARCH_SCENES } from "./search-scenes";
import { TALK_SCENES } from "./talk-scenes";
import { element, there } from "./there";

export type Scene = {
  /** How large the window is, where that matters. */
  size?: readonly [width: number, height: number];
  before?: (core: FakeCore) => void;
  after?: (core: FakeCore, shop: Shop) => Promise<void> | void;
};

/** A button is pressed, once it is there. */
async function pressed(name: string): Promise<void> {
  const all = () => [...document.querySelectorAll("button")];
  (await there(() => all().find((one) => one.textContent?.trim() === name), name)).click();
}

const now = Date.now();
const DAY = 24 * 60 * MINUTE;
const text = (words: string) => ({ kind: "text" as const, text: words });

const chats: ChatRow[] = [
  chatRow({
    id: 1,
    title: "Lucía Paredes",
    lastAt: now - 2 * MINUTE,
    unread: 3,
    last: {
      fromMe: false,
      ...UNTOLD,
      status: "received",
      body: text("¿Todavía tienes la chompa de alpaca en talla M? La quisiera para el sábado"),
    },
  }),
  chatRow({
    id: 2,
    title: "Mateo Quispe",
    lastAt: now - 14 * MINUTE,
    pinned: true,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "read",
      body: text("Claro, te la separo hasta mañana a las seis."),
    },
  }),
  chatRow({
    id: 3,
    kind: "group",
    title: "Proveedores de la feria de Barranco y alrededores",
    lastAt: now - 40 * MINUTE,
    unread: 128,
    muted: true,
    last: {
      fromMe: false,
      sender: null,
      senderName: "Rosa Huamán",
      senderNumber: null,
      status: "received",
      body: text("Mañana llega el camión a las 7"),
    },
  }),
  chatRow({
    id: 4,
    title: "Valentina Souza",
    lastAt: now - 3 * 60 * MINUTE,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "delivered",
      body: { kind: "image", caption: "Así queda con el lazo rojo" },
    },
  }),
  chatRow({
    id: 5,
    title: "+51900000005",
    lastAt: now - DAY,
    draft: "Hola, sobre tu pedido del lunes",
    last: { fromMe: false, sender: null, senderName: null, senderNumber: null, status: "received", body: text("ok") },
  }),
  chatRow({
    id: 6,
    title: "Joaquín ‮esrever‬ Torres",
    lastAt: now - 2 * DAY,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "failed",
      body: text("Tu pedido ya salió"),
    },
  }),
  chatRow({
    id: 7,
    title: "أحمد السيد",
    lastAt: now - 3 * DAY,
    last: {
      fromMe: false,
      ...UNTOLD,
      status: "received",
      body: text("هل المتجر مفتوح اليوم؟"),
    },
  }),
  chatRow({
    id: 8,
    title: "Camila Ríos",
    lastAt: now - 9 * DAY,
    last: {
      fromMe: false,
      ...UNTOLD,
      status: "received",
      body: { kind: "unknown", rawKind: "poll" },
    },
  }),
  chatRow({
    id: 9,
    title: "Fernanda Oliveira dos Santos",
    lastAt: now - 12 * DAY,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "sent",
      body: text("Obrigada pela compra! 💛"),
    },
  }),
  chatRow({
    id: 10,
    title: "Diego",
    lastAt: now - 30 * DAY,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "queued",
      body: text("Te aviso apenas llegue"),
    },
  }),
  chatRow({
    id: 11,
    title: "Ana",
    lastAt: now - 31 * DAY,
    last: {
      fromMe: true,
      ...UNTOLD,
      status: "uncertain",
      body: text("¿Te llegó?"),
    },
  }),
];

const picture = (id: number, width: number, height: number, state: "ready" | "failed" | "fetching" = "ready") => ({
  id,
  mime: "image/png",
  width,
  height,
  bytes: 120_000,
  fileName: null,
  state,
  seconds: null,
  waveform: null,
});

const talk: MessageView[] = [
  message({ id: 1, at: now - DAY - 60 * MINUTE, body: text("Buenas tardes, ¿atienden los domingos?") }),
  message({
    id: 2,
    at: now - DAY - 58 * MINUTE,
    fromMe: true,
    status: "read",
    sentAt: now - DAY - 58 * MINUTE,
    deliveredAt: now - DAY - 57 * MINUTE,
    readAt: now - DAY - 30 * MINUTE,
    body: text("Sí, de 10 a 2."),
  }),
  message({
    id: 3,
    at: now - DAY - 57 * MINUTE,
    fromMe: true,
    status: "read",
    body: text(
      "Estamos frente al parque, al lado de la farmacia. Si vienes en auto hay sitio para estacionar en la calle de atrás, y si prefieres te lo llevamos a domicilio sin costo dentro del distrito.",
    ),
  }),
  message({ id: 4, at: now - DAY - 20 * MINUTE, body: text("Perfecto 🙌") }),
  message({
    id: 5,
    at: now - 30 * MINUTE,
    fromMe: true,
    status: "delivered",
    body: { kind: "image", caption: "Esta es la última que queda", media: picture(501, 640, 480) },
  }),
  message({
    id: 6,
    at: now - 28 * MINUTE,
    fromMe: true,
    status: "sent",
    body: text(
      "https://ejemplo.example/una-direccion-muy-larga-que-no-cabe-en-una-sola-linea-de-la-burbuja-y-hay-que-partir",
    ),
  }),
  message({ id: 7, at: now - 12 * MINUTE, body: { kind: "unknown", rawKind: "live_location" } }),
  message({ id: 8, at: now - 4 * MINUTE, body: text("¡Qué linda!") }),
  message({ id: 9, at: now - 3 * MINUTE, body: text("<b>¿Todavía</b> tienes la chompa de alpaca en talla M?") }),
  message({ id: 10, at: now - 2 * MINUTE, body: text("La quisiera para el sábado") }),
];

function openPanel(shop: Shop, chatId: number): void {
  shop.openChat(chatId);
  keptPanel.set(true);
}

function filled(core: FakeCore): void {
  core.chats = chats;
  core.messages.set(1, talk);
  core.mediaUrls[501] =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='640' height='480'%3E%3Crect width='640' height='480' fill='%23c9a27a'/%3E%3Ccircle cx='320' cy='240' r='120' fill='%23875a3a'/%3E%3C/svg%3E";
}

/** Among the headings of the settings, that of the room that everything takes. */
function storageTitle(): Element | undefined {
  return [...document.querySelectorAll("h2")].find((title) => title.textContent === storage.words?.title);
}

const state = (now: DeviceState): Scene => ({
  before: (core) => {
    filled(core);
    core.devices = [device({ state: now })];
  },
  after: (_core, shop) => shop.openChat(1),
});

const pairing = (now: DeviceState, then?: (pairing: Pairing, core: FakeCore) => Promise<void> | void): Scene => ({
  before: (core) => {
    core.devices = [device({ practiceNumber: 0, name: "Tienda de práctica", state: now, ownNumber: null })];
    core.status = { ...core.status, practice: { phoneUrl: "http://127.0.0.1:1/phone" } };
  },
  after: async (core, shop) => {
    const [only] = shop.devices.list ?? [];
    if (only) shop.pair(only);
    if (then && shop.screen.kind === "pairing") await then(shop.screen.pairing, core);
  },
});

const shown: DeviceState = {
  kind: "pairing",
  step: { kind: "qr", size: sampleQr.length, modules: sampleQr, expiresAt: now + 20_000 },
};
const labels = [
  label({ id: 1, name: "Nuevo cliente", colour: "green", chats: 3 }),
  label({ id: 2, name: "Pago pendiente", colour: "orange", chats: 2 }),
  label({ id: 3, name: "Mayorista de la sierra central y alrededores", colour: "skyblue", chats: 1 }),
  label({ id: 4, name: null, colour: null, chats: 0 }),
];

/** A busy day: every mark that a row can bear, on one screen. */
function busy(core: FakeCore): void {
  filled(core);
  core.labels = labels;
  const marks: Record<number, Partial<ChatRow>> = {
    1: { labels: [1, 2] },
    2: { labels: [3] },
    4: { triage: "waiting", labels: [1, 2, 3, 4] },
    5: { markedUnread: true },
    6: { triage: "snoozed", snoozedUntil: now + DAY },
    7: { muted: true },
    9: { triage: "done" },
  };
  core.chats = chats.map((row) => ({ ...row, ...marks[row.id] }));
  const kinds = ["voice", "document", "location", "video", "contacts", "order", "sticker", "call", "deleted"];
  core.chats = [
    ...core.chats,
    ...kinds.map((rawKind, at) =>
      chatRow({
        id: 20 + at,
        title: `Cliente ${at + 1}`,
        lastAt: now - DAY - at * 60 * MINUTE,
        last: {
          fromMe: at % 3 === 1,
          ...UNTOLD,
          status: "delivered",
          body: { kind: "unknown", rawKind },
        },
      }),
    ),
  ];
  core.chats = core.chats.map((row) => (row.id % 3 === 0 ? row : { ...row, pictureId: row.id }));
  for (let id = 1; id < 60; id += 1) core.pictureUrls[id] = face(id);
  core.about.set(
    1,
    about({
      number: "+51900000001",
      savedName: "Lucía (chompas)",
      ownName: "Lu 🌸",
      note: "Talla M. Paga los viernes por transferencia.\nEntregar después de las 5.",
      groups: [
        { chatId: 3, name: "Proveedores de la feria de Barranco y alrededores", pictureId: null },
        { chatId: 8, name: null, pictureId: null },
      ],
    }),
  );
  core.files.set(
    1,
    Array.from({ length: 31 }, (_, at) => ({
      messageId: 500 + at,
      at: now - at * DAY,
      fromMe: at % 2 === 0,
      media:
        at % 5 === 4
          ? {
              ...picture(600 + at, 1, 1),
              mime: "application/pdf",
              fileName: at === 9 ? null : `Boleta de venta electrónica ${at} de noviembre.pdf`,
            }
          : { ...picture(501, 640, 480), mime: at % 7 === 6 ? "video/mp4" : "image/png" },
    })),
  );
  core.about.set(
    3,
    about({
      number: null,
      description: "Precios y entregas de la semana. Sin cadenas ni memes, por favor.",
      readOnly: true,
      members: Array.from({ length: 40 }, (_, at) => ({
        address: `5190000${String(1000 + at)}@s.whatsapp.net`,
        name: at % 4 === 3 ? null : `Vecina ${at + 1}`,
        number: `+5190000${String(1000 + at)}`,
        rank: at === 0 ? ("creator" as const) : at < 3 ? ("admin" as const) : ("member" as const),
        pictureId: at % 2 === 0 ? at + 1 : null,
      })),
    }),
  );
}

/** A busy day on which a group is open. */
function grouped(core: FakeCore): void {
  busy(core);
  const about = core.about.get(3);
  const said = (at: number, who: number, words: string) =>
    message({
      id: 900 + at,
      chatId: 3,
      at: now - (20 - at) * MINUTE,
      sender: about?.members[who]?.address ?? null,
      senderName: about?.members[who]?.name ?? null,
      body: text(words),
    });
  core.messages.set(3, [
    said(1, 0, "Buenas, vecinos. Mañana llega el camión a las 7."),
    said(2, 0, "Traigan sus carritos."),
    said(3, 1, "¿Alguien me guarda un sitio?"),
    said(4, 2, "Yo, dos cajas de palta."),
  ]);
}

/** A drawn face; nobody's. */
function face(id: number): string {
  const hue = (id * 47) % 360;
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 80 80'><rect width='80' height='80' fill='hsl(${hue} 40% 78%)'/><ellipse cx='40' cy='84' rx='32' ry='26' fill='hsl(${hue} 45% 45%)'/><circle cx='40' cy='36' r='18' fill='hsl(26 45% ${50 + (id % 4) * 10}%)'/><path d='M22 34a18 18 0 0 1 36 0q-18-10-36 0' fill='#3b2a24'/></svg>`,
  )}`;
}

/** What an outsider can write into a name, a number, a label, a note. */
const hostileNames = [
  "<img src=x onerror=\"document.title='hurt'\"><script>document.title='hurt'</script>",
  "\u202Eedadrev al se otse\u202C \u2066sin cerrar",
  "Z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F".repeat(40),
  "\u200B\u200D\u2060\uFEFF",
  "x".repeat(1_000_000),
  "🤯".repeat(2_000),
];

function hostile(core: FakeCore): void {
  filled(core);
  core.labels = hostileNames.map((name, at) => label({ id: 1 + at, name, chats: at }));
  core.chats = hostileNames.map((words, at) =>
    chatRow({
      id: 1 + at,
      title: words,
      lastAt: now - at * MINUTE,
      labels: [1 + at],
      draft: at === 2 ? words : null,
      last: {
        fromMe: false,
        sender: null,
        senderName: words,
        senderNumber: null,
        status: "received",
        body: text(words),
      },
    }),
  );
  core.about.set(
    1,
    about({
      savedName: hostileNames[0] ?? null,
      ownName: hostileNames[2] ?? null,
      note: hostileNames[4]?.slice(0, 4_000) ?? null,
      description: hostileNames[1] ?? null,
      groups: hostileNames.map((name, at) => ({ chatId: 1 + at, name, pictureId: null })),
    }),
  );
}

export const SCENES: Record<string, Scene> = {
  "hostile-names": { before: hostile, after: (_core, shop) => openPanel(shop, 1) },
  busy: { before: busy, after: (_core, shop) => shop.openChat(1) },
  "busy-devices": {
    before: (core) => {
      busy(core);
      core.devices = [
        device({ lastAckAt: now - MINUTE }),
        device({
          id: 2,
          name: "Tienda norte",
          ownNumber: "51900000002",
          state: { kind: "degraded", since: now - 40 * MINUTE, why: "deaf" },
          lastEventAt: now - 40 * MINUTE,
        }),
        device({ id: 3, name: "Almacén", ownNumber: null, state: { kind: "logged_out" }, lastEventAt: null }),
      ];
      core.chats = core.chats.map((row) => (row.id % 3 === 1 ? { ...row, deviceId: 2 } : row));
    },
    after: (_core, shop) => shop.openChat(2),
  },
  picks: {
    before: busy,
    after: async (_core, shop) => {
      await shop.chats.refresh();
      shop.openChat(1);
      for (const id of [2, 4, 5]) shop.work.picks.toggle(id, 1);
    },
  },
  menu: {
    before: busy,
    after: async (_core, shop) => {
      await shop.chats.refresh();
      shop.openChat(1);
      const row = shop.chats.rows.find(({ id }) => id === 4);
      if (row) shop.work.openMenu("all", new DOMRect(180, 260, 0, 0), [row]);
    },
  },
  "chat-delete": {
    before: (core) => {
      busy(core);
      core.waiting = 2;
    },
    after: async (core, shop) => {
      shop.openChat(1);
      shop.keeping.ask("delete", core.chat(1));
      await element('[role="dialog"] .notice');
    },
  },
  "chat-delete-failed": {
    before: (core) => {
      busy(core);
      core.failNext("chat_delete", { kind: "refused", code: "gateway_unreachable" });
    },
    after: async (core, shop) => {
      shop.openChat(3);
      shop.keeping.ask("delete", core.chat(3));
      await element('[role="dialog"] p');
      await shop.keeping.delete();
    },
  },
  "number-plan": {
    before: busy,
    after: async (_core, shop) => {
      shop.openSettings();
      await element(".card");
      await pressed(speech.words.number.limits);
      await element('[role="dialog"] table');
    },
  },
  "number-profile": {
    before: busy,
    after: async (_core, shop) => {
      shop.openSettings();
      await element(".card");
      await pressed(speech.words.number.profile);
      await element('[role="dialog"] input');
    },
  },
  "number-online": {
    before: (core) => {
      busy(core);
      core.devices = core.devices.map((known) => ({ ...known, shownOnline: true }));
    },
    after: async (_core, shop) => {
      shop.openSettings();
      (await element('[role="switch"]')).scrollIntoView({ block: "center" });
    },
  },
  "chat-disappear": {
    before: busy,
    after: async (core, shop) => {
      shop.openChat(1);
      shop.keeping.ask("disappear", core.chat(1));
      await element('[role="dialog"] fieldset');
    },
  },
  "menu-labels": {
    before: busy,
    after: async (_core, shop) => {
      await shop.chats.refresh();
      shop.openChat(1);
      const row = shop.chats.rows.find(({ id }) => id === 1);
      if (row) shop.work.openMenu("labels", new DOMRect(180, 260, 0, 0), [row]);
    },
  },
  "label-dialog": {
    before: busy,
    after: async (_core, shop) => {
      await shop.labels.load();
      shop.labels.edit({ deviceId: 1, label: shop.labels.list[0] ?? null });
    },
  },
  "export-dialog": {
    before: busy,
    after: (core, shop) => {
      shop.exporting.ask(core.chat(1));
    },
  },
  "group-faces": { before: grouped, after: (_core, shop) => shop.openChat(3) },
  "group-shut": {
    before: (core) => {
      grouped(core);
      const told = core.about.get(3) ?? about();
      const [us] = core.devices;
      const own = {
        address: "1@lid",
        name: null,
        number: `+${us?.ownNumber}`,
        rank: "member" as const,
        pictureId: null,
      };
      core.about.set(3, { ...told, members: [...told.members, own] });
    },
    after: async (_core, shop) => {
      shop.openChat(3);
      await element(".cannot");
    },
  },
  undo: {
    before: busy,
    after: async (_core, shop) => {
      await shop.chats.refresh();
      shop.openChat(1);
      const rows = shop.chats.rows.filter(({ id }) => id === 2 || id === 4);
      await shop.work.act({ kind: "wish", wish: { kind: "archived", on: true } }, rows);
    },
  },
  "snooze-dialog": {
    before: busy,
    after: async (_core, shop) => {
      await shop.chats.refresh();
      shop.work.snoozing = shop.chats.rows.slice(0, 1);
    },
  },
  person: { before: busy, after: (_core, shop) => openPanel(shop, 1) },
  "person-over": { size: [1_000, 700], before: busy, after: (_core, shop) => openPanel(shop, 1) },
  "person-group": { before: grouped, after: (_core, shop) => openPanel(shop, 3) },
  "filter-chips": {
    before: busy,
    after: (_core, shop) => shop.chats.ask({ filter: "snoozed", labelId: 3, deviceId: null }),
  },
  "filter-menu": {
    before: (core) => {
      busy(core);
      core.devices = [device(), device({ id: 2, name: "Tienda norte", ownNumber: "51900000002" })];
    },
    after: async (_core, shop) => {
      await shop.labels.load();
      await shop.chats.ask({ filter: "waiting", labelId: 1, deviceId: null });
      const more = await element(".more button");
      more.focus();
      more.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
    },
  },
  "filter-unanswered": {
    before: (core) => {
      busy(core);
      const minutes = [4, 26, 95, 260, 1_500, 4_400, 7_000, 9_000, 11_000, 15_000];
      core.chats = core.chats.map((row, at) => {
        const waited = row.kind === "person" && !row.last?.fromMe ? minutes[at] : undefined;
        return waited === undefined ? row : { ...row, waitingSince: now - waited * 60_000 };
      });
    },
    after: (_core, shop) => shop.chats.ask({ filter: "unanswered", labelId: null, deviceId: null }),
  },
  "filter-label": {
    before: busy,
    after: (_core, shop) => shop.chats.ask({ filter: "all", labelId: 1, deviceId: null }),
  },
  "many-100k": {
    before: (core) => {
      core.chats = manyChats(100_000);
    },
  },
  ...TALK_SCENES,
  ...EXPLORER_SCENES,
  ...HOOK_SCENES,
  ...SEARCH_SCENES,
  ...CAMPAIGN_SCENES,
  welcome: {
    before: (core) => {
      core.devices = [];
    },
  },
  "welcome-form": {
    before: (core) => {
      core.devices = [];
    },
    after: async (core, shop) => {
      if (shop.screen.kind !== "welcome") return;
      await shop.screen.welcome.load();
      shop.screen.welcome.choose("whapi", "Tienda centro");
      shop.screen.welcome.given.token = "x";
      core.failNext("gateway_test", { kind: "refused", code: "token_rejected" });
      await shop.screen.welcome.test();
    },
  },
  "welcome-two-secrets": {
    before: (core) => {
      core.devices = [];
    },
    after: async (_core, shop) => {
      if (shop.screen.kind !== "welcome") return;
      await shop.screen.welcome.load();
      shop.screen.welcome.choose("waconecta", "Tienda centro");
      shop.screen.welcome.given.token = "x";
      await shop.screen.welcome.add(true);
    },
  },
  "welcome-own-server": {
    before: (core) => {
      core.devices = [];
    },
    after: async (_core, shop) => {
      if (shop.screen.kind !== "welcome") return;
      await shop.screen.welcome.load();
      shop.screen.welcome.choose("evolution", "Tienda centro");
      shop.screen.welcome.given.url = "http://127.0.0.1:8080";
      await shop.screen.welcome.add(true);
    },
  },
  "another-number": {
    after: (_core, shop) => shop.addNumber(),
  },
  keyring: {
    before: (core) => {
      core.devices = [];
    },
    after: async (core, shop) => {
      if (shop.screen.kind !== "welcome") return;
      await shop.screen.welcome.load();
      shop.screen.welcome.choose("whapi", "Tienda centro");
      shop.screen.welcome.given.token = "x";
      core.failNext("device_add", { kind: "refused", code: "keyring_unavailable" });
      await shop.screen.welcome.add(true);
    },
  },
  pairing: pairing(shown),
  "pairing-number": pairing(shown, (open) => open.giveNumber()),
  "pairing-number-refused": pairing(shown, async (open, core) => {
    open.giveNumber();
    open.phone = "900 000";
    core.failNext("device_pair_code", { kind: "refused", code: "number_invalid" });
    await open.askTyped();
  }),
  "pairing-typed": pairing({
    kind: "pairing",
    step: { kind: "typed_code", code: "A2CD9FGH", expiresAt: now + 120_000 },
  }),
  "pairing-typed-ended": pairing({ kind: "pairing", step: { kind: "typed_code_ended" } }),
  "pairing-passkey": pairing({ kind: "pairing", step: { kind: "passkey" } }),
  expired: pairing({ kind: "pairing", step: { kind: "expired" } }),
  syncing: pairing({ kind: "syncing", done: 7, total: 12 }),
  "pairing-trouble": pairing({ kind: "degraded", since: now, why: "unreachable" }),
  chats: { before: filled, after: (_core, shop) => shop.openChat(1) },
  "chats-compact": {
    before: busy,
    after: (_core, shop) => {
      shop.appearance.choose({ density: "compact" });
      shop.openChat(1);
    },
  },
  many: {
    before: (core) => {
      core.chats = manyChats(5000);
      core.messages.set(1, manyMessages(400));
    },
    after: (_core, shop) => shop.openChat(1),
  },
  "no-chat-open": { before: filled },
  empty: {},
  "empty-unread": {
    before: (core) => {
      core.chats = chats.map((row) => ({ ...row, unread: 0 }));
    },
    after: (_core, shop) => shop.chats.choose("unread"),
  },
  "list-failed": {
    before: (core) => {
      filled(core);
      for (let at = 0; at < 9; at += 1) core.failNext("chat_list", { kind: "refused", code: "storage_failed" });
    },
  },
  loading: {
    before: (core) => {
      filled(core);
      core.hold("chat_list");
      core.hold("message_list");
    },
    after: (_core, shop) => shop.openChat(1),
  },
  trouble: {
    before: (core) => {
      filled(core);
      core.messages.set(1, [
        ...talk,
        message({
          id: 11,
          at: now - MINUTE,
          fromMe: true,
          status: "failed",
          needsOperator: true,
          failure: "attempts_used_up",
          body: text("Sí, me queda una en M"),
        }),
        message({
          id: 12,
          at: now - MINUTE,
          fromMe: true,
          status: "uncertain",
          failure: "no_answer",
          needsOperator: true,
          body: text("¿Te la separo?"),
        }),
        message({
          id: 13,
          at: now - MINUTE,
          fromMe: true,
          status: "queued",
          body: { kind: "image", caption: null, media: picture(502, 480, 640, "failed") },
        }),
      ]);
    },
    after: (_core, shop) => shop.openChat(1),
  },
  group: {
    before: (core) => {
      filled(core);
      core.messages.set(3, [
        message({
          id: 30,
          chatId: 3,
          at: now - 50 * MINUTE,
          senderName: "Rosa Huamán",
          body: text("Buenos días a todos"),
        }),
        message({
          id: 31,
          chatId: 3,
          at: now - 49 * MINUTE,
          senderName: "Rosa Huamán",
          body: text("Mañana llega el camión a las 7"),
        }),
        message({ id: 32, chatId: 3, at: now - 48 * MINUTE, senderName: "Pedro", body: text("Gracias Rosa") }),
        message({
          id: 33,
          chatId: 3,
          at: now - 40 * MINUTE,
          fromMe: true,
          status: "read",
          body: text("Ahí estaremos"),
        }),
      ]);
      core.chats = chats.map((row) => (row.id % 3 === 1 ? { ...row, deviceId: 2 } : row));
      core.devices = [device(), device({ id: 2, name: "Tienda norte", state: { kind: "logged_out" } })];
    },
    after: (_core, shop) => shop.openChat(3),
  },
  offline: state({ kind: "degraded", since: now - 3 * MINUTE, why: "unreachable" }),
  restricted: state({ kind: "restricted", until: now + DAY }),
  "logged-out": state({ kind: "logged_out" }),
  "token-rejected": state({ kind: "unconfigured", why: "token_rejected" }),
  "device-unknown": state({ kind: "degraded", since: now - 3 * MINUTE, why: "device_unknown" }),
  settings: {
    before: (core) => {
      filled(core);
      core.devices = [
        device({ lastEventAt: now - 3 * MINUTE, lastAckAt: now - DAY, hasOptions: true }),
        device({
          id: 2,
          name: "Tienda norte",
          ownNumber: null,
          lastEventAt: null,
          token: "this_run",
          inbound: "none",
          state: { kind: "logged_out" },
        }),
      ];
      core.status = { ...core.status, secrets: { kind: "keyring", problem: "keyring_locked" } };
      core.start = { offered: true, on: true };
      core.quiet = { kind: "until", at: now + 60 * MINUTE };
    },
    after: (_core, shop) => shop.openSettings(),
  },
  "settings-storage": {
    before: filled,
    after: async (_core, shop) => {
      shop.openSettings();
      (await there(storageTitle, "card about storage")).scrollIntoView({ block: "start" });
    },
  },
  "link-asks": {
    before: filled,
    after: async (core, shop) => {
      shop.openChat(2);
      core.numbers.set("51900000011", 1);
      core.followed({
        chat: { by: "number", number: "51900000011" },
        text: "Hola, quisiera confirmar mi pedido del sábado.\n¿Sigue en pie?",
      });
      await element('[role="dialog"]');
    },
  },
  "link-nowhere": {
    before: filled,
    after: (core) => core.followed({ chat: { by: "number", number: "51900000099" }, text: null }),
  },
  help: {
    before: filled,
    after: (_core, shop) => {
      shop.help = true;
    },
  },
  database: {
    before: (core) => {
      filled(core);
      core.status = {
        ...core.status,
        database: {
          kind: "set_aside",
          fileName: "mostrador-2026-11-20.damaged",
          at: now - DAY,
          devicesKept: 1,
          messagesKept: 1204,
        },
      };
    },
  },
  lost: {
    before: filled,
    after: (core, shop) => {
      shop.openChat(1);
      core.linkIs("lost");
    },
  },
  failed: { before: (core) => core.failNext("app_status", { kind: "refused", code: "unauthorized" }) },
};
