/** A part of the program that the first screen does without. Once it is here it stays, and is shown at once. */
export class Later<Part> {
  here = $state.raw<Part | null>(null);
  lost = $state(false);

  constructor(private readonly fetched: () => Promise<Part>) {}

  async load(): Promise<void> {
    if (this.here !== null) return;
    this.lost = false;
    try {
      this.here = await this.fetched();
    } catch {
      this.lost = true;
    }
  }
}

/** A chat that is open, and its person. */
export const openChat = new Later(() => import("./open-chat"));

/** What asks about the end of a chat. */
export const keepingDialog = new Later(async () => (await import("../features/chats/KeepingDialog.svelte")).default);
