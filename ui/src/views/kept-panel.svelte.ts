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

/** Does it lie over the conversation here, for want of room beside it? As the style sheet of `ChatsView` has it. */
export const isOver = () => innerWidth < 1100;
