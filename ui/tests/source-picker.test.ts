import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it } from "vitest";
import { Audience } from "../src/features/campaigns/audience.svelte";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import SourcePicker from "../src/features/campaigns/SourcePicker.svelte";
import { type DeviceView, Feed } from "../src/platform";
import { told } from "../src/words/campaigns.svelte";
import { campaign } from "./fake-campaigns";
import { FakeCore } from "./fake-core";
import { chatRow, device } from "./people";
import { written } from "./sheets";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

function offered(of: DeviceView | undefined): string[] {
  told.take("es", written("campaigns", "es"));
  const core = new FakeCore();
  const audience = new Audience(core, new OpenCampaign(core, new Feed(core), 1));
  shown = mount(SourcePicker, { target: document.body, props: { audience, device: of } });
  flushSync();
  return [...document.querySelectorAll("option")].map((one) => one.value);
}

it("saved contacts are a source where the number can tell whom its phone has saved", () => {
  expect(offered(device())).toContain("contacts");
});

it("groups are a source where the number can tell who is in them", () => {
  expect(offered(device())).toContain("group");
});

it("where nobody can tell who is in a group, groups are no source", () => {
  const { capabilities } = device();
  expect(offered(device({ capabilities: { ...capabilities, groups: false } }))).not.toContain("group");
});

it("each group can be chosen, however many there are", async () => {
  told.take("es", written("campaigns", "es"));
  const core = new FakeCore();
  core.chats = Array.from({ length: 450 }, (_, at) => chatRow({ id: at + 1, kind: "group", title: `Grupo ${at}` }));
  core.campaigns.add(campaign({ id: 1 }));
  const open = new OpenCampaign(core, new Feed(core), 1);
  await open.load();
  const audience = new Audience(core, open);
  await audience.load();
  expect(audience.groups.length).toBe(450);
  expect(new Set(audience.groups.map(({ id }) => id)).size, "each once").toBe(450);
});

it("where nobody can tell whom the phone has saved, they are no source, and all others are", () => {
  const { capabilities } = device();
  const some = offered(device({ capabilities: { ...capabilities, contacts: false } }));
  expect(some).toEqual(["label", "group", "replies", "failed", "left_out", "segment"]);
});
