import {
  type CampaignPlan,
  type CampaignRow,
  type CampaignView,
  type Change,
  type Command,
  type Commands,
  type CountsView,
  Fault,
  type GatheringView,
  type ImportCounters,
  type ImportRow,
  type ImportVerdict,
  type ImportView,
  type OptOutView,
  type RecipientStateWord,
  type RecipientView,
  type RehearsalFault,
  type RehearsalView,
  type ReplyView,
  type SafetyView,
  type SegmentView,
  type SourceView,
} from "../src/platform";

type CampaignCommand = Extract<
  Command,
  `campaign_${string}` | `import_${string}` | `segment_${string}` | `opt_out_${string}`
>;
type CampaignHandlers = { [C in CampaignCommand]: (args: Commands[C]["args"]) => Commands[C]["result"] };

const HOUR = 3_600_000;

/** A careful shop's plan, without words. */
export function plan(part: Partial<CampaignPlan> = {}): CampaignPlan {
  return {
    texts: [{ share: 100, body: { kind: "text", text: "" } }],
    pace: {
      spacingSeconds: 8,
      jitterSeconds: 12,
      restEvery: 40,
      restSeconds: 300,
      zone: "America/Lima",
      days: [true, true, true, true, true, true, false],
      opens: "09:00",
      closes: "19:00",
      dailyCap: 400,
      warmUp: true,
    },
    replyDays: 7,
    notAgainDays: 7,
    ...part,
  };
}

const FIRST = ["Lucía", "Mateo", "Rosa", "Andrés", "Camila", "Diego", "Elena", "Joaquín", "Valeria", "Tomás"];
const LAST = ["Paredes", "Quispe", "Huamán", "Salas", "Ríos", "Torres", "Medina", "Flores", "Campos", "Vega"];

export function personName(at: number): string {
  return `${FIRST[at % 10]} ${LAST[Math.floor(at / 10 + at) % 10]}`;
}

/** Whom the run left out. */
const LEFT_OUT = ["cancelled", "no_text", "text_too_long", "written_recently"];

export function recipient(place: number, part: Partial<RecipientView> = {}): RecipientView {
  const name = personName(place);
  return {
    id: place + 1,
    place,
    row: place + 2,
    number: `519000${String(place % 100000).padStart(5, "0")}`,
    name,
    cells: [name, "Barranco", `${20 + (place % 9) * 10}`],
    variant: 0,
    state: "pending",
    reason: null,
    chatId: null,
    messageId: null,
    sentAt: null,
    readAt: null,
    repliedAt: null,
    needsOperator: false,
    choosable:
      part.state === "failed" ||
      (part.state === "skipped" && [...LEFT_OUT, "taken_out", "not_on_whatsapp"].includes(part.reason ?? "")),
    ...part,
  };
}

export function campaign(part: Partial<CampaignView> = {}): CampaignView {
  return {
    id: 1,
    deviceId: 1,
    name: "Ofertas de diciembre",
    state: "draft",
    pause: null,
    counts: countsOf([]),
    createdAt: Date.now() - 30 * HOUR,
    startsAt: null,
    startedAt: null,
    undoUntil: null,
    endedAt: null,
    followsId: null,
    followsAs: null,
    plan: plan(),
    rehearsed: false,
    columns: [],
    variables: [],
    nameColumn: null,
    sources: [],
    schedule: null,
    waits: null,
    held: 0,
    carriesRow: false,
    next: null,
    missing: 0,
    untold: 0,
    ...part,
  };
}

export function countsOf(people: readonly RecipientView[]): CountsView {
  const of = (state: RecipientStateWord) => people.filter((one) => one.state === state).length;
  return {
    total: people.length,
    pending: of("pending"),
    queued: of("queued"),
    uncertain: of("uncertain"),
    sent: of("sent"),
    delivered: of("delivered"),
    read: of("read"),
    replied: of("replied"),
    failed: of("failed"),
    skipped: of("skipped"),
    optedOut: of("opted_out"),
  };
}

const IN: ImportVerdict[] = ["good", "repaired"];

