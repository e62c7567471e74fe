import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import CampaignPage from "../src/features/campaigns/CampaignPage.svelte";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import EditorPane from "../src/features/campaigns/EditorPane.svelte";
import LaunchBox from "../src/features/campaigns/LaunchBox.svelte";
import Uncertain from "../src/features/campaigns/Uncertain.svelte";
import { Feed } from "../src/platform";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { written } from "./sheets";

const HOUR = 3_600_000;

let core: FakeCore;
let feed: Feed;
let shown: ReturnType<typeof mount> | null = null;

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
  feed = new Feed(core);
  feed.open();
});

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function opened(part: Parameters<typeof campaign>[0], people = [recipient(0), recipient(1)]) {
  core.campaigns.add(campaign(part), people);
  const open = new OpenCampaign(core, feed, 1);
  await open.load();
  return open;
}

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find((one) => one.textContent?.trim() === name);
  if (!found) throw new Error(`there is no button ${name}`);
  return found;
}

it("what is asked last before a launch tells how it goes if it begins now, however long ago it was rehearsed", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-02T10:00:00") });
  core.campaigns.add(campaign({ id: 2, state: "running" }), [recipient(7), recipient(8), recipient(9)]);
  const open = await opened({ state: "rehearsed", rehearsed: true });
  await open.rehearse();
  const rehearsed = open.rehearsal;
  vi.setSystemTime(new Date("2026-03-02T18:30:00"));
  const now = Date.now();
  shown = mount(LaunchBox, { target: document.body, props: { campaign: open, now } });
  flushSync();
  button(told.words.launch.sendCount(2)).click();
  await settled();
  flushSync();
  const { course } = open;
  expect((course?.first ?? 0) - (rehearsed?.first ?? 0), "of now, not of this morning").toBe(9 * HOUR);
  const said = told.words.launch.sureBody(speech.soon(course?.first ?? 0, now), speech.soon(course?.ends ?? 0, now));
  expect(document.body.textContent).toContain(said);
  expect(document.body.textContent, "and what else leaves in between").toContain(told.words.rehearsal.othersCount(3));
});

it("an uncertain one is offered to whoever looks at it as soon as nobody looks for it any more", async () => {
  const looked = recipient(0, { state: "uncertain", needsOperator: false });
  const open = await opened({ state: "running" }, [looked, recipient(1)]);
  shown = mount(Uncertain, { target: document.body, props: { campaign: open, onchat: () => {} } });
  await settled();
  flushSync();
  expect(document.body.textContent, "it is looked for").not.toContain(told.words.run.uncertain);
  core.campaigns.people.set(1, [{ ...looked, needsOperator: true }, recipient(1)]);
  core.changed({ topic: "campaign", campaignId: 1 });
  await settled();
  flushSync();
  expect(document.body.textContent, "it is theirs to settle").toContain(told.words.run.uncertain);
});

/** Whom a rescue left uncertain, before the campaign started as far as is known. */
const doubtful = (place: number) => recipient(place, { state: "uncertain", needsOperator: true });

async function edited(part: Parameters<typeof campaign>[0], people = [recipient(0), recipient(1)]) {
  const open = await opened(part, people);
  const props = { campaign: open, device: device(), now: Date.now(), id: "e", onchat: () => {} };
  shown = mount(EditorPane, { target: document.body, props });
  await settled();
  flushSync();
  return open;
}

it("a campaign that may have started before a rescue offers to settle each of its people, and to start", async () => {
  const open = await edited({ state: "missed", rehearsed: true }, [doubtful(0), doubtful(1), doubtful(2)]);
  const { run, launch } = told.words;
  expect(document.body.textContent, "what happened is said").toContain(run.uncertainBefore);
  expect(document.body.textContent, "that they get nothing as yet too").toContain(launch.uncertainCount(3));
  expect(button(launch.start).disabled, "it can be started, and nobody is promised anything").toBe(false);
  button(run.settle.sent).click();
  await settled();
  flushSync();
  expect(open.view?.counts, "the first has it").toMatchObject({ sent: 1, uncertain: 2 });
});

