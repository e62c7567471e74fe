import { asFault, type MessageView, type Platform } from "../platform";

/** One message of a chat, however far back; null = it is not here any more. */
export async function messageAt(platform: Platform, chatId: number, id: number): Promise<MessageView | null> {
  try {
    const { rows } = await platform.call("message_list", { chatId, before: null, around: id, limit: 1 });
    return rows.find((row) => row.id === id) ?? null;
  } catch (thrown) {
    const fault = asFault(thrown);
    if (fault.code === "not_found") return null;
    throw fault;
  }
}
