import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import PreviewPane from "../src/features/campaigns/PreviewPane.svelte";
import { type CampaignPlan, Feed, type RecipientView } from "../src/platform";
import { speech } from "../src/words";
import { told } from "../src/words/campaigns.svelte";
import { campaign, plan, recipient } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { device } from "./people";
import { settled } from "./settled";
import { campaignWords, written } from "./sheets";

const words = campaignWords("es").message;
const TWO = plan({
  texts: [
    { share: 50, body: { kind: "text", text: "Hola {{nombre}}" } },
    { share: 50, body: { kind: "text", text: "Buenas" } },
  ],
});

let core: FakeCore;
let open: OpenCampaign;
let shown: ReturnType<typeof mount> | undefined;

beforeEach(() => {
  told.take("es", written("campaigns", "es"));
  core = new FakeCore();
});

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
  document.body.replaceChildren();
});

async function show(of: CampaignPlan, people: RecipientView[]): Promise<void> {
  const feed = new Feed(core);
  feed.open();
  core.campaigns.add(campaign({ plan: of }), people);
  open = new OpenCampaign(core, feed, 1);
  await open.load();
  shown = mount(PreviewPane, { target: document.body, props: { campaign: open, device: device() } });
  await settled();
  flushSync();
}

const dialog = () => document.querySelector('[role="dialog"]');

/** It leaves with a movement. */
const closed = (why: string) => vi.waitFor(() => expect(dialog(), why).toBeNull());

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].filter((one) => one.textContent?.trim() === name).at(-1);
  if (!found) throw new Error(`there is no button ${name}`);
  return found;
}

async function press(name: string): Promise<void> {
  button(name).click();
  await settled();
  flushSync();
}

async function type(number: string): Promise<void> {
  const input = dialog()?.querySelector<HTMLInputElement>('input[type="tel"]');
  if (!input) throw new Error("no number is asked for");
  input.value = number;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  flushSync();
}

it("a test asks to which number, says whose data it takes, and takes the version that is shown", async () => {
  await show(TWO, [recipient(0, { variant: 1 }), recipient(1)]);
  expect(dialog(), "not before somebody asks for it").toBeNull();
  await press(words.test);
  for (const said of [words.testTitle, words.testNumber, words.testHint, words.testVersion])
    expect(dialog()?.textContent).toContain(said);
  const version = dialog()?.querySelector("select");
  expect([version?.value, version?.options.length], "the one of the person on show, of two").toEqual(["1", 2]);
  expect(button(words.testDo).disabled, "to no number nothing goes").toBe(true);
  await press(speech.words.common.cancel);
  await closed("it is called off");
  expect(core.callsOf("campaign_test_send")).toEqual([]);
});

it("a test goes to the number that was typed, with the words as they are typed now, and is said to be on its way", async () => {
  await show(TWO, [recipient(0, { variant: 1 }), recipient(1)]);
  const typed = plan({
    ...TWO,
    texts: TWO.texts.map((text) => ({ ...text, body: { kind: "text" as const, text: "Hoy" } })),
  });
  open.edit(typed);
  await press(words.test);
  await type("  +51 900 000 098 ");
  await press(words.testDo);
  const sent = { campaignId: 1, recipientId: 1, variant: 1, number: "+51 900 000 098", clientId: expect.any(String) };
  expect(core.callsOf("campaign_test_send")).toEqual([sent]);
  const order = core.calls.map(({ command }) => command).filter((name) => /plan_set|test_send/.test(name));
  expect(order, "what is typed is kept before").toEqual(["campaign_plan_set", "campaign_test_send"]);
  await closed("it is done");
  expect(document.body.textContent).toContain(words.testSent);
});

it("a test without an audience says that variables have no values, and which had none", async () => {
  await show(plan({ texts: TWO.texts.slice(0, 1) }), []);
  await press(words.test);
  expect(dialog()?.textContent).toContain(words.testSample);
  expect(dialog()?.querySelector("select"), "of one version there is no choice").toBeNull();
  await type("51900000098");
  await press(words.testDo);
  expect(core.callsOf("campaign_test_send")).toMatchObject([{ recipientId: null, variant: 0 }]);
  expect(document.body.textContent).toContain(words.testMissing("nombre"));
});

it("a test that could not be sent says why, keeps the number, and is the same one when it is tried again", async () => {
  await show(TWO, [recipient(0)]);
  core.failNext("campaign_test_send", { kind: "refused", code: "not_linked" });
  await press(words.test);
  await type("51900000098");
  await press(words.testDo);
  const why = speech.words.errors.not_linked.what;
  expect(dialog()?.textContent, "in words").toContain(why);
  expect(dialog()?.querySelector<HTMLInputElement>("input")?.value).toBe("51900000098");
  expect(document.body.textContent).not.toContain(words.testSent);
  await press(words.testDo);
  const [first, again] = core.callsOf("campaign_test_send").map(({ clientId }) => clientId);
  expect(again, "whatever became of the first, it goes once").toBe(first);
  expect(document.body.textContent).toContain(words.testSent);

  await press(words.test);
  core.failNext("campaign_test_send", { kind: "refused", code: "not_linked" });
  await press(words.testDo);
  await press(speech.words.common.cancel);
  await press(words.test);
  expect(dialog()?.textContent, "another test has not failed").not.toContain(why);
  await press(words.testDo);
  const ids = core.callsOf("campaign_test_send").map(({ clientId }) => clientId);
  expect(new Set(ids).size, "each test is one of its own").toBe(3);
});
