import { beforeEach, describe, expect, it, vi } from "vitest";
import { Audience } from "../src/features/campaigns/audience.svelte";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import { CampaignList } from "../src/features/campaigns/campaign-list.svelte";
import { Doctor } from "../src/features/campaigns/import.svelte";
import { OptOuts } from "../src/features/campaigns/opt-outs.svelte";
import { Pages } from "../src/features/campaigns/pages.svelte";
import { Replies } from "../src/features/campaigns/replies.svelte";
import { Report } from "../src/features/campaigns/report.svelte";
import { Jobs } from "../src/features/rail/jobs.svelte";
import { type CampaignPlan, Fault, Feed } from "../src/platform";
import { campaign, plan, recipient, sheetRow } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { settled } from "./settled";

let core: FakeCore;
let feed: Feed;

beforeEach(() => {
  core = new FakeCore();
  feed = new Feed(core);
  feed.open();
});

function words(text: string): CampaignPlan {
  return plan({ texts: [{ share: 100, body: { kind: "text", text } }] });
}

async function opened(part = {}, people = [recipient(0), recipient(1)]): Promise<OpenCampaign> {
  core.campaigns.add(campaign(part), people);
  const open = new OpenCampaign(core, feed, 1);
  await open.load();
  return open;
}

describe("the list", () => {
  it("shows those of a filter, and follows what changes", async () => {
    core.campaigns.add(campaign({ id: 1 }));
    core.campaigns.add(campaign({ id: 2, state: "running" }));
    const list = new CampaignList(core, feed);
    await list.load();
    list.filter = "open";
    expect(list.shown.map(({ id }) => id)).toEqual([2]);
    core.campaigns.put(2, { state: "finished" });
    await settled();
    expect(list.shown, "it ended meanwhile").toEqual([]);
    list.filter = "finished";
    expect(list.shown.map(({ id }) => id)).toEqual([2]);
  });

  it("makes one in the shop's own zone, and says why it could not", async () => {
    const list = new CampaignList(core, feed);
    const id = await list.create(1, "  Ofertas ");
    expect(core.callsOf("campaign_create")).toEqual([
      { deviceId: 1, name: "Ofertas", zone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    ]);
    expect(list.rows?.map((row) => row.id)).toEqual([id]);
    core.failNext("campaign_create", { kind: "refused", code: "storage_full" });
    expect(await list.create(1, "Otra")).toBeNull();
    expect(list.fault?.code).toBe("storage_full");
  });
});

describe("a plan", () => {
  it("is kept by itself after a rest in typing, once", async () => {
    vi.useFakeTimers();
    const open = await opened();
    open.edit(words("Hola"));
    open.edit(words("Hola a todos"));
    expect(core.callsOf("campaign_plan_set"), "not with every key").toHaveLength(0);
    await vi.advanceTimersByTimeAsync(700);
    expect(core.callsOf("campaign_plan_set").map((args) => args.plan)).toEqual([words("Hola a todos")]);
    expect(open.saving).toBe("no");
    vi.useRealTimers();
  });

  it("keeps the words under the fingers while an older state comes in", async () => {
    const open = await opened();
    open.edit(words("Más nuevo"));
    await open.load();
    expect(open.plan, "what is typed stays").toEqual(words("Más nuevo"));
    await open.flush();
    expect(open.view?.plan, "and is what is kept").toEqual(words("Más nuevo"));
  });

  it("that could not be kept is kept with the next try", async () => {
    const open = await opened();
    core.failNext("campaign_plan_set", { kind: "refused", code: "storage_busy" });
    open.edit(words("Hola"));
    await open.flush();
    expect(open.saving, "it says so").toBe("failed");
    expect(open.actFault?.code).toBe("storage_busy");
    expect(open.ready, "what is not kept is not launched").toBe(false);
    await open.flush();
    expect(open.saving).toBe("no");
    expect(open.view?.plan).toEqual(words("Hola"));
  });

  it("is kept before it is rehearsed, and has to be rehearsed again once it changed", async () => {
    const open = await opened();
    open.edit(words("Hola"));
    await open.rehearse();
    expect(core.calls.map(({ command }) => command).filter((name) => /plan_set|rehearse/.test(name))).toEqual([
      "campaign_plan_set",
      "campaign_rehearse",
    ]);
    expect(open.ready).toBe(true);
    open.edit(words("Hola, otra vez"));
    await open.flush();
    expect(open.ready, "not as it stands").toBe(false);
    expect(open.changedSince, "and it is said").toBe(true);
    expect(open.rehearsal, "the old figures are gone").toBeNull();
  });

  it("of a campaign that runs stays as it is", async () => {
    const open = await opened({ state: "running", plan: words("Hola") });
    open.edit(words("Otra cosa"));
    expect(open.plan).toEqual(words("Hola"));
    expect(open.saving).toBe("no");
  });
});

describe("a time", () => {
  it("that was missed is taken away before the campaign is edited; it can be started as it is", async () => {
    const open = await opened({ state: "missed", rehearsed: true, plan: words("Hola") });
    expect([open.editable, open.launchable]).toEqual([false, true]);
    open.edit(words("Otra cosa"));
    expect(open.plan, "the core would refuse it").toEqual(words("Hola"));
    await open.step("campaign_unschedule");
    expect([open.editable, open.launchable]).toEqual([true, true]);
  });

  it("shows the run that begins then, of the time that was asked for last", async () => {
    const open = await opened({ state: "rehearsed", rehearsed: true, plan: words("Hola") });
    const [early, late] = [3_600_000 * 500_000, 3_600_000 * 500_024];
    await Promise.all([open.playFrom(early), open.playFrom(late)]);
    expect(open.course?.first).toBe(late);
    expect(open.rehearsal, "the rehearsal from now on stays what it is").toBeNull();
    core.failNext("campaign_rehearse", { kind: "refused", code: "state_changed" });
    await open.playFrom(early);
    expect([open.course, open.actFault], "what cannot be played is not shown").toEqual([null, null]);
  });
});

describe("a run", () => {
  it("starts, can be undone, pauses and resumes", async () => {
    const open = await opened({ state: "rehearsed", rehearsed: true, plan: words("Hola") });
    await open.step("campaign_start");
    expect(open.view?.state).toBe("running");
    expect(open.view?.undoUntil, "for a while").toBeGreaterThan(Date.now());
    await open.step("campaign_start_undo");
    expect(open.view?.state).toBe("rehearsed");
    await open.step("campaign_start");
    await open.step("campaign_pause");
    expect(open.view?.pause).toEqual({ cause: "operator" });
    await open.step("campaign_resume");
    expect(open.view?.state).toBe("running");
  });

  it("shows how it is now when somebody else was faster", async () => {
    const open = await opened({ state: "running" });
    core.campaigns.views = core.campaigns.views.map((one) => ({ ...one, state: "paused" }));
    await open.step("campaign_pause");
    await settled();
    expect(open.actFault?.code).toBe("state_changed");
    expect(open.view?.state).toBe("paused");
  });

  it("lets a person settle who is uncertain, and sends nothing by itself", async () => {
    const unsure = recipient(0, { state: "uncertain", needsOperator: true });
    const open = await opened({ state: "running" }, [unsure, recipient(1)]);
    await open.settle(unsure.id, "sent");
    expect(open.view?.counts).toMatchObject({ uncertain: 0, sent: 1, pending: 1, total: 2 });
  });

  it("is seen at the rail's foot until it ends", async () => {
    const jobs = new Jobs(core, feed);
    const left = [recipient(2, { state: "skipped" }), recipient(3, { state: "opted_out" })];
    await opened({ state: "running" }, [recipient(0, { state: "read" }), recipient(1), ...left]);
    await jobs.load();
    expect(jobs.list).toEqual([{ id: 1, name: "Ofertas de diciembre", done: 1, total: 2, paused: false }]);
    core.campaigns.put(1, { state: "finished" });
    await settled();
    expect(jobs.list).toEqual([]);
  });

  it("reads its safety meter again while it sends, not with each message, and leaves its buttons alone", async () => {
    vi.useFakeTimers();
    const open = await opened({ state: "running" });
    await open.loadSafety();
    const read = () => core.callsOf("campaign_safety").length;
    for (let sent = 1; sent <= 5; sent += 1) {
      core.campaigns.put(1, { held: sent });
      await settled();
    }
    expect(read(), "five changes").toBe(1);
    core.failNext("campaign_safety", { kind: "refused", code: "internal" });
    vi.advanceTimersByTime(15_000);
    expect([read(), open.busy], "once, by itself").toEqual([2, false]);
    await settled();
    expect([open.safety, open.actFault], "what was shown stays").toEqual([core.campaigns.safety, null]);
    vi.advanceTimersByTime(60_000);
    expect(read(), "nothing has changed").toBe(2);
    core.campaigns.put(1, { state: "finished" });
    await settled();
    vi.advanceTimersByTime(15_000);
    await settled();
    core.campaigns.put(1, { held: 0 });
    await settled();
    vi.advanceTimersByTime(60_000);
    expect(read(), "one that has ended is not watched").toBe(3);
    open.close();
    vi.useRealTimers();
  });
});

describe("a sheet", () => {
  const file = new File(["x"], "clientas.csv");
  const rows = [
    sheetRow(2),
    sheetRow(3, { verdict: "proposed", repairs: ["words_dropped"] }),
    sheetRow(4, { verdict: "proposed", repairs: ["words_dropped"] }),
    sheetRow(5, { verdict: "several", numbers: ["51900000031", "51900000032"] }),
    sheetRow(6, { verdict: "needs_country" }),
  ];
  let open: OpenCampaign;
  let doctor: Doctor;

  beforeEach(async () => {
    open = await opened({}, []);
    core.campaigns.sheet = rows;
    doctor = new Doctor(core, 1, (view) => open.took(view));
    await doctor.open(file);
    await settled();
  });

  it("is nobody's audience until a person accepts it", async () => {
    expect(doctor.people, "one is good as it stands").toBe(1);
    expect(doctor.waiting, "four wait for a decision").toBe(4);
    expect(core.campaigns.view(1).counts.total).toBe(0);
    await doctor.accept();
    expect(open.view?.counts).toMatchObject({ total: 5, pending: 1, skipped: 4 });
    expect(open.view?.variables).toEqual(["nombre", "celular", "distrito", "saldo"]);
    expect(doctor.view, "the sheet is put away").toBeNull();
  });

  it("takes decisions by kind, by row and by number, and its counters add up to its rows", async () => {
    await doctor.decide({ kind: "repair", repair: "words_dropped", accepted: true });
    expect(doctor.people).toBe(3);
    await doctor.decide({ kind: "row", row: 3, accepted: false });
    await doctor.decide({ kind: "choice", row: 5, number: "51900000032" });
    await doctor.read({ country: "PE" });
    const counters = Object.values(doctor.view?.counters ?? {});
    expect(counters.reduce((sum, one) => sum + one, 0)).toBe(rows.length);
    expect(doctor.people).toBe(4);
    expect(doctor.waiting).toBe(0);
    expect(core.callsOf("import_reading_set")[0]?.reading, "only the country changed").toMatchObject({
      country: "PE",
      delimiter: "semicolon",
    });
  });

  it("that is taken over shows how far it is, and can be given up", async () => {
    vi.useFakeTimers();
    core.failNext("import_accept", { kind: "refused", code: "state_changed" });
    const goOn = core.hold("import_accept");
    core.campaigns.gathering = { underWay: true, people: 2, of: 5 };
    const accepting = doctor.accept();
    await vi.advanceTimersByTimeAsync(300);
    expect(doctor.gathering.view, "it is looked at while it lasts").toEqual({ underWay: true, people: 2, of: 5 });
    await doctor.gathering.stop();
    expect(core.callsOf("campaign_gathering_stop")).toEqual([{ campaignId: 1 }]);
    goOn();
    await accepting;
    expect(doctor.fault, "who gave it up is told of no fault").toBeNull();
    expect(doctor.gathering.view, "nothing is shown any more").toBeNull();
    expect(doctor.view, "the sheet is still there").not.toBeNull();

    core.failNext("import_accept", { kind: "refused", code: "state_changed" });
    await doctor.accept();
    expect(doctor.fault?.code, "a second window is told that another is at it").toBe("state_changed");
    vi.useRealTimers();
  });

  it("given up leaves nothing", async () => {
    await doctor.leave();
    expect(core.campaigns.imports.size).toBe(0);
    expect(doctor.view).toBeNull();
  });

  it("given up while it is still on its way is closed as soon as it is there", async () => {
    const letGo = core.hold("import_open");
    const opening = doctor.open(file);
    await settled();
    await doctor.leave();
    letGo();
    await opening;
    await settled();
    expect(doctor.view, "it does not come up after all").toBeNull();
    expect(core.callsOf("import_close").length).toBeGreaterThan(0);
  });

  it("shows only the rows of a verdict", async () => {
    doctor.show("proposed");
    await settled();
    expect(doctor.rows.rows.map(({ row }) => row)).toEqual([3, 4]);
  });
});

describe("an audience", () => {
  it("is made anew from its sources, none twice, and a sheet gives way only when asked", async () => {
    const open = await opened({ sources: [{ kind: "sheet", fileName: "clientas.csv" }] });
    const audience = new Audience(core, open);
    expect(audience.replacesSheet, "so that the screen asks first").toBe(true);
    await audience.add({ kind: "label", labelId: 1 });
    await audience.add({ kind: "label", labelId: 1 });
    await audience.add({ kind: "contacts" });
    expect(open.view?.sources).toEqual([{ kind: "label", labelId: 1 }, { kind: "contacts" }]);
    expect(open.view?.counts.total).toBe(162);
    await audience.remove(0);
    expect(open.view?.sources).toEqual([{ kind: "contacts" }]);
    audience.close();
  });

  it("is asked about no further numbers once that is stopped", async () => {
    vi.useFakeTimers();
    const open = await opened(
      {},
      Array.from({ length: 90 }, (_, place) => recipient(place)),
    );
    const audience = new Audience(core, open);
    await audience.check();
    await audience.check(true);
    expect(audience.numbers).toMatchObject({ asking: false });
    const asked = core.callsOf("campaign_numbers_status").length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(core.callsOf("campaign_numbers_status")).toHaveLength(asked);
    vi.useRealTimers();
  });

  it("is asked about its numbers until all are known", async () => {
    vi.useFakeTimers();
    const open = await opened(
      {},
      Array.from({ length: 90 }, (_, place) => recipient(place)),
    );
    const audience = new Audience(core, open);
    await audience.check();
    expect(audience.numbers).toMatchObject({ asking: true, total: 90 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(audience.numbers).toMatchObject({ asking: false, known: 90 });
    const asked = core.callsOf("campaign_numbers_status").length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(core.callsOf("campaign_numbers_status"), "then no more").toHaveLength(asked);
    vi.useRealTimers();
  });
});

describe("a long list", () => {
  const numbers = Array.from({ length: 450 }, (_, at) => at);
  const page = async (last: number | null, limit: number) =>
    numbers.filter((one) => last === null || one > last).slice(0, limit);

  it("is read as far as it is looked at, and read again as far as it was", async () => {
    const pages = new Pages<number>(page);
    await pages.load();
    expect(pages.rows).toHaveLength(100);
    pages.lookingAt(20);
    await settled();
    expect(pages.rows, "the eye is far from the end").toHaveLength(100);
    pages.lookingAt(99);
    await settled();
    expect(pages.rows).toHaveLength(200);
    await pages.refresh();
    expect(pages.rows, "nothing jumps").toEqual(numbers.slice(0, 200));
  });

  it("ends where it ends", async () => {
    const pages = new Pages<number>(page);
    await pages.load();
    for (let turn = 0; turn < 6; turn += 1) {
      pages.lookingAt(pages.rows.length);
      await settled();
    }
    expect(pages.rows).toEqual(numbers);
    expect(pages.ended).toBe(true);
  });
});

describe("the report", () => {
  it("is saved as the file that the core made", async () => {
    await opened({ state: "finished" });
    const report = new Report(core, feed, 1);
    await report.save("pdf");
    expect(core.kept.get("Ofertas de diciembre.pdf")).toBe(btoa("report"));
    expect(report.saved).toBe("Ofertas de diciembre.pdf");
    core.outsideFault = new Fault("storage_full");
    await report.save("csv");
    expect(report.saved).toBeNull();
    expect(report.exportFault?.code).toBe("storage_full");
  });

  it("has a funnel in which each step holds all who came farther", async () => {
    const states = ["sent", "delivered", "read", "replied", "failed"] as const;
    await opened(
      { state: "finished" },
      states.map((state, place) => recipient(place, { state })),
    );
    const report = new Report(core, feed, 1);
    await report.load();
    expect(report.view?.funnel).toEqual({ sent: 4, delivered: 3, read: 2, replied: 1 });
  });

  it("waits for what is being closed, and checks again by itself", async () => {
    const skipped = (place: number) => recipient(place, { state: "skipped", reason: "cancelled" });
    await opened({ state: "cancelled" }, [recipient(0, { state: "delivered" }), recipient(1), recipient(2)]);
    const report = new Report(core, feed, 1);
    await report.prove();
    expect(report.proof).toMatchObject({ verdict: "closing", left: 2 });
    core.campaigns.people.set(1, [recipient(0, { state: "delivered" }), skipped(1), skipped(2)]);
    core.campaigns.put(1, {});
    await settled();
    expect(report.proof).toMatchObject({ verdict: "holds", left: 0 });
    expect(report.proving).toBe(false);
  });

  it("leads to another try with only the chosen ones of those who failed", async () => {
    const failed = (place: number) => recipient(place, { state: "failed", reason: "no_answer" });
    await opened({ state: "finished" }, [failed(0), failed(1), recipient(2, { state: "read" })]);
    const report = new Report(core, feed, 1);
    const id = await report.retry("Otra vez", [2]);
    expect(core.campaigns.view(id ?? 0)).toMatchObject({ followsId: 1, followsAs: "retry", counts: { total: 1 } });
  });

  it("tells apart all who failed, all who were left out, and chosen ones", async () => {
    await opened({ state: "cancelled" }, [recipient(0, { state: "failed", reason: "no_answer" })]);
    const report = new Report(core, feed, 1);
    for (const who of ["failed", "left_out", [7]] as const)
      await report.retry("Otra vez", who === "failed" || who === "left_out" ? who : [...who]);
    expect(core.callsOf("campaign_retry").map(({ recipients, leftOut }) => ({ recipients, leftOut }))).toEqual([
      { recipients: null, leftOut: false },
      { recipients: null, leftOut: true },
      { recipients: [7], leftOut: false },
    ]);
  });
});

describe("answers", () => {
  const reply = (at: number, part = {}) => ({
    recipientId: at,
    campaignId: 1,
    campaign: "Ofertas",
    chatId: at,
    name: "Lucía",
    sent: "Hola",
    reply: "¿Cuánto cuesta?",
    at,
    kind: "question" as const,
    optOut: null,
    optOutId: null,
    answered: false,
    ...part,
  });

  it("go away once they are answered, and come page by page", async () => {
    core.campaigns.replies = Array.from({ length: 70 }, (_, at) => reply(at + 1));
    const replies = new Replies(core, feed);
    await replies.load();
    expect(replies.rows).toHaveLength(50);
    await replies.more();
    expect(replies.rows).toHaveLength(70);
    expect(replies.next).toBeNull();
    core.campaigns.replies = core.campaigns.replies.map((one) => ({ ...one, answered: one.recipientId === 3 }));
    core.changed({ topic: "messages", chatId: 3 });
    await settled();
    expect(replies.rows.some((one) => one.recipientId === 3)).toBe(false);
  });

  it("come once, however often more of them are asked for", async () => {
    core.campaigns.replies = Array.from({ length: 120 }, (_, at) => reply(at + 1));
    const replies = new Replies(core, feed);
    await replies.load();
    await Promise.all([replies.more(), replies.more()]);
    expect(new Set(replies.rows.map((one) => one.recipientId)).size, "none twice").toBe(replies.rows.length);
    expect(replies.rows, "one page more").toHaveLength(100);
    await replies.more();
    expect(replies.rows, "and the last one").toHaveLength(120);
  });

  it("are not lost where two pages meet when they are read anew meanwhile", async () => {
    core.campaigns.replies = Array.from({ length: 120 }, (_, at) => reply(at + 1));
    const replies = new Replies(core, feed);
    await replies.load();
    let open = () => {};
    const gate = new Promise<void>((done) => {
      open = done;
    });
    const call = core.call.bind(core);
    vi.spyOn(core, "call").mockImplementationOnce(async (command, args) => {
      const page = await call(command, args);
      await gate;
      return page;
    });
    const more = replies.more();
    // One more has come: what was the last of this page is the first of the next one.
    core.campaigns.replies = [reply(0), ...core.campaigns.replies];
    core.changed({ topic: "messages", chatId: 1 });
    await settled();
    open();
    await more;
    while (replies.next !== null) await replies.more();
    const shown = replies.rows.map((one) => one.recipientId);
    expect(shown, "each once, none left out").toEqual(Array.from({ length: 121 }, (_, at) => at));
  });

  it("that ask for no more messages are decided where they are read", async () => {
    const optOut = {
      id: 9,
      number: "51900000041",
      name: null,
      state: "asked",
      wish: "ask",
      text: "ya no",
      at: 1,
      chatId: 1,
    } as const;
    core.campaigns.optOuts = [optOut];
    core.campaigns.replies = [reply(1, { kind: "opt_out", optOut: "asked", optOutId: 9 })];
    const replies = new Replies(core, feed);
    await replies.load();
    await replies.decide(9, "out");
    expect(replies.rows[0]?.optOut).toBe("out");
  });
});

describe("opt-outs", () => {
  it("are added by number, and undone", async () => {
    const optOuts = new OptOuts(core, feed);
    await optOuts.list.load();
    expect(await optOuts.add("12")).toBe(false);
    expect(optOuts.fault?.code).toBe("number_invalid");
    expect(await optOuts.add(" +51 900 000 041 ")).toBe(true);
    await settled();
    expect(optOuts.list.rows).toMatchObject([{ number: "51900000041", state: "out", wish: "said" }]);
    await optOuts.decide(optOuts.list.rows[0]?.id ?? 0, "undone");
    await settled();
    expect(optOuts.list.rows[0]?.state).toBe("undone");
  });
});
