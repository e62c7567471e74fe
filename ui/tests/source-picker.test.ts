import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it } from "vitest";
import { Audience } from "../src/features/campaigns/audience.svelte";
import { OpenCampaign } from "../src/features/campaigns/campaign.svelte";
import SourcePicker from "../src/features/campaigns/SourcePicker.svelte";
import { type DeviceView, Feed } from "../src/platform";
import { told } from "../src/words/campaigns.svelte";
import { FakeCore } from "./fake-core";
import { device } from "./people";
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

it("where nobody can tell whom the phone has saved, they are no source, and all others are", () => {
  const { capabilities } = device();
  const some = offered(device({ capabilities: { ...capabilities, contacts: false } }));
  expect(some).toEqual(["label", "group", "replies", "failed", "left_out", "segment"]);
});
