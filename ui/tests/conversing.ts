import { beforeEach } from "vitest";
import { Conversation } from "../src/features/conversation/conversation.svelte";
import { Feed } from "../src/platform";
import { FakeCore } from "./fake-core";
import { chatRow } from "./people";

/** Begun anew before each test: two chats, and what tells of changes. */
export let core: FakeCore;
export let feed: Feed;

beforeEach(() => {
  core = new FakeCore();
  core.chats = [chatRow({ id: 1 }), chatRow({ id: 2 })];
  feed = new Feed(core);
  feed.open();
});

export async function opened(chatId = 1): Promise<Conversation> {
  const conversation = new Conversation(core, feed, chatId);
  await conversation.refresh();
  return conversation;
}
