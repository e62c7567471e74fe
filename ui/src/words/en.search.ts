import type { SearchWords } from "./es.search";
import { counter } from "./plural";

const n = counter("en");

/** Finding chats and messages, and the keys of the messages, in English. */
export const searchWords: SearchWords = {
  search: {
    field: "Search chats and messages",
    placeholder: "Search",
    clear: "Clear the search",
    results: "Results",
    chats: "Chats",
    messages: "Messages",
    searching: "Searching…",
    newChat: "New chat",
    writeTo: (number: string) => `Write to ${number}`,
    said: {
      checking: "Looking whether it is on WhatsApp…",
      not_on_whatsapp: "This number is not on WhatsApp. Check it, or call it.",
      not_told: "The gateway cannot say whether it is on WhatsApp. Press again to open the chat all the same.",
    },
    none: (typed) => `Nothing matches “${typed}”.`,
    noneHint: "Try fewer words, or only the beginning of one.",
    failed: "The search did not work",
    moreFailed: "More results could not be read",
    chatsFoundCount: (count) => n(count, "chat found", "chats found"),
    messagesFoundCount: (count, more) => `${more ? "more than " : ""}${n(count, "message found", "messages found")}`,
    you: "You",
    find: "Search in this chat",
    findPlaceholder: "Search in this chat",
    older: "Older result",
    newer: "Newer result",
    close: "Close the search",
    place: (at, count) => `${at} of ${count}`,
    findNone: "No results",
    findFailed: "The search did not work",
    laterFailed: "Later messages could not be read",
  },
};
