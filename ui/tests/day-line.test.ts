import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import DayLine from "../src/features/conversation/DayLine.svelte";

let shown: ReturnType<typeof mount>;
let log: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers();
  log = document.createElement("div");
  log.setAttribute("role", "log");
  document.body.append(log);
  shown = mount(DayLine, { target: log, props: { name: "domingo" } });
  flushSync();
});

afterEach(() => {
  void unmount(shown);
  document.body.replaceChildren();
  vi.useRealTimers();
});

const isSeen = () => {
  flushSync();
  return document.querySelector(".stays")?.classList.contains("scrolling");
};
const happens = (...types: string[]) => {
  for (const type of types) log.dispatchEvent(new Event(type));
};

describe("the day that stays at the top", () => {
  it("is seen while somebody scrolls, and a second after that covers nothing any more", () => {
    expect(isSeen(), "at rest").toBe(false);
    happens("wheel", "scroll");
    expect(isSeen(), "while they scroll").toBe(true);
    vi.advanceTimersByTime(900);
    happens("scroll");
    vi.advanceTimersByTime(900);
    expect(isSeen(), "it goes on").toBe(true);
    vi.advanceTimersByTime(100);
    expect(isSeen(), "at rest again").toBe(false);
  });

  it("is not shown by what moves by itself", () => {
    happens("scroll");
    expect(isSeen(), "a message came").toBe(false);
    happens("keydown");
    vi.advanceTimersByTime(2_000);
    happens("scroll");
    expect(isSeen(), "long after a key").toBe(false);
  });

  it("is told once to those who hear it", () => {
    const told = [...log.querySelectorAll("p:not([aria-hidden])")].map((line) => line.textContent);
    expect(told).toEqual(["domingo"]);
  });
});
