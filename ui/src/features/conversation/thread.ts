import { personOf } from "../../parts/message-words";
import type { MessageView } from "../../platform";
import { daysBetween } from "../../words";

/**
 * What a conversation is drawn from: its days, each with its messages and perhaps the unread line between them, and
 * which bubbles close up because the same hand wrote them in one go.
 */
export type ThreadItem =
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: MessageView; first: boolean; last: boolean };

export type ThreadDay = { key: string; at: number; items: ThreadItem[] };

const ONE_GO_MS = 5 * 60_000;

export function threadOf(rows: MessageView[], unreadFrom: number | null): ThreadDay[] {
  const days: ThreadDay[] = [];
  rows.forEach((message, index) => {
    const before = rows[index - 1];
    const after = rows[index + 1];
    let day = days.at(-1);
    if (!day || !before || daysBetween(before.at, message.at) !== 0) {
      // Among rows that are out of order a day comes again.
      const again = days.filter(({ at }) => daysBetween(at, message.at) === 0).length;
      day = { key: `day-${new Date(message.at).toDateString()}-${again}`, at: message.at, items: [] };
      days.push(day);
    }
    if (message.id === unreadFrom) day.items.push({ kind: "unread", key: "unread" });
    const first = !before || message.id === unreadFrom || !together(before, message);
    const last = !after || after.id === unreadFrom || !together(message, after);
    day.items.push({ kind: "message", key: `message-${message.id}`, message, first, last });
  });
  return days;
}

function together(one: MessageView, next: MessageView): boolean {
  return (
    one.fromMe === next.fromMe &&
    personOf(one) === personOf(next) &&
    next.at - one.at < ONE_GO_MS &&
    daysBetween(one.at, next.at) === 0
  );
}
