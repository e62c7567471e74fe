import { flushSync, mount, unmount } from "svelte";
import { afterEach, expect, it } from "vitest";
import CountBar from "../src/features/campaigns/CountBar.svelte";
import { howFar } from "../src/parts/how-far";
import { told } from "../src/words/campaigns.svelte";
import { countsOf, recipient } from "./fake-campaigns";
import { written } from "./sheets";

let shown: ReturnType<typeof mount> | null = null;

afterEach(() => {
  if (shown) void unmount(shown);
  shown = null;
  document.body.replaceChildren();
});

it("a campaign's bar is as full as its figures say: who is left out is told, and has no part of it", () => {
  told.take("es", written("campaigns", "es"));
  const states = ["delivered", "pending", "pending", "pending", "skipped", "opted_out"] as const;
  const counts = countsOf(states.map((state, at) => recipient(at, { state })));
  shown = mount(CountBar, { target: document.body, props: { counts, legend: true } });
  flushSync();

  const bar = document.querySelector<HTMLElement>('[role="img"]');
  const parts = [...(bar?.querySelectorAll<HTMLElement>("span") ?? [])];
  const sum = (some: HTMLElement[]) => some.reduce((all, one) => all + Number(one.style.flexGrow), 0);
  const filled = parts.filter((one) => !one.classList.contains("open"));
  expect({ done: sum(filled), total: sum(parts) }).toEqual(howFar(counts));

  const words = told.words.recipient;
  const legend = [...document.querySelectorAll("li")].map((one) => one.textContent?.replace(/\s+/g, " ").trim());
  expect(legend).toEqual([`${words.delivered} 1`, `${words.pending} 3`, `${words.skipped} 1`, `${words.opted_out} 1`]);
  expect(bar?.ariaLabel ?? bar?.getAttribute("aria-label"), "whoever hears it hears all of it").toContain(
    words.skipped,
  );
});