it("none of them has it: one word is enough for all, and is asked for twice", async () => {
  const many = Array.from({ length: 130 }, (_, place) => doubtful(place));
  const open = await edited({ state: "rehearsed", rehearsed: true }, many);
  const { run } = told.words;
  button(run.againAllCount(130)).click();
  await settled();
  flushSync();
  expect(open.view?.counts.pending, "not before").toBe(0);
  button(run.againAllSure).click();
  await vi.waitFor(
    () => {
      expect(open.view?.counts, "beyond the first hundred too").toMatchObject({ pending: 130, uncertain: 0 });
    },
    { timeout: 20_000 },
  );
});

it("whoever is asked whether nobody has it and calls it off has said nothing of anybody", async () => {
  const open = await edited({ state: "rehearsed", rehearsed: true }, [doubtful(0), doubtful(1)]);
  const { run } = told.words;
  button(run.againAllCount(2)).click();
  await settled();
  flushSync();
  expect(document.querySelector('[role="dialog"]')?.textContent, "what it means").toContain(run.againAllBody);
  const off = [...document.querySelectorAll<HTMLButtonElement>('[role="dialog"] button')];
  off.find((one) => one.textContent?.trim() === speech.words.common.cancel)?.click();
  await vi.waitFor(() => expect(document.querySelector('[role="dialog"]')).toBeNull());
  expect(core.callsOf("campaign_recipient_settle")).toEqual([]);
  expect(open.view?.counts).toMatchObject({ pending: 0, uncertain: 2 });
});

const weekly = {
  local: "2026-03-03T09:30",
  zone: "America/Lima",
  late: { policy: "skip" },
  repeats: "weekly",
  day: null,
} as const;

