import type { Platform } from "./platform";

/** Chooses the host once, at start. Each host is a lazy chunk, so that a browser never loads the shell's bridge. */
export async function openPlatform(): Promise<Platform> {
  if ("__TAURI_INTERNALS__" in window) {
    const { DesktopPlatform } = await import("./tauri");
    return new DesktopPlatform();
  }
  const { BrowserPlatform } = await import("./browser");
  return BrowserPlatform.fromWindow(window);
}

export type * from "./bindings.gen";
export { brought, isGivenUp, PIECE } from "./bringing";
export { Coalesced } from "./coalesced";
export { Feed, type FeedChange } from "./feed.svelte";
export * from "./platform";
