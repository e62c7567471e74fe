const KEY = "mostrador.list-width";

/** The width of the chat list: chosen by hand, kept on this machine. Only a width; nothing else is stored here. */
class KeptWidth {
  readonly least = 280;
  readonly most = 480;
  px = $state(340);

  constructor() {
    const kept = Number(localStorage.getItem(KEY));
    if (kept) this.px = this.within(kept);
  }

  set(px: number): void {
    this.px = this.within(px);
    localStorage.setItem(KEY, String(this.px));
  }

  private within(px: number): number {
    return Math.round(Math.max(this.least, Math.min(px, this.most)));
  }
}

export const keptWidth = new KeptWidth();
