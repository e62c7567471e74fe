import { type Component, flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import EditorPane from "../src/features/campaigns/EditorPane.svelte";
import RehearsalStep from "../src/features/campaigns/RehearsalStep.svelte";
import RunPane from "../src/features/campaigns/RunPane.svelte";
import { type CampaignView, Feed } from "../src/platform";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, plan, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { campaignWords, written } from "./sheets";

const HOUR = 3_600_000;
const words = campaignWords("es");
const PLAN = plan({ texts: [{ share: 100, body: { kind: "text", text: "Hola" } }] });

let core: FakeCore;
let open: OpenCampaign;
let now: number;
let shown: ReturnType<typeof mount> | undefined;

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 4, 5, 9, 20) });
  now = Date.now();
  core = new FakeCore();
});

afterEach(async () => {
  vi.useRealTimers();
  await close();
});

async function close(): Promise<void> {
  if (shown) await unmount(shown);
  shown = undefined;
  document.body.replaceChildren();
}

async function show<Props extends Record<string, unknown>>(
  pane: Component<Props>,
  part: Partial<CampaignView>,
): Promise<void> {
  const feed = new Feed(core);
  feed.open();
  core.campaigns.add(campaign({ plan: PLAN, ...part }), [recipient(0), recipient(1)]);
  open = new OpenCampaign(core, feed, 1);
  await open.load();
  const props = { campaign: open, device: device(), now, id: "e", onchat: () => {} } as unknown as Props;
  shown = mount(pane, { target: document.body, props });
  await settled();
  flushSync();
}

/** All that is told of how long this computer must stay on. */
const STAYS = words.rehearsal.staysOn("").trim();

it("a rehearsal says until when this computer must stay on, and what happens if it goes off", async () => {
  await show(RehearsalStep, {});
  expect(document.body.textContent, "not before it is known").not.toContain(STAYS);
  await open.rehearse();
  await settled();
  flushSync();
  const ends = open.rehearsal?.ends ?? 0;
  expect(ends, "it takes a while").toBeGreaterThan(now);
  expect(document.body.textContent).toContain(words.rehearsal.staysOn(speech.soon(ends, now)));
  expect(document.body.textContent).toContain(words.rehearsal.staysOnWhy);
  core.campaigns.faults = [{ code: "shares" }];
  await open.rehearse();
  await settled();
  flushSync();
  expect(document.body.textContent, "what cannot start has no end").not.toContain(STAYS);
});

it("a campaign that starts by itself says until when this computer must stay on", async () => {
  await show(EditorPane, { state: "scheduled", rehearsed: true, startsAt: now + 30 * HOUR });
  const ends = open.course?.ends ?? 0;
  expect(ends, "counted from its own time").toBeGreaterThan(now + 30 * HOUR);
  expect(document.body.textContent).toContain(words.rehearsal.staysOn(speech.soon(ends, now)));
});

it("a restriction whose end is known says until when it pauses; without one it promises nothing", async () => {
  const until = now + 26 * HOUR;
  const said = words.run.pausedUntil(speech.soon(until, now));
  const { what } = words.run.pauses.restricted;
  await show(RunPane, { state: "paused", pause: { cause: "restricted", until } });
  expect(document.body.textContent?.replace(/\s+/g, " ")).toContain(`${what} ${said}`);
  await close();
  await show(RunPane, { state: "paused", pause: { cause: "restricted", until: null } });
  expect(document.body.textContent).toContain(what);
  expect(document.body.textContent).not.toContain(words.run.pausedUntil("").replace(".", "").trim());
});
