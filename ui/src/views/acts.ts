import type { Action } from "../features/keys/keymap";
import type { Shop } from "./shop.svelte";

/** What each named key action does here. True: it did something, so the key is used up. */
export function actsOf(shop: Shop, focus: { list: () => void; composer: () => void }): Record<Action, () => boolean> {
  const always = (act: () => void) => () => {
    act();
    return true;
  };
  const inChats = (act: () => void) => () => {
    if (shop.screen.kind !== "chats") return false;
    act();
    return true;
  };
  const withNumbers = (act: () => void) => () => {
    if (shop.screen.kind === "welcome") return false;
    act();
    return true;
  };
  return {
    nextChat: inChats(() => shop.nextChat(1)),
    previousChat: inChats(() => shop.nextChat(-1)),
    focusList: inChats(focus.list),
    focusComposer: inChats(focus.composer),
    openChats: withNumbers(() => shop.openChats()),
    openSettings: withNumbers(() => shop.openSettings()),
    back: () => goBack(shop, focus.list),
    help: always(() => {
      shop.help = true;
    }),
  };
}

function goBack(shop: Shop, focusList: () => void): boolean {
  const { screen } = shop;
  if (screen.kind === "welcome") {
    if (screen.welcome.kind !== null) screen.welcome.choose(null, "");
    else if (screen.back) shop.openSettings();
    else return false;
    return true;
  }
  if (screen.kind === "chats") {
    if (!shop.conversation) return false;
    shop.closeChat();
    focusList();
    return true;
  }
  shop.openChats();
  return true;
}
