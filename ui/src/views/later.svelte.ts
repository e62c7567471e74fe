/** A part of the program that the first screen does without. Once it is here it stays, and is shown at once. */
export class Later<Part> {
  here = $state.raw<Part | null>(null);
  lost = $state(false);

  constructor(private readonly fetched: () => Promise<{ default: Part }>) {}

  async load(): Promise<void> {
    if (this.here !== null) return;
    this.lost = false;
    try {
      this.here = (await this.fetched()).default;
    } catch {
      this.lost = true;
    }
  }
}

/** A chat that is open, and its person. */
export const chatPart = new Later(() => import("./ChatView.svelte"));
export const personPart = new Later(() => import("./PersonView.svelte"));
