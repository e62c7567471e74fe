import type { CampaignView, ImportRow, RecipientView, ReplyView } from "../../src/platform";
import { keptPanel } from "../../src/views/kept-panel.svelte";
import { campaign, personName, plan, recipient, sheetRow } from "../fake-campaigns";
import type { FakeCore } from "../fake-core";
import { chatRow, device, label, MINUTE } from "../people";
import type { Scene } from "./scenes";
import { element, there } from "./there";

const now = Date.now();
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const aMoment = (ms = 250) => new Promise((done) => setTimeout(done, ms));

const WORDS =
  'Hola {{nombre | default("vecina")}} 👋\n\nEste *fin de semana* tenemos _torta de lúcuma_ a mitad de precio en la tienda de {{distrito}}.\n\n• Sábado y domingo\n• De 9 a 19\n\nSi no quieres recibir más mensajes, responde BAJA.';
const COLUMNS = ["nombre", "distrito", "saldo"];
const TABLE = { columns: COLUMNS, variables: COLUMNS, nameColumn: 0 };

const written = plan({
  texts: [
    { share: 60, body: { kind: "text", text: WORDS } },
    { share: 40, body: { kind: "text", text: "Hola {{nombre}}, ¿te guardamos una torta de lúcuma para el sábado?" } },
  ],
});

function people(count: number, part: (place: number) => Partial<RecipientView> = () => ({})): RecipientView[] {
  return Array.from({ length: count }, (_, place) =>
    recipient(place, { variant: place % 5 < 3 ? 0 : 1, ...part(place) }),
  );
}

/** As a campaign stands after `done` of its people. */
function gone(done: number, started: number): (place: number) => Partial<RecipientView> {
  return (place) => {
    if (place % 31 === 30) return { state: "skipped", reason: place % 2 ? "written_recently" : "not_on_whatsapp" };
    if (place % 47 === 46) return { state: "opted_out" };
    if (place >= done) return {};
    const sentAt = started + place * 14_000 + Math.floor(place / 40) * 5 * MINUTE;
    if (place % 23 === 22) return { state: "failed", reason: place % 2 ? "refused_recipient" : "attempts_used_up" };
    const base = { sentAt, chatId: place + 1, messageId: place + 900 };
    if (place % 9 === 4)
      return { ...base, state: "replied", readAt: sentAt + 4 * MINUTE, repliedAt: sentAt + 20 * MINUTE };
    if (place % 3 === 0) return { ...base, state: "read", readAt: sentAt + 9 * MINUTE };
    return { ...base, state: place % 7 === 1 ? "sent" : "delivered" };
  };
}

function base(core: FakeCore) {
  core.devices = [device(), device({ id: 2, name: "Tienda Miraflores", ownNumber: "51900000002" })];
  core.chats = [
    chatRow({ id: 1, title: "Lucía Paredes", lastAt: now - 2 * MINUTE }),
    chatRow({ id: 3, kind: "group", title: "Clientas de la feria", lastAt: now - 40 * MINUTE }),
  ];
  core.labels = [label({ id: 1, name: "Clientes de Navidad" }), label({ id: 2, name: "Pago pendiente" })];
  core.campaigns.segments = [{ id: 4, name: "Vecinas de Barranco", sources: [{ kind: "label", labelId: 1 }] }];
}

/** Of these nobody knows whether they got it. */
function unsettled(all: RecipientView[]): RecipientView[] {
  for (const place of [20, 77, 120]) {
    const one = all[place];
    if (one) all[place] = { ...one, state: "uncertain", needsOperator: true, reason: null, sentAt: null };
  }
  return all;
}

/** As a rescue leaves one that may have started: it stands as before its start, and some may have got it. */
function rescued(core: FakeCore) {
  base(core);
  core.campaigns.add(
    campaign({ plan: written, ...TABLE, sources: [{ kind: "label", labelId: 1 }] }),
    unsettled(people(412)),
  );
}

