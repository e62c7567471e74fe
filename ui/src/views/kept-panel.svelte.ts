const KEY = "mostrador.panel";

/** Is the person's panel open? Kept on this machine, for every chat alike. */
class KeptPanel {
  open = $state(localStorage.getItem(KEY) === "open");

  set(open: boolean): void {
    this.open = open;
    localStorage.setItem(KEY, open ? "open" : "closed");
  }
}

export const keptPanel = new KeptPanel();
