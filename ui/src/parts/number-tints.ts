import { TINTS } from "./tint";

const KEPT = "mostrador.tints";

/**
 * The tint of each of the shop's numbers: the first that no other has, so that two differ as long as there are no more than tints;
 * numbers that were added one after the other look least alike. It stays with its number, over a restart too; one that goes gives it
 * back.
 */
export class NumberTints {
  private readonly places = new Map<number, number>();

  constructor() {
    for (const [, id, place] of localStorage.getItem(KEPT)?.matchAll(/(\d+),(\d+)/g) ?? [])
      this.places.set(Number(id), Number(place));
  }

  /** These are there, and no others. */
  among(ids: number[]): void {
    for (const id of this.places.keys()) if (!ids.includes(id)) this.places.delete(id);
    for (const id of ids) this.of(id);
    localStorage.setItem(KEPT, [...this.places].join(" "));
  }

  of(id: number): number {
    let place = this.places.get(id) ?? 0;
    if (!this.places.has(id)) {
      const taken = new Set(this.places.values());
      while (taken.has(place)) place += 1;
      this.places.set(id, place);
    }
    return (place * 5) % TINTS;
  }
}

export const numberTints = new NumberTints();
