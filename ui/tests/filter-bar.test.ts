import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it } from "vitest";
import { EVERYTHING, type Query } from "../src/features/chats/chat-list.svelte";
import FilterBar from "../src/features/chats/FilterBar.svelte";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
});

describe("the bar of filters", () => {
  it("says that it is buttons, each with its own stop, of which one is pressed", () => {
    const asked: Query[] = [];
    const query: Query = { ...EVERYTHING, filter: "unread" };
    const onask = (one: Query) => void asked.push(one);
    shown = mount(FilterBar, { target: document.body, props: { query, labels: [], devices: [], onask } });
    flushSync();

    expect(document.querySelector('[role="radiogroup"], [role="radio"]')).toBeNull();
    const buttons = [...document.querySelectorAll<HTMLElement>('[role="group"] button')];
    expect(buttons.map((one) => one.getAttribute("aria-pressed"))).toEqual(["false", "true", "false", "false"]);
    buttons[2]?.click();
    expect(asked).toEqual([{ ...EVERYTHING, filter: "unanswered" }]);
  });
});
