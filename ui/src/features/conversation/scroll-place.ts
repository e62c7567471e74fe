/**
 * Where the eye is: the first message on screen and how far its top is from the window's. Kept across changes above it
 * (earlier messages, a day's pill) without relying on the browser's own anchoring, which not every web view has.
 */
export type ScrollPlace = { messageId: string; top: number };

export function placeOf(scroller: HTMLElement): ScrollPlace | null {
  const edge = scroller.getBoundingClientRect().top;
  for (const message of scroller.querySelectorAll<HTMLElement>("[data-message-id]")) {
    const box = message.getBoundingClientRect();
    if (box.bottom > edge) return { messageId: message.dataset.messageId ?? "", top: box.top };
  }
  return null;
}

export function restore(scroller: HTMLElement, place: ScrollPlace): void {
  const message = scroller.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(place.messageId)}"]`);
  if (message) scroller.scrollTop += message.getBoundingClientRect().top - place.top;
}