/** One that ran when the file was damaged: two had their turn, of the others nobody knows, and some are lost. */
function stopped(core: FakeCore) {
  base(core);
  const started = now - 70 * MINUTE;
  const all = people(409, gone(187, started)).map((one) =>
    one.state === "pending" || [20, 77].includes(one.place)
      ? { ...one, state: "uncertain" as const, needsOperator: true, sentAt: null }
      : one,
  );
  const pause = { cause: "rescued" } as const;
  const part = { state: "paused", pause, rehearsed: true, startedAt: started, missing: 3 } as const;
  core.campaigns.add(campaign({ plan: written, ...TABLE, sources: [{ kind: "label", labelId: 1 }], ...part }), all);
}

const editing =
  (part: Partial<CampaignView> = {}) =>
  (core: FakeCore) => {
    base(core);
    const sources: CampaignView["sources"] = [{ kind: "sheet", fileName: "clientas-navidad.csv" }];
    core.campaigns.add(campaign({ plan: written, ...TABLE, sources, ...part }), people(412, gone(0, now)));
  };

const running =
  (part: Partial<CampaignView> = {}, uncertain = false) =>
  (core: FakeCore) => {
    base(core);
    const started = now - 70 * MINUTE;
    const all = people(412, gone(187, started));
    if (uncertain) unsettled(all);
    core.campaigns.add(
      campaign({
        state: "running",
        plan: written,
        ...TABLE,
        rehearsed: true,
        startedAt: started,
        sources: [{ kind: "label", labelId: 1 }],
        waits: { until: now + 11 * MINUTE, why: "rest" },
        ...part,
      }),
      all,
    );
  };

function finished(core: FakeCore) {
  base(core);
  const started = now - 2 * DAY - 5 * HOUR;
  core.campaigns.add(
    campaign({
      state: "finished",
      plan: written,
      ...TABLE,
      startedAt: started,
      endedAt: started + 4 * HOUR,
      sources: [{ kind: "sheet", fileName: "clientas-navidad.csv" }],
    }),
    people(412, gone(412, started)),
  );
  core.campaigns.replies = ANSWERS;
}

const ANSWERS: ReplyView[] = [
  ["question", "¿Hacen envíos a Surco? Y la torta de doce porciones, ¿cuánto queda con el descuento?", null, false],
  ["opt_out", "ya no me escriban por favor", "asked", false],
  ["other", "Gracias! paso el sábado 🙌", null, false],
  ["opt_out", "BAJA", "out", false],
  ["other", "", null, true],
].map(([kind, reply, optOut, answered], at) => ({
  recipientId: at + 1,
  campaignId: 1,
  campaign: "Ofertas de diciembre",
  chatId: at + 1,
  name: personName(at + 3),
  sent: `Hola ${personName(at + 3).split(" ")[0]} 👋\n\nEste *fin de semana* tenemos _torta de lúcuma_ a mitad de precio en la tienda de Barranco.`,
  reply: String(reply),
  at: now - (at + 1) * 17 * MINUTE,
  kind: kind as ReplyView["kind"],
  optOut: optOut as ReplyView["optOut"],
  optOutId: optOut === null ? null : at + 1,
  answered: answered === true,
}));

