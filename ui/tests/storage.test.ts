import { beforeEach, describe, expect, it } from "vitest";
import { Preferences } from "../src/features/preferences/preferences.svelte";
import { Storage } from "../src/features/preferences/storage.svelte";
import { Feed } from "../src/platform";
import { FakeCore } from "./fake-core";

describe("what is kept", () => {
  let core: FakeCore;
  let storage: Storage;

  beforeEach(() => {
    core = new FakeCore();
    storage = new Storage(core, new Preferences(core, new Feed(core)));
  });

  it("asks before less is kept, with what would go, and changes nothing until then", async () => {
    core.wouldGo = { messages: 1_200, mediaBytes: 0 };
    await storage.choose({ keepMessages: "one_year" });
    expect(storage.asking?.preview.messages, "the size of it is named").toBe(1_200);
    expect(core.settings.keepMessages, "not chosen yet").toBe("forever");
    storage.leave();
    await storage.confirm();
    expect(core.settings.keepMessages, "who leaves has chosen nothing").toBe("forever");
  });

  it("keeps less once it is confirmed", async () => {
    await storage.choose({ mediaShare: "gb5" });
    await storage.confirm();
    expect(core.settings.mediaShare, "now it holds").toBe("gb5");
    expect(storage.asking, "and nothing is asked any more").toBeNull();
  });

  it("keeps more without asking", async () => {
    await storage.preferences.choose({ keepMessages: "one_year" });
    await storage.choose({ keepMessages: "forever" });
    expect(storage.asking, "nothing is lost by that").toBeNull();
    expect(core.settings.keepMessages, "at once").toBe("forever");
  });
});
