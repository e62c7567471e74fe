import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Conversation } from "../src/features/conversation/conversation.svelte";
import { isShut, REST_MS } from "../src/features/conversation/group.svelte";
import { Person } from "../src/features/person/person.svelte";
import { pictures } from "../src/parts/pictures";
import { Feed, type MemberView } from "../src/platform";
import { FakeCore } from "./fake-core";
import { about, chatRow, device, message } from "./people";
import { settled } from "./settled";

const member = (part: Partial<MemberView>): MemberView => ({
  address: "1@s.whatsapp.net",
  number: "+51900000011",
  name: "Rosa",
  rank: "member",
  pictureId: null,
  ...part,
});

let core: FakeCore;

afterEach(() => vi.useRealTimers());

beforeEach(() => {
  core = new FakeCore();
  core.chats = [chatRow({ kind: "group" })];
  core.messages.set(1, [message({ sender: "9@lid", senderName: "Quien escribió" })]);
  core.about.set(
    1,
    about({
      members: [
        member({ pictureId: 7 }),
        member({ address: "2@s.whatsapp.net", name: null, number: "+51900000012" }),
        member({ address: "3@lid", name: null, number: null }),
      ],
    }),
  );
});

describe("an open group", () => {
  it("names those who are in it, not only those who wrote", async () => {
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await settled();
    const names = [...conversation.people.values()];
    expect(names[0]).toBe("Rosa");
    expect(names[1]).toContain("900");
    expect(names[2]).toBe("Quien escribió");
    expect(conversation.group.pictures.get("1@s.whatsapp.net")).toBe(7);
  });

  it("is read without its members when nobody tells them", async () => {
    core.failNext("group_get", { kind: "refused", code: "not_offered" });
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await settled();
    expect([...conversation.people.values()]).toEqual(["Quien escribió"]);
    expect(conversation.state).toBe("ready");
  });

  it("does not ask again with every message", async () => {
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await settled();
    await conversation.refresh();
    await settled();
    expect(core.callsOf("group_get")).toHaveLength(1);
  });

  it("has its members in the panel, asked for if nobody told yet", async () => {
    core.about.set(1, about({ members: [] }));
    const person = new Person(core, new Feed(core), 1, true);
    await person.load();
    await settled();
    expect(core.callsOf("group_get")).toHaveLength(1);
  });
});

describe("a picture", () => {
  it("is asked for once, and again after it could not be had", async () => {
    pictures.from(core);
    expect(await pictures.of(7)).toBeNull();
    core.pictureUrls[7] = "blob:fake/picture";
    expect(await pictures.of(7)).toBe("blob:fake/picture");
    delete core.pictureUrls[7];
    expect(await pictures.of(7)).toBe("blob:fake/picture");
  });
});

describe("a group in which only admins write", () => {
  const own = device();
  const us = member({ number: `+${own.ownNumber}` });

  it("is shut to a number that is in it as a plain member", async () => {
    core.about.set(1, about({ readOnly: true, members: [member({}), us] }));
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await settled();
    expect(isShut(conversation.group, own)).toBe(true);
  });

  it("is open again by itself after its admins have opened it, and is asked no oftener for that", async () => {
    vi.useFakeTimers();
    core.about.set(1, about({ readOnly: true, members: [us] }));
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await settled();
    core.about.set(1, about({ readOnly: false, members: [us] }));
    for (let times = 0; times < 3; times += 1) await conversation.refresh();
    expect(isShut(conversation.group, own), "it was read just now").toBe(true);
    await vi.advanceTimersByTimeAsync(REST_MS);
    expect(isShut(conversation.group, own)).toBe(false);
    expect(core.callsOf("group_get")).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(REST_MS * 3);
    expect(core.callsOf("group_get"), "nothing has changed since").toHaveLength(2);
  });

  it("is not asked for once nobody looks at it", async () => {
    vi.useFakeTimers();
    const conversation = new Conversation(core, new Feed(core), 1);
    await conversation.refresh();
    await conversation.refresh();
    conversation.close();
    await vi.advanceTimersByTimeAsync(REST_MS * 2);
    expect(core.callsOf("group_get")).toHaveLength(1);
  });

  it("is open to its admins, to whom nobody knows, and where everybody writes", () => {
    const group = (part: object) => ({ readOnly: true, members: [member({}), us], ...part });
    expect(isShut(group({ members: [{ ...us, rank: "admin" }] }), own)).toBe(false);
    expect(isShut(group({ members: [member({})] }), own), "its rank is not told").toBe(false);
    expect(isShut(group({ members: [member({ number: null })] }), device({ ownNumber: null }))).toBe(false);
    expect(isShut(group({ readOnly: false }), own)).toBe(false);
  });
});