export function sheetRow(row: number, part: Partial<ImportRow> = {}): ImportRow {
  const number = `519000${String(row).padStart(5, "0")}`;
  return {
    row,
    cells: [personName(row), `+${number}`, "Barranco", "40"],
    verdict: "good",
    reason: null,
    duplicateOf: null,
    numbers: [number],
    number: ["several", "needs_country", "not_a_number"].includes(part.verdict ?? "good") ? null : number,
    decided: false,
    repairs: [],
    ...part,
  };
}

/** The campaigns of a core in memory: states change, counts are counted from rows, pages go by cursor. */
export class FakeCampaigns {
  views: CampaignView[] = [];
  readonly people = new Map<number, RecipientView[]>();
  readonly imports = new Map<number, { view: ImportView; rows: ImportRow[]; campaignId: number }>();
  /** What the next file holds. */
  sheet: ImportRow[] = [];
  /** How much of a file one look reads, 0 to 1. */
  step = 1;
  segments: SegmentView[] = [];
  replies: ReplyView[] = [];
  optOuts: OptOutView[] = [];
  faults: RehearsalFault[] = [];
  numbersOffered = true;
  /** What is said of an audience that is being put together. */
  gathering: GatheringView = { underWay: false, people: 0, of: null };
  readonly known = new Map<number, number>();
  safety: SafetyView = {
    risk: 34,
    level: "raised",
    signs: [
      { kind: "known", found: 38, points: 14.4, weight: 25, verdict: "watch" },
      { kind: "number_age", found: null, points: 7.5, weight: 15, verdict: "unknown" },
      { kind: "replies", found: 11, points: 8, weight: 20, verdict: "watch" },
      { kind: "links", found: 1, points: 4, weight: 8, verdict: "watch" },
      { kind: "failures", found: 1, points: 0, weight: 15, verdict: "fine" },
      { kind: "text_length", found: 180, points: 0, weight: 5, verdict: "fine" },
    ],
  };

  private nextId = 500;

  constructor(private readonly told: (...changes: Change[]) => void) {}

  add(view: CampaignView, people: RecipientView[] = []): CampaignView {
    this.people.set(view.id, people);
    this.views = [view, ...this.views.filter((one) => one.id !== view.id)];
    return this.view(view.id);
  }

  view(id: number): CampaignView {
    const found = this.views.find((one) => one.id === id);
    if (!found) throw new Fault("not_found");
    const people = this.people.get(id) ?? [];
    const untold = people.filter(({ state, messageId }) => state === "uncertain" && messageId === null).length;
    return { ...found, counts: countsOf(people), untold };
  }

  put(id: number, part: Partial<CampaignView>): CampaignView {
    this.view(id);
    this.views = this.views.map((one) => (one.id === id ? { ...one, ...part } : one));
    this.told({ topic: "campaign", campaignId: id }, { topic: "campaigns" });
    return this.view(id);
  }

  /** One person goes on. */
  step1(id: number, place: number, part: Partial<RecipientView>): void {
    const people = this.people.get(id) ?? [];
    this.people.set(
      id,
      people.map((one) => (one.place === place ? { ...one, ...part } : one)),
    );
    this.told({ topic: "campaign", campaignId: id });
  }

  private go(id: number, from: CampaignView["state"][], part: Partial<CampaignView>): CampaignView {
    if (!from.includes(this.view(id).state)) throw new Fault("state_changed");
    return this.put(id, part);
  }

  private audienceOf(sources: SourceView[]): RecipientView[] {
    const size = { label: 42, group: 18, contacts: 120, replies: 31, failed: 9, left_out: 12, segment: 64, sheet: 0 };
    const people = (source: SourceView) => (source.kind === "chosen" ? source.recipients.length : size[source.kind]);
    const total = sources.reduce((sum, source) => sum + people(source), 0);
    return Array.from({ length: total }, (_, at) => recipient(at, { id: this.nextId++, row: null }));
  }