function listed(core: FakeCore) {
  base(core);
  const add = (id: number, part: Partial<CampaignView>, all: RecipientView[] = []) =>
    core.campaigns.add(campaign({ id, createdAt: now - id * HOUR, ...part }), all);
  add(
    9,
    { name: "Aviso de feriado", state: "cancelled", startedAt: now - 20 * DAY, endedAt: now - 20 * DAY },
    people(80, (place) => (place < 30 ? { state: "read" } : { state: "skipped", reason: "cancelled" })),
  );
  add(
    8,
    { name: "Encuesta de sabores", state: "finished", startedAt: now - 6 * DAY, endedAt: now - 6 * DAY, deviceId: 2 },
    people(300, gone(300, now - 6 * DAY)),
  );
  add(
    7,
    {
      name: "Cobros de noviembre (reintento)",
      state: "finished",
      followsId: 3,
      followsAs: "retry",
      startedAt: now - DAY,
      endedAt: now - DAY,
    },
    people(12, (place) => (place < 10 ? { state: "delivered" } : { state: "failed", reason: "refused_recipient" })),
  );
  add(6, { name: "Carta de enero", state: "missed", startsAt: now - 5 * HOUR }, people(90));
  add(
    5,
    {
      name: "Cobros de diciembre",
      state: "paused",
      pause: { cause: "restricted", until: now + 9 * HOUR },
      startedAt: now - 3 * HOUR,
    },
    people(240, gone(90, now - 3 * HOUR)),
  );
  add(4, { name: "Saludo de aniversario", state: "scheduled", startsAt: now + 2 * DAY }, people(1_204));
  add(
    3,
    {
      name: "Lanzamiento de la torta de lúcuma con helado artesanal en las tres tiendas de Lima",
      state: "rehearsed",
      deviceId: 2,
    },
    people(64),
  );
  add(2, { name: "Panetones" });
  add(1, { name: "Ofertas de diciembre", state: "running", startedAt: now - HOUR }, people(412, gone(187, now - HOUR)));
}

function sheet(): ImportRow[] {
  const rows = Array.from({ length: 380 }, (_, at) => sheetRow(at + 2));
  const put = (at: number, part: Partial<ImportRow>, cell: string) => {
    const row = rows[at];
    if (!row) return;
    rows[at] = { ...row, ...part, cells: [row.cells[0] ?? "", cell, row.cells[2] ?? "", row.cells[3] ?? ""] };
  };
  for (let at = 0; at < 60; at += 1)
    put(at * 3 + 1, { verdict: "repaired", repairs: ["marks"] }, `'+5190000${String(at).padStart(4, "0")}`);
  for (let at = 0; at < 9; at += 1)
    put(at * 7 + 2, { verdict: "proposed", repairs: ["words_dropped"] }, `90000${at}1${at}2 (mamá)`);
  for (let at = 0; at < 4; at += 1) put(at * 11 + 3, { verdict: "proposed", repairs: ["perhaps_rounded"] }, "5,19E+11");
  put(5, { verdict: "several", numbers: ["51900000031", "51900000032"] }, "900000031 / 900000032");
  put(9, { verdict: "not_a_number", reason: "words", numbers: [] }, "no tiene");
  put(12, { verdict: "not_a_number", reason: "ruined", numbers: [] }, "5,51199E+12");
  put(16, { verdict: "duplicate", duplicateOf: 4 }, "+51 900 000 004");
  put(18, { verdict: "opted_out" }, "+51 900 000 020");
  put(24, { verdict: "needs_country" }, "900 000 026");
  put(27, { verdict: "needs_country" }, "900 000 029");
  return rows;
}

const file = () => new File(["x"], "clientas-navidad.csv", { type: "text/csv" });

