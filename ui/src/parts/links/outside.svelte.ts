import { type Destination, destinationOf } from "./link";

/** The link somebody wants to open: asked about once, in a dialog, before anything leaves the window. */
class Outside {
  wanted = $state.raw<Destination | null>(null);

  ask(href: string): void {
    this.wanted = destinationOf(href);
  }

  done(): void {
    this.wanted = null;
  }
}

export const outside = new Outside();