  private textOf(id: number, person: RecipientView): { text: string | null; unresolved: string | null } {
    const view = this.view(id);
    const body = view.plan.texts[person.variant]?.body;
    const words =
      body?.kind === "text"
        ? body.text
        : body?.kind === "media"
          ? body.caption
          : body?.kind === "poll"
            ? body.question
            : (body?.name ?? "");
    let unresolved: string | null = null;
    const text = words.replace(
      /\{\{\s*([\p{L}\p{N}_]+)(?:\s*\|\s*default\("([^"]*)"\))?\s*\}\}/gu,
      (_, name, fallback) => {
        const own = view.variables.indexOf(name);
        const named = own < 0 && ["nombre", "nome", "name"].includes(name) ? (view.nameColumn ?? -1) : own;
        const cell = person.cells[named] ?? "";
        if (cell === "" && fallback === undefined) unresolved ??= name;
        return cell || fallback || "";
      },
    );
    return unresolved ? { text: null, unresolved } : { text: text || null, unresolved: null };
  }

  private rehearse(id: number, startsAt: number | null): RehearsalView {
    const people = this.people.get(id) ?? [];
    const pending = people.filter((one) => one.state === "pending");
    const faults = [...this.faults];
    if (pending.length === 0) faults.push({ code: "no_audience" });
    for (const [variant, { body }] of this.view(id).plan.texts.entries()) {
      if (body.kind === "text" && body.text.trim() === "") faults.push({ code: "empty_text", variant });
    }
    const first = Math.ceil((startsAt ?? this.view(id).startsAt ?? Date.now()) / HOUR) * HOUR;
    const hours = [];
    for (let left = pending.length, at = first; left > 0; at += HOUR) {
      const count = Math.min(left, 96 + ((at / HOUR) % 5) * 9);
      hours.push({ at, count });
      left -= count;
    }
    const skipped = new Map<string, number>();
    for (const one of people) {
      if (one.state === "skipped" && one.reason) skipped.set(one.reason, (skipped.get(one.reason) ?? 0) + 1);
    }
    const ends = (hours.at(-1)?.at ?? first) + 40 * 60_000;
    const marks = ["draft", "rehearsed"].includes(this.view(id).state);
    if (marks && faults.length === 0) this.put(id, { rehearsed: true, state: "rehearsed" });
    return {
      ready: faults.length === 0,
      faults,
      sends: pending.length,
      skipped: [...skipped].map(([reason, count]) => ({ reason, count })),
      optedOut: people.filter((one) => one.state === "opted_out").length,
      held: 0,
      first: hours.length > 0 ? first : null,
      ends: hours.length > 0 ? ends : null,
      days: new Set(hours.map(({ at }) => new Date(at).toDateString())).size,
      hours,
      waits: [
        { why: "spacing", seconds: pending.length * 14 },
        { why: "rest", seconds: Math.floor(pending.length / 40) * 300 },
      ],
      others: [...this.people]
        .filter(([other]) => other !== id && this.view(other).state === "running")
        .reduce((sum, [, people]) => sum + people.filter((one) => one.state === "pending").length, 0),
      safety: this.safety,
    };
  }

  private importView(id: number): ImportView {
    const held = this.imports.get(id);
    if (!held) throw new Fault("not_found");
    const { rows, view } = held;
    const of = (verdict: ImportVerdict) => rows.filter((row) => row.verdict === verdict).length;
    const counters: ImportCounters = {
      good: of("good"),
      repaired: of("repaired"),
      proposed: of("proposed"),
      several: of("several"),
      needsCountry: of("needs_country"),
      refused: of("refused"),
      notANumber: of("not_a_number"),
      duplicate: of("duplicate"),
      optedOut: of("opted_out"),
      blocked: of("blocked"),
      notOnWhatsapp: of("not_on_whatsapp"),
    };
    held.view = { ...view, counters };
    return held.view;
  }

  private decide(rows: ImportRow[], at: (row: ImportRow) => boolean, accepted: boolean | null): ImportRow[] {
    const undecided = (row: ImportRow) => this.sheet.find((one) => one.row === row.row) ?? row;
    return rows.map((row) => {
      if (!at(row)) return row;
      return accepted === null ? undecided(row) : { ...row, verdict: accepted ? "repaired" : "refused" };
    });
  }

  readonly handlers: CampaignHandlers = {
    campaign_list: () => this.views.map(({ id }) => rowOf(this.view(id))),
    campaign_get: ({ campaignId }) => this.view(campaignId),
    campaign_create: ({ deviceId, name, zone }) => {
      const made = campaign({ id: this.nextId++, deviceId, name, createdAt: Date.now() });
      made.plan = { ...made.plan, pace: { ...made.plan.pace, zone } };
      this.add(made);
      this.told({ topic: "campaigns" });
      return this.view(made.id);
    },
    campaign_rename: ({ campaignId, name }) => this.put(campaignId, { name }),
    campaign_plan_set: ({ campaignId, plan }) =>
      this.go(campaignId, ["draft", "rehearsed", "missed"], { plan, rehearsed: false, state: "draft" }),
    campaign_delete: ({ campaignId }) => {
      if (["running", "paused"].includes(this.view(campaignId).state)) throw new Fault("state_changed");
      this.views = this.views.filter((one) => one.id !== campaignId);
      this.told({ topic: "campaigns" });
      return null;
    },
    campaign_copy: ({ campaignId }) => {
      const from = this.view(campaignId);
      const made = campaign({
        id: this.nextId++,
        name: from.name,
        plan: from.plan,
        followsId: from.id,
        followsAs: "copy",
      });
      return this.add(made);
    },
    campaign_audience_set: ({ campaignId, sources }) => {
      this.people.set(campaignId, this.audienceOf(sources));
      return this.put(campaignId, {
        sources,
        columns: ["Nombre"],
        variables: ["nombre"],
        nameColumn: 0,
        rehearsed: false,
        state: "draft",
      });
    },
    campaign_of_chat: ({ chatId }) =>
      [...this.people].flatMap(([campaignId, people]) =>
        people
          .filter((one) => one.chatId === chatId && one.sentAt !== null)
          .map(({ state, sentAt }) => ({ campaignId, name: this.view(campaignId).name, state, sentAt })),
      ),
    campaign_gathering_get: () => this.gathering,
    campaign_gathering_stop: () => null,
    campaign_numbers_check: ({ campaignId, stop }) => {
      if (stop) {
        const { known, ...rest } = this.handlers.campaign_numbers_status({ campaignId });
        this.known.delete(campaignId);
        return { ...rest, known, asking: false };
      }
      this.known.set(campaignId, Math.min(this.known.get(campaignId) ?? 0, 0));
      return this.handlers.campaign_numbers_status({ campaignId });
    },
    campaign_numbers_status: ({ campaignId }) => {
      const total = this.view(campaignId).counts.total;
      const before = this.known.get(campaignId);
      const known = before === undefined ? 0 : Math.min(total, before + Math.ceil(total / 3));
      if (before !== undefined) this.known.set(campaignId, known);
      const asking = before !== undefined && known < total;
      const oldest = known === 0 ? null : Date.now() - 50 * HOUR;
      return { known, total, notOnWhatsapp: Math.floor(known / 40), oldest, asking, offered: this.numbersOffered };
    },
    campaign_preview: ({ campaignId, from, limit }) =>
      (this.people.get(campaignId) ?? [])
        .filter((one) => one.state === "pending" && one.place >= from)
        .slice(0, limit)
        .map((one) => ({
          recipientId: one.id,
          place: one.place,
          name: one.name ?? one.number,
          variant: one.variant,
          at: this.view(campaignId).rehearsed ? Math.ceil(Date.now() / HOUR) * HOUR + one.place * 9_000 : null,
          ...this.textOf(campaignId, one),
        })),
    campaign_test_send: ({ recipientId }) => ({ withoutValue: recipientId === null ? ["nombre"] : [] }),
    campaign_rehearse: ({ campaignId, startsAt }) => this.rehearse(campaignId, startsAt),
    campaign_safety: () => this.safety,
    campaign_start: ({ campaignId }) => {
      const undoUntil = Date.now() + 10_000;
      const part = { state: "running" as const, startedAt: Date.now(), undoUntil };
      return this.go(campaignId, ["rehearsed", "missed"], { ...part, waits: { until: undoUntil, why: "undo" } });
    },
    campaign_start_undo: ({ campaignId }) =>
      this.go(campaignId, ["running"], { state: "rehearsed", startedAt: null, undoUntil: null, waits: null }),
    campaign_pause: ({ campaignId }) =>
      this.go(campaignId, ["running"], { state: "paused", pause: { cause: "operator" }, waits: null }),
    campaign_resume: ({ campaignId }) => this.go(campaignId, ["paused"], { state: "running", pause: null }),
    campaign_cancel: ({ campaignId }) => {
      const people = this.people.get(campaignId) ?? [];
      const stopped = people.map((one) =>
        one.state === "pending" ? { ...one, state: "skipped" as const, reason: "cancelled", choosable: true } : one,
      );
      this.people.set(campaignId, stopped);
      return this.go(campaignId, ["running", "paused", "scheduled"], {
        state: "cancelled",
        endedAt: Date.now(),
        pause: null,
      });
    },
    campaign_schedule: ({ campaignId, schedule }) =>
      this.go(campaignId, ["rehearsed", "missed"], {
        state: "scheduled",
        schedule,
        startsAt: new Date(schedule.local).getTime(),
      }),
    campaign_unschedule: ({ campaignId }) =>
      this.go(campaignId, ["scheduled", "missed"], { state: "rehearsed", schedule: null, startsAt: null }),
    campaign_recipient_list: ({ campaignId, states, after, limit }) =>
      (this.people.get(campaignId) ?? [])
        .filter((one) => states.length === 0 || states.includes(one.state))
        .filter((one) => after === null || one.place > after)
        .slice(0, limit),
    campaign_recipient_take_out: ({ recipientId }) =>
      this.settle(recipientId, { state: "skipped", reason: "taken_out" }),
    campaign_recipient_settle: ({ recipientId, word }) =>
      this.settle(
        recipientId,
        word === "sent"
          ? { state: "sent", sentAt: Date.now(), needsOperator: false }
          : word === "again"
            ? { state: "pending", needsOperator: false }
            : { state: "failed", reason: "said_not_sent", needsOperator: false },
      ),
    campaign_report: ({ campaignId }) => {
      const people = this.people.get(campaignId) ?? [];
      const counts = countsOf(people);
      const reasons = (state: RecipientStateWord) => {
        const found = new Map<string, number>();
        for (const one of people)
          if (one.state === state && one.reason) found.set(one.reason, (found.get(one.reason) ?? 0) + 1);
        return [...found].map(([reason, count]) => ({ reason, count }));
      };
      const hours = new Map<number, { at: number; sent: number; read: number; replied: number; failed: number }>();
      const at = (when: number | null, what: "sent" | "read" | "replied") => {
        if (when === null) return;
        const hour = Math.floor(when / HOUR) * HOUR;
        const found = hours.get(hour) ?? { at: hour, sent: 0, read: 0, replied: 0, failed: 0 };
        found[what] += 1;
        hours.set(hour, found);
      };
      for (const one of people) {
        at(one.sentAt, "sent");
        at(one.readAt, "read");
        at(one.repliedAt, "replied");
      }
      const variants = [...new Set(people.map((one) => one.variant))].sort().map((variant) => {
        const mine = people.filter((one) => one.variant === variant);
        return { variant, people: mine.length, funnel: funnelOf(countsOf(mine)), failed: countsOf(mine).failed };
      });
      const sorted = [...hours.values()].sort((one, other) => one.at - other.at);
      return {
        counts,
        funnel: funnelOf(counts),
        hours: sorted,
        variants,
        failures: reasons("failed"),
        skipped: reasons("skipped"),
        askedToStop: 0,
        leftOut: people.filter((one) => one.state === "skipped" && LEFT_OUT.includes(one.reason ?? "")).length,
      };
    },
    campaign_reply_list: ({ campaignId, kind, open, after, limit }) => {
      const last = after === null ? -1 : this.replies.findIndex((one) => String(one.recipientId) === after);
      const all = this.replies
        .slice(last + 1)
        .filter((one) => campaignId === null || one.campaignId === campaignId)
        .filter((one) => kind === null || one.kind === kind)
        .filter((one) => !open || !one.answered);
      const replies = all.slice(0, limit);
      const next = limit < all.length ? String(replies.at(-1)?.recipientId) : null;
      return { replies, next };
    },
    campaign_export: ({ campaignId, format }) => ({
      fileName: `${this.view(campaignId).name}.${format}`,
      mediaType: format === "pdf" ? "application/pdf" : "text/csv",
      content: btoa("report"),
    }),
    campaign_prove: ({ campaignId }) => {
      const { counts, state } = this.view(campaignId);
      const left = counts.pending + counts.queued + counts.uncertain;
      const ended = state === "finished" || state === "cancelled";
      const checks = (["final_states", "sums", "sent_once", "people_once", "messages", "opt_outs"] as const).map(
        (what) => ({
          what,
          lookedAt: counts.total,
          wrong: what === "final_states" ? left : 0,
          first: [],
        }),
      );
      return { verdict: !ended ? "open" : left > 0 ? "closing" : "holds", left, checks };
    },
    campaign_retry: ({ campaignId, name, recipients, leftOut }) => {
      const from = this.view(campaignId);
      const again = (this.people.get(campaignId) ?? [])
        .filter((one) => {
          if (recipients !== null) return one.choosable && recipients.includes(one.id);
          return leftOut ? one.state === "skipped" && LEFT_OUT.includes(one.reason ?? "") : one.state === "failed";
        })
        .map((one, place) => recipient(place, { id: this.nextId++, name: one.name, number: one.number }));
      const made = campaign({
        id: this.nextId++,
        name,
        plan: from.plan,
        columns: from.columns,
        variables: from.variables,
        nameColumn: from.nameColumn,
        followsId: from.id,
        followsAs: "retry",
      });
      this.told({ topic: "campaigns" });
      return this.add(made, again);
    },
    import_open: ({ campaignId, fileName }) => {
      const importId = this.nextId++;
      const rows = this.sheet;
      const repairs = [...new Set(rows.filter((row) => row.verdict === "proposed").flatMap((row) => row.repairs))];
      const view: ImportView = {
        importId,
        fileName,
        reading: {
          encoding: "windows-1252",
          delimiter: "semicolon",
          sheet: 0,
          hasHeader: true,
          numberColumn: 1,
          nameColumn: 0,
          country: null,
        },
        sheets: [],
        columns: ["Nombre", "Celular", "Distrito", "Saldo"].map((title, at) => ({
          title,
          variable: title.toLowerCase(),
          samples: rows.slice(0, 2).map((row) => row.cells[at] ?? ""),
        })),
        rows: Math.round(rows.length * this.step),
        progress: this.step,
        counters: {
          good: 0,
          repaired: 0,
          proposed: 0,
          several: 0,
          needsCountry: 0,
          refused: 0,
          notANumber: 0,
          duplicate: 0,
          optedOut: 0,
          blocked: 0,
          notOnWhatsapp: 0,
        },
        guesses: repairs.map((repair) => ({
          repair,
          rows: rows.filter((row) => row.repairs.includes(repair)).length,
          accepted: null,
        })),
        remembered: true,
        fault: null,
      };
      this.imports.set(importId, { view, rows, campaignId });
      return this.importView(importId);
    },
    import_get: ({ importId }) => {
      const held = this.imports.get(importId);
      if (!held) throw new Fault("not_found");
      const progress = Math.min(1, held.view.progress + this.step);
      held.view = { ...held.view, progress, rows: Math.round(held.rows.length * progress) };
      return this.importView(importId);
    },
    import_rows: ({ importId, verdicts, after, limit }) =>
      (this.imports.get(importId)?.rows ?? [])
        .filter((row) => verdicts.length === 0 || verdicts.includes(row.verdict))
        .filter((row) => after === null || row.row > after)
        .slice(0, limit),
    import_reading_set: ({ importId, reading }) => {
      const held = this.imports.get(importId);
      if (!held) throw new Fault("not_found");
      held.view = { ...held.view, reading };
      if (reading.country) {
        held.rows = held.rows.map((row) =>
          row.verdict === "needs_country" ? { ...row, verdict: "repaired", repairs: ["country_added"] } : row,
        );
      }
      return this.importView(importId);
    },
    import_decide: ({ importId, about }) => {
      const held = this.imports.get(importId);
      if (!held) throw new Fault("not_found");
      if (about.kind === "repair") {
        const { repair, accepted } = about;
        const waits = (row: ImportRow) => ["proposed", "repaired", "refused"].includes(row.verdict);
        held.rows = this.decide(held.rows, (row) => waits(row) && row.repairs.includes(repair), accepted);
        const guesses = held.view.guesses.map((guess) => (guess.repair === repair ? { ...guess, accepted } : guess));
        held.view = { ...held.view, guesses };
      } else if (about.kind === "row") {
        const decided = this.decide(held.rows, (row) => row.row === about.row, about.accepted);
        held.rows = decided.map((row) => (row.row === about.row ? { ...row, decided: about.accepted !== null } : row));
      } else {
        held.rows = held.rows.map((row) =>
          row.row === about.row
            ? { ...row, verdict: "repaired", repairs: ["chosen"], number: about.number, decided: true }
            : row,
        );
      }
      return this.importView(importId);
    },
    import_accept: ({ importId }) => {
      const held = this.imports.get(importId);
      if (!held) throw new Fault("not_found");
      this.imports.delete(importId);
      const people = held.rows.map((row, place) => {
        const reason = row.verdict === "duplicate" ? "duplicate" : "invalid_number";
        const state = IN.includes(row.verdict)
          ? ("pending" as const)
          : row.verdict === "opted_out"
            ? ("opted_out" as const)
            : ("skipped" as const);
        const cells = row.cells;
        return recipient(place, {
          id: this.nextId++,
          row: row.row,
          cells,
          name: cells[0] ?? null,
          state,
          reason: state === "skipped" ? reason : null,
        });
      });
      this.people.set(held.campaignId, people);
      return this.put(held.campaignId, {
        sources: [{ kind: "sheet", fileName: held.view.fileName }],
        columns: held.view.columns.map((column) => column.title),
        variables: held.view.columns.map((column) => column.variable),
        nameColumn: held.view.reading.nameColumn,
        rehearsed: false,
        state: "draft",
      });
    },
    import_close: ({ importId }) => {
      this.imports.delete(importId);
      return null;
    },
    segment_list: () => this.segments,
    segment_save: ({ name, sources }) => {
      const made = { id: this.nextId++, name, sources };
      this.segments = [...this.segments.filter((one) => one.name !== name), made];
      return made;
    },
    segment_remove: ({ segmentId }) => {
      this.segments = this.segments.filter((one) => one.id !== segmentId);
      return null;
    },
    opt_out_list: ({ state, after, limit }) =>
      this.optOuts
        .filter((one) => state === null || one.state === state)
        .filter((one) => after === null || one.id < after)
        .slice(0, limit),
    opt_out_decide: ({ optOutId, state }) => {
      this.optOuts = this.optOuts.map((one) => (one.id === optOutId ? { ...one, state } : one));
      this.replies = this.replies.map((one) => (one.optOutId === optOutId ? { ...one, optOut: state } : one));
      const found = this.optOuts.find((one) => one.id === optOutId);
      if (!found) throw new Fault("not_found");
      this.told({ topic: "opt_outs" });
      return found;
    },
    opt_out_add: ({ number }) => {
      const digits = number.replace(/\D/g, "");
      if (digits.length < 8) throw new Fault("number_invalid");
      const made: OptOutView = {
        id: Math.max(0, ...this.optOuts.map((one) => one.id)) + 1,
        number: digits,
        name: null,
        state: "out",
        wish: "said",
        text: null,
        at: Date.now(),
        chatId: null,
      };
      this.optOuts = [made, ...this.optOuts];
      this.told({ topic: "opt_outs" });
      return made;
    },
  };

  private settle(recipientId: number, part: Partial<RecipientView>): null {
    for (const [id, people] of this.people) {
      const found = people.find((one) => one.id === recipientId);
      if (!found) continue;
      this.step1(id, found.place, part);
      return null;
    }
    throw new Fault("not_found");
  }
}

function rowOf(view: CampaignView): CampaignRow {
  const {
    plan: _plan,
    rehearsed: _r,
    columns: _c,
    variables: _v,
    nameColumn: _n,
    sources: _s,
    schedule: _h,
    waits: _w,
    held: _d,
    ...row
  } = view;
  return row;
}

function funnelOf(counts: CountsView) {
  const replied = counts.replied;
  const read = replied + counts.read;
  const delivered = read + counts.delivered;
  return { sent: delivered + counts.sent, delivered, read, replied };
}
