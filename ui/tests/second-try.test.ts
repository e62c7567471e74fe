import { type Component, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import PeoplePane from "../src/features/campaigns/PeoplePane.svelte";
import RehearsalStep from "../src/features/campaigns/RehearsalStep.svelte";
import ReportPane from "../src/features/campaigns/ReportPane.svelte";
import { Report } from "../src/features/campaigns/report.svelte";
import { type CampaignView, Feed, type RecipientView } from "../src/platform";
import { phoneWords, speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, plan, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { settled } from "./settled";
import { campaignWords, written } from "./sheets";

const words = campaignWords("es");
let core: FakeCore;
let open: OpenCampaign;
let report: Report;
let place: HTMLElement;
let shown: Record<string, unknown> | undefined;
let opened: number | null;

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
  place = document.body.appendChild(document.createElement("div"));
  opened = null;
});

afterEach(async () => {
  vi.useRealTimers();
  if (shown) await unmount(shown);
  shown = undefined;
  document.body.replaceChildren();
});

async function show<Props extends Record<string, unknown>>(
  pane: Component<Props>,
  part: Partial<CampaignView>,
  people: RecipientView[],
): Promise<void> {
  const feed = new Feed(core);
  feed.open();
  core.campaigns.add(campaign(part), people);
  open = new OpenCampaign(core, feed, 1);
  report = new Report(core, feed, 1);
  await open.load();
  const onopen = (id: number) => {
    opened = id;
  };
  const props = { campaign: open, report, onopen, onchat: () => {}, now: Date.now() } as unknown as Props;
  shown = mount(pane, { target: place, props });
  await settled();
}

const button = (name: string) =>
  [...document.querySelectorAll("button")].filter((one) => one.textContent?.trim() === name).at(-1);

async function press(name: string): Promise<void> {
  const found = button(name);
  if (!found) throw new Error(`nothing is called ${name}`);
  found.click();
  await settled();
}

const skipped = (at: number, reason: string) => recipient(at, { state: "skipped", reason });

describe("of a campaign that is over", () => {
  it("lets those be chosen who failed or were left out, and nobody else", async () => {
    await show(PeoplePane, { state: "cancelled" }, [
      recipient(0, { state: "failed", reason: "no_answer" }),
      skipped(1, "cancelled"),
      skipped(2, "blocked"),
      recipient(3, { state: "opted_out" }),
      recipient(4, { state: "read" }),
    ]);
    const boxes = [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
    const names = [0, 1].map((at) => words.people.pick(recipient(at).name ?? ""));
    expect(boxes.map((box) => box.getAttribute("aria-label"))).toEqual(names);
    boxes[1]?.click();
    await settled();
    await press(words.report.retryChosenCount(1));
    await press(words.report.retryChosenCount(1));
    expect(core.callsOf("campaign_retry")).toMatchObject([{ recipients: [2], leftOut: false }]);
    expect(opened, "the draft is opened").not.toBeNull();
  });

  it("offers a campaign for all who were left out, though nobody failed", async () => {
    await show(ReportPane, { state: "cancelled" }, [
      recipient(0, { state: "read" }),
      skipped(1, "cancelled"),
      skipped(2, "cancelled"),
      skipped(3, "taken_out"),
    ]);
    expect(button(words.report.retryCount(0)), "nobody failed").toBeUndefined();
    await press(words.report.retryLeftCount(2));
    await press(words.report.retryLeftCount(2));
    expect(core.callsOf("campaign_retry")).toMatchObject([{ recipients: null, leftOut: true }]);
    expect(core.campaigns.view(opened ?? 0).counts.total, "who was taken out by hand stays out").toBe(2);
  });
});

it("says of a rehearsed run who gets it when", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(2026, 4, 5, 9, 0) });
  const texts = [{ share: 100, body: { kind: "text" as const, text: "Hola" } }];
  await show(RehearsalStep, { plan: plan({ texts }) }, [recipient(0), recipient(1)]);
  expect(document.querySelector('[role="table"]'), "not before").toBeNull();
  await open.rehearse();
  await settled();
  const rows = [...document.querySelectorAll('[role="rowgroup"] [role="row"]')];
  const cells = rows.map((row) => [...row.querySelectorAll('[role="cell"]')].map((cell) => cell.textContent?.trim()));
  const now = Date.now();
  expect(cells.map(([when, who]) => [when, who])).toEqual(
    [0, 1].map((at) => [speech.soon(now + at * 9_000, now), phoneWords(recipient(at).name ?? "")]),
  );
  expect(cells[0]?.[2], "with the words").toBe("Hola");
});