/** A file is brought. */
async function drop() {
  const input = (await element('input[type="file"][accept*="csv"]')) as HTMLInputElement;
  const held = new DataTransfer();
  held.items.add(file());
  input.files = held.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function press(words: RegExp) {
  const pressable = ":is(main, [role=dialog]) button:enabled, main label";
  const all = () => [...document.querySelectorAll<HTMLElement>(pressable)];
  const found = await there(() => all().find((one) => words.test(one.textContent?.trim() ?? "")), `button ${words}`);
  found.click();
}

async function show(step: number) {
  (await there(() => document.querySelectorAll<HTMLElement>("main nav button")[step], `step ${step}`)).click();
}

/** Its first state: a list or nothing in it, a campaign's steps or its tabs, or why there are none. */
const FIRST = "main :is(.rows, .empty, .c-card, .tabs, .notice)";

const scene = (before: (core: FakeCore) => void, then?: () => Promise<void> | void, id: number | null = 1): Scene => ({
  before,
  after: async (_core, shop) => {
    shop.openCampaigns(id);
    await element(FIRST);
    await aMoment(300);
    await then?.();
    await aMoment(300);
  },
});

const tab = (which: "replies" | "optOuts", before: (core: FakeCore) => void): Scene => ({
  before,
  after: async (_core, shop) => {
    shop.openCampaigns(null, which);
    await element('main [role="radiogroup"]');
    await aMoment(600);
  },
});

const rehearse = async () => {
  await show(3);
  await press(/^(Ensayar|Ensaiar|Rehearse)/);
  await element(".pair");
  await show(3);
};

const HOSTILE = '<img src=x onerror=document.title="hurt">\u202Egpj.exe <script>document.title="hurt"</script>';

export const CAMPAIGN_SCENES: Record<string, Scene> = {
  campaigns: scene(listed, undefined, null),
  "campaigns-empty": scene(base, undefined, null),
  "campaigns-failed": scene(
    (core) => {
      base(core);
      for (let time = 0; time < 4; time += 1)
        core.failNext("campaign_list", { kind: "refused", code: "storage_failed" });
    },
    undefined,
    null,
  ),
  "campaigns-new": scene(listed, () => press(/^(Nueva|Nova|New)/), null),
  "campaign-new": scene((core) => {
    base(core);
    core.campaigns.add(campaign());
  }),
  "campaign-message": scene(editing(), () => press(/^\{\{distrito\}\}$/)),
  "campaign-poll": scene(
    editing({
      plan: plan({
        texts: [
          {
            share: 100,
            body: {
              kind: "poll",
              question: "Hola {{nombre}}, ¿qué sabor prefieres?",
              options: ["Lúcuma", "Chocolate", ""],
              choices: 1,
            },
          },
        ],
      }),
    }),
  ),
  "campaign-audience": scene(editing(), async () => {
    await show(1);
    await press(/^(Ver la lista|Ver a lista|Show the list)$/);
    await aMoment(300);
    await show(1);
  }),
  "campaign-doctor": scene(
    (core) => {
      editing()(core);
      core.campaigns.sheet = sheet();
    },
    async () => {
      await drop();
      await element(".doctor .foot");
      await show(1);
    },
  ),
  "campaign-doctor-reads": scene(
    (core) => {
      editing()(core);
      core.campaigns.sheet = sheet();
      core.campaigns.step = 0.34;
      core.hold("import_get");
    },
    async () => {
      await drop();
      await element(".doctor");
      await show(1);
    },
  ),
  "campaign-doctor-taken": scene(
    (core) => {
      editing()(core);
      core.campaigns.sheet = sheet();
      core.campaigns.gathering = { underWay: true, people: 84_500, of: 200_000 };
      core.hold("import_accept");
    },
    async () => {
      await drop();
      await element(".doctor .foot");
      await show(1);
      await press(/^(Usar|Use)/);
      await aMoment(400);
      (await element(".doctor .foot")).scrollIntoView({ block: "end" });
    },
  ),
  "campaign-pace": scene(editing(), () => show(2)),
  "campaign-faults": scene((core) => {
    editing()(core);
    core.campaigns.faults = [
      { code: "unresolved", variant: 0, variable: "distrito", count: 14, rows: [7, 12, 19, 44, 51] },
      { code: "unknown_variable", variant: 1, variable: "deuda" },
      { code: "media_missing", variant: 1 },
    ];
  }, rehearse),
  "campaign-rehearsed": scene(editing(), rehearse),
  "campaign-changed": scene(editing({ state: "rehearsed", rehearsed: true }), async () => {
    const field = (await element("textarea")) as HTMLTextAreaElement;
    field.value += "!";
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await aMoment(900);
    await show(3);
  }),
  "campaign-launch": scene(editing(), async () => {
    await rehearse();
    await press(/^(Enviar a|Send to)/);
  }),
  "campaign-schedule": scene(editing(), async () => {
    await rehearse();
    await press(/^(Programar|Agendar|Schedule)$/);
    (await element(".launch")).scrollIntoView({ block: "end" });
  }),
  "campaign-scheduled": scene(editing({ state: "scheduled", rehearsed: true, startsAt: now + 2 * DAY })),
  "campaign-missed": scene(editing({ state: "missed", rehearsed: true })),
  "campaign-undo": scene(running({ undoUntil: now + 9_000_000, waits: { until: now + 9_000_000, why: "undo" } })),
  "campaign-running": scene(running()),
  "campaign-uncertain": scene(running({}, true)),
  "campaign-rescued": scene(rescued),
  "campaign-rescued-running": scene(stopped),
  "campaign-again-all": scene(rescued, () => press(/^(Enviar|Send).*…$/)),
  "campaign-row-scheduled": scene(
    editing({ state: "scheduled", rehearsed: true, startsAt: now + 2 * DAY, carriesRow: true }),
  ),
  "campaign-row-ends": scene(editing({ carriesRow: true }), async () => {
    await rehearse();
    await press(/^(Programar|Agendar|Schedule)$/);
    (await element(".launch")).scrollIntoView({ block: "end" });
  }),
  "campaign-paused": scene(
    running({ state: "paused", pause: { cause: "restricted", until: now + 9 * HOUR }, waits: null }),
  ),
  "campaign-cancel": scene(running(), () => press(/^(Cancelar la|Cancelar a|Cancel the)/)),
  "campaign-people": scene(running(), () => press(/^(Personas|Pessoas|People)$/)),
  "campaign-report": scene(finished),
  "campaign-chosen": scene(finished, async () => {
    await press(/^(Personas|Pessoas|People)$/);
    await aMoment(300);
    await press(/^(Falló|Falhou|Failed)/);
    await aMoment(300);
    (await element('[role="cell"] input')).click();
  }),
  "campaign-replies": scene(finished, () => press(/^(Respuestas|Respostas|Replies)$/)),
  "campaign-proof": scene(finished, async () => {
    await press(/^(Comprobación|Conferência|Proof)$/);
    await aMoment(100);
    await press(/^(Comprobar|Conferir|Check)$/);
  }),
  replies: tab("replies", (core) => {
    listed(core);
    core.campaigns.replies = ANSWERS;
  }),
  "replies-empty": tab("replies", listed),
  "opt-outs": tab("optOuts", (core) => {
    base(core);
    core.campaigns.optOuts = [
      {
        id: 5,
        number: "51900000041",
        name: "Rosa Huamán",
        state: "asked",
        wish: "ask",
        text: "mejor ya no",
        at: now - 20 * MINUTE,
        chatId: 1,
      },
      {
        id: 4,
        number: "51900000042",
        name: "Mateo Quispe",
        state: "out",
        wish: "certain",
        text: "BAJA",
        at: now - 3 * HOUR,
        chatId: 2,
      },
      {
        id: 3,
        number: "51900000043",
        name: null,
        state: "out",
        wish: "said",
        text: null,
        at: now - 2 * DAY,
        chatId: null,
      },
      {
        id: 2,
        number: null,
        name: "Elena",
        state: "not_meant",
        wish: "ask",
        text: "¿tiene cómo parar el dolor?",
        at: now - 5 * DAY,
        chatId: 6,
      },
      {
        id: 1,
        number: "51900000045",
        name: "Tomás Vega",
        state: "undone",
        wish: "certain",
        text: "no quiero recibir más mensajes de ustedes, gracias por todo y suerte",
        at: now - 30 * DAY,
        chatId: 7,
      },
    ];
  }),
  "opt-outs-empty": tab("optOuts", base),
  "campaign-hostile": scene((core) => {
    base(core);
    const all = people(40, () => ({ name: HOSTILE, cells: [HOSTILE, "Barranco", "40"], state: "pending" }));
    core.campaigns.add(
      campaign({
        name: HOSTILE.slice(0, 100),
        plan: written,
        ...TABLE,
        columns: [HOSTILE, "Distrito", "Saldo"],
        sources: [{ kind: "sheet", fileName: HOSTILE }],
      }),
      all,
    );
  }),
  "person-campaigns": {
    before: finished,
    after: async (_core, shop) => {
      shop.openChat(1);
      keptPanel.set(true);
      await aMoment(700);
    },
  },
  "campaign-jobs": {
    before: (core) => listed(core),
    after: (_core, shop) => shop.openChats(),
  },
};
