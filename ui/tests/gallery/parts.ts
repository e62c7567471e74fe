import { type ComponentProps, mount } from "svelte";
import Parts from "./Parts.svelte";
import PartsMore from "./PartsMore.svelte";
import PartsOver from "./PartsOver.svelte";

type Over = ComponentProps<typeof PartsOver>["part"];

const OVERS: Over[] = [
  "dialog",
  "dialog-long",
  "keyring",
  "link",
  "viewer",
  "viewer-failed",
  "menu",
  "emoji",
  "tip",
  "screen",
  "screen-failed",
];

/** The design system by itself: each page with what draws it. */
export const PAGES: Record<string, (target: HTMLElement) => void> = {
  parts: (target) => mount(Parts, { target }),
  "parts-more": (target) => mount(PartsMore, { target }),
  ...Object.fromEntries(
    OVERS.map((part) => [`parts-${part}`, (target: HTMLElement) => mount(PartsOver, { target, props: { part } })]),
  ),
};
