import type { MessageView } from "../../platform";

/** What a conversation asks of its rows, oldest first. */

/** So many are read at once. */
export const PAGE = 50;

/** How many rows there are when it is as it was plus what is new; more than there are, if not known yet. */
export function known(shown: MessageView[], rows: MessageView[]): number {
  const last = shown.at(-1);
  if (!last) return 0;
  const at = rows.findIndex((row) => row.id === last.id);
  return at < 0 ? rows.length + PAGE : shown.length + rows.length - 1 - at;
}

export function incomingIn(rows: MessageView[]): number {
  return rows.filter((row) => !row.fromMe).length;
}

export function has(rows: MessageView[], messageId: number | null): boolean {
  return rows.some((row) => row.id === messageId);
}

export function joined(older: MessageView[], newer: MessageView[]): MessageView[] {
  const known = new Set(newer.map((row) => row.id));
  return [...older.filter((row) => !known.has(row.id)), ...newer];
}

/** The message before which `unread` incoming ones begin; the oldest incoming one read when there are more. */
export function firstUnread(rows: MessageView[], unread: number): number | null {
  if (unread <= 0) return null;
  const incoming = rows.filter((row) => !row.fromMe);
  return incoming[Math.max(0, incoming.length - unread)]?.id ?? null;
}

/** Names of those who wrote, by address. */
export function peopleOf(rows: MessageView[]): Map<string, string> {
  const people = new Map<string, string>();
  for (const { sender, senderName } of rows) if (sender && senderName) people.set(sender, senderName);
  return people;
}

export function digitsOf(address: string): string {
  return address.split("@")[0] ?? "";
}
