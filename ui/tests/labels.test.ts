import { beforeEach, describe, expect, it } from "vitest";
import { canBeChanged, Labels } from "../src/features/chats/labels.svelte";
import { Feed, type LabelView } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow, device, label } from "./people";
import { settled } from "./settled";
import { allWords } from "./sheets";

let core: FakeCore;
let labels: Labels;

beforeEach(async () => {
  core = new FakeCore();
  core.labels = [label()];
  core.chats = [chatRow({ labels: [1] })];
  const feed = new Feed(core);
  feed.open();
  labels = new Labels(core, feed);
  await labels.load();
});

describe("labels", () => {
  it("are made, and given to whoever asked for one", async () => {
    const made: LabelView[] = [];
    labels.edit({ deviceId: 1, label: null, onmade: (one) => made.push(one) });
    await labels.save("Por recoger", "gold");
    await settled();
    expect(made.map(({ name, colour }) => [name, colour])).toEqual([["Por recoger", "gold"]]);
    expect(labels.list.map(({ name }) => name)).toEqual(["Nuevo cliente", "Por recoger"]);
    expect(labels.editing).toBeNull();
  });

  it("keep the colour that was not chosen anew", async () => {
    labels.edit({ deviceId: 1, label: label() });
    await labels.save("Cliente", null);
    expect(core.callsOf("label_change")).toEqual([{ labelId: 1, name: "Cliente" }]);
    expect(core.labels[0]).toMatchObject({ name: "Cliente", colour: "green" });
  });

  it("of the phone stay as they are where its gateway only puts them on chats", () => {
    const whole = device();
    const fixed = device({ capabilities: { ...whole.capabilities, labelsFixed: true } });
    expect([label(), label({ ofPhone: false })].map((one) => canBeChanged(one, fixed))).toEqual([false, true]);
    expect(canBeChanged(label(), whole)).toBe(true);
  });

  it("go from every chat when they are removed", async () => {
    labels.edit({ deviceId: 1, label: label() });
    await labels.remove(label());
    await settled();
    expect(labels.list).toEqual([]);
    expect(core.chat(1).labels).toEqual([]);
  });

  it("are said to go from the phone too when they are removed, unless only the shop has them", () => {
    for (const language of ["es", "pt-BR", "en"] as const) {
      const { removeText, removeTextPhone } = allWords(language).list.labelling;
      expect(removeTextPhone(2)).toMatch(/(teléfono|celular|phone)/);
      expect(removeText(2)).not.toMatch(/(teléfono|celular|phone)/);
      expect(removeText(2), "from how many chats is said all the same").toContain("2");
    }
  });

  it("stay as they are when the gateway cannot be reached, and the reason is shown", async () => {
    core.failNext("label_add", { kind: "refused", code: "gateway_unreachable" });
    labels.edit({ deviceId: 1, label: null });
    await labels.save("Nunca", null);
    expect(labels.editFault?.code).toBe("gateway_unreachable");
    expect(labels.editing).not.toBeNull();
    expect(labels.list).toHaveLength(1);
  });
});
