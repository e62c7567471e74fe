import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import LaunchBox from "../src/features/campaigns/LaunchBox.svelte";
import Uncertain from "../src/features/campaigns/Uncertain.svelte";
import { Feed } from "../src/platform";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
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
