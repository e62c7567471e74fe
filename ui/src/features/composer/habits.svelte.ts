const KEY = "mostrador.writing";
export const UNDO_CHOICES = [0, 5, 10, 20];

/** How this operator writes, on this computer: not one of the shop's settings. */
class Habits {
  enterSends = $state(true);
  undoSeconds = $state(5);

  constructor() {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
      if (typeof kept !== "object" || kept === null) return;
      if ("enterSends" in kept && typeof kept.enterSends === "boolean") this.enterSends = kept.enterSends;
      if ("undoSeconds" in kept && UNDO_CHOICES.includes(Number(kept.undoSeconds))) {
        this.undoSeconds = Number(kept.undoSeconds);
      }
    } catch {
      // Nothing kept, or no storage: as it is for everybody.
    }
  }

  set(part: { enterSends?: boolean; undoSeconds?: number }): void {
    this.enterSends = part.enterSends ?? this.enterSends;
    this.undoSeconds = part.undoSeconds ?? this.undoSeconds;
    try {
      localStorage.setItem(KEY, JSON.stringify({ enterSends: this.enterSends, undoSeconds: this.undoSeconds }));
    } catch {
      // Without storage it holds until the window closes.
    }
  }
}

export const habits = new Habits();