function field<T extends Element>(name: string): T {
  const found = document.querySelector<T>(name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

function chooseLater() {
  const later = [...document.querySelectorAll<HTMLElement>("input, button, label")].find(
    (one) => one.textContent?.trim() === told.words.launch.whens.later || (one as HTMLInputElement).value === "later",
  );
  later?.click();
  flushSync();
}

const AFTER = { state: "missed", rehearsed: true, schedule: weekly, carriesRow: true } as const;

it("one by which its row goes on can be started though nobody is left to be written to", async () => {
  const settledOnes = [recipient(0, { state: "sent" }), recipient(1, { state: "failed", reason: "said_not_sent" })];
  const open = await edited(AFTER, settledOnes);
  const { launch } = told.words;
  expect(document.body.textContent).toContain(launch.nobody);
  button(launch.start).click();
  await settled();
  flushSync();
  [...document.querySelectorAll("button")]
    .filter((one) => one.textContent?.trim() === launch.start)
    .at(-1)
    ?.click();
  await settled();
  expect(open.view?.state, "its start makes the next one").toBe("running");
});

it("one that nobody is left of and by which no row goes on has nothing to start", async () => {
  await edited({ state: "rehearsed", rehearsed: true }, [recipient(0, { state: "sent" })]);
  expect(document.body.textContent).not.toContain(told.words.launch.start);
});

it("one of which somebody may have theirs is offered now only: at another time they would be left out of the next one", async () => {
  for (const state of ["uncertain", "sent", "failed"] as const) {
    await edited(AFTER, [recipient(0, { state, messageId: 900 }), recipient(1)]);
    expect(document.body.textContent, state).toContain(told.words.launch.onlyNow);
    chooseLater();
    expect(document.querySelector("input[type=datetime-local]"), `${state}: no other time`).toBeNull();
    expect(button(told.words.launch.sendCount(1)).disabled, "only to whom nothing went").toBe(false);
    if (shown) void unmount(shown);
    shown = null;
    document.body.replaceChildren();
  }
});

it("whoever sends a missed one is told to when the next one moves", async () => {
  const now = Date.now();
  const [startsAt, movesTo] = [now + 3 * HOUR, now + 27 * HOUR];
  const open = await opened({ state: "missed", rehearsed: true, next: { startsAt, movesTo } });
  shown = mount(LaunchBox, { target: document.body, props: { campaign: open, now } });
  flushSync();
  const { launch } = told.words;
  const [when, to] = [speech.soon(startsAt, now), speech.soon(movesTo, now)];
  expect(document.body.textContent).toContain(launch.nextMoves(when, to));
  core.campaigns.put(1, { next: { startsAt, movesTo: null } });
  await open.load();
  flushSync();
  expect(document.body.textContent, "it keeps its time").toContain(launch.nextWaits(when));
});

it("a monthly one that is offered as it was scheduled keeps its day, and another time has its own", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2027-02-28T18:00:00Z") });
  const monthly = { ...weekly, local: "2027-02-28T09:30", repeats: "monthly", day: 31 } as const;
  for (const [local, day] of [
    ["2027-03-31T09:30", 31],
    ["2027-03-30T09:30", null],
  ] as const) {
    const open = await edited({ ...AFTER, schedule: monthly });
    chooseLater();
    const time = field<HTMLInputElement>("input[type=datetime-local]");
    expect(time.value, "March has a 31st").toBe("2027-03-31T09:30");
    time.value = local;
    time.dispatchEvent(new Event("input", { bubbles: true }));
    flushSync();
    button(told.words.launch.scheduleCount(2)).click();
    await settled();
    expect(open.view?.schedule).toMatchObject({ local, day });
    if (shown) void unmount(shown);
    shown = null;
    document.body.replaceChildren();
  }
});

it("one that ran when the file was damaged says so, and one word settles all who never had a turn as far as is known", async () => {
  const people = [...Array.from({ length: 130 }, (_, place) => doubtful(place)), doubtful(130)];
  people[130] = { ...doubtful(130), messageId: 900 };
  const open = await opened({ state: "paused", pause: { cause: "rescued" } }, people);
  shown = mount(Uncertain, { target: document.body, props: { campaign: open, onchat: () => {} } });
  await settled();
  flushSync();
  const { run } = told.words;
  expect(document.body.textContent, "not that a message left").toContain(run.uncertainBefore);
  button(run.againAllCount(130)).click();
  await settled();
  flushSync();
  button(run.againAllSure).click();
  await vi.waitFor(
    () => {
      expect(open.view?.counts, "whose message is there is settled by itself").toMatchObject({
        pending: 130,
        uncertain: 1,
      });
    },
    { timeout: 20_000 },
  );
  await settled();
  flushSync();
  expect(document.body.textContent, "of that one it is said that it left").toContain(run.uncertainLead);
});

it("people who were lost with a damaged file are told of before anybody lets it go on", async () => {
  core.campaigns.add(campaign({ state: "paused", pause: { cause: "rescued" }, missing: 12 }), [recipient(0)]);
  const page = { onback: () => {}, onopen: () => {}, onchat: () => {} };
  const props = { id: 1, platform: core, feed, devices: [device()], now: Date.now(), ...page };
  shown = mount(CampaignPage, { target: document.body, props });
  await settled();
  flushSync();
  const { run } = told.words;
  expect(document.body.textContent).toContain(run.lostCount(12));
  expect(document.body.textContent).toContain(run.pauses.rescued.what);
});

it("one by which its row goes on is offered as it was scheduled, and says when the row would end", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-04T18:00:00Z") });
  await edited({ state: "missed", rehearsed: true, schedule: weekly, carriesRow: true });
  const { launch, editor } = told.words;
  expect(document.body.textContent, "without its time it ends").toContain(editor.endsRow);
  const later = [...document.querySelectorAll<HTMLElement>("input, button, label")].find(
    (one) => one.textContent?.trim() === launch.whens.later || (one as HTMLInputElement).value === "later",
  );
  later?.click();
  flushSync();
  const time = document.querySelector<HTMLInputElement>("input[type=datetime-local]");
  expect(time?.value, "the next Tuesday").toBe("2026-03-10T09:30");
  const [late, repeats] = document.querySelectorAll<HTMLSelectElement>(".launch select");
  expect([late?.value, repeats?.value]).toEqual(["skip", "weekly"]);
  expect(document.body.textContent).not.toContain(launch.endsRow);
  if (repeats) repeats.value = "never";
  repeats?.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
  expect(document.body.textContent, "once is the end of it").toContain(launch.endsRow);
});

it("one whose next repetition waits already is offered once", async () => {
  const open = await opened({ state: "missed", rehearsed: true, schedule: weekly });
  shown = mount(LaunchBox, { target: document.body, props: { campaign: open, now: Date.now() } });
  flushSync();
  const later = [...document.querySelectorAll<HTMLElement>("input, button, label")].find(
    (one) => one.textContent?.trim() === told.words.launch.whens.later || (one as HTMLInputElement).value === "later",
  );
  later?.click();
  flushSync();
  const repeats = [...document.querySelectorAll<HTMLSelectElement>(".launch select")].at(-1);
  expect(repeats?.value).toBe("never");
});
