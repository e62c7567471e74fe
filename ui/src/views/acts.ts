import type { MenuPart, Toggle } from "../features/chats/chat-work.svelte";
import type { Action } from "../parts/keymap";
import type { ChatFilter } from "../platform";
import { isOver, keptPanel } from "./kept-panel.svelte";
import type { Shop } from "./shop.svelte";

/** What only the screen itself can do. */
export type Screen = {
  list: () => void;
  composer: () => void;
  menu: (part: MenuPart) => boolean;
  search: () => void;
  find: () => boolean;
  /** No message is chosen any more. False: none was. */
  unchoose: () => boolean;
};

/** What each named key action does here. True: it did something, so the key is used up. */
export function actsOf(shop: Shop, focus: Screen): Record<Action, () => boolean> {
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
  const onChats = (act: () => boolean) => () => shop.screen.kind === "chats" && act();
  const toggle = (what: Toggle) => onChats(() => shop.work.toggle(what));
  const filter = (which: ChatFilter) => inChats(() => shop.work.ask({ ...shop.chats.query, filter: which }));
  return {
    nextUnread: inChats(() => shop.nextUnread()),
    filter1: filter("all"),
    filter2: filter("unread"),
    filter3: filter("unanswered"),
    filter4: filter("groups"),
    filter5: filter("waiting"),
    filter6: filter("snoozed"),
    filter7: filter("archived"),
    filter8: filter("done"),
    filter9: filter("open"),
    search: inChats(focus.search),
    find: onChats(() => {
      if (!focus.find()) focus.search();
      return true;
    }),
    archive: toggle("archive"),
    pin: toggle("pin"),
    mute: toggle("mute"),
    markUnread: toggle("markUnread"),
    done: toggle("done"),
    waiting: toggle("waiting"),
    snooze: onChats(() => focus.menu("snooze")),
    labels: onChats(() => focus.menu("labels")),
    undo: onChats(() => {
      const chat = shop.conversation?.chat;
      const composer = chat && shop.desk.at(chat);
      // What is about to leave cannot wait.
      if (composer && composer.held.length + composer.lost.length > 0) {
        void composer.takeBack();
        focus.composer();
        return true;
      }
      if (shop.work.acts.done === null) return false;
      void shop.work.acts.undo();
      return true;
    }),
    person: onChats(() => {
      if (!shop.conversation) return false;
      keptPanel.set(!keptPanel.open);
      return true;
    }),
    zoomIn: () => shop.appearance.step(1),
    zoomOut: () => shop.appearance.step(-1),
    zoomReset: () => shop.appearance.step(0),
    nextChat: inChats(() => shop.nextChat(1)),
    previousChat: inChats(() => shop.nextChat(-1)),
    focusList: inChats(focus.list),
    focusComposer: inChats(focus.composer),
    openChats: withNumbers(() => shop.openChats()),
    openCampaigns: withNumbers(() => shop.openCampaigns()),
    openSettings: withNumbers(() => shop.openSettings()),
    back: () => goBack(shop, focus),
    help: always(() => {
      shop.help = true;
    }),
  };
}

function goBack(shop: Shop, focus: Screen): boolean {
  const { screen } = shop;
  if (screen.kind === "welcome") {
    if (screen.welcome.kind !== null) screen.welcome.leave();
    else if (screen.back) shop.openSettings();
    else return false;
    return true;
  }
  if (screen.kind === "chats") {
    if (shop.work.picks.any) {
      shop.work.picks.clear();
      return true;
    }
    if (!shop.conversation) return false;
    if (keptPanel.open && isOver()) {
      keptPanel.set(false);
      return true;
    }
    if (focus.unchoose()) return true;
    shop.closeChat();
    focus.list();
    return true;
  }
  if (screen.kind === "campaigns" && screen.campaignId !== null) shop.openCampaigns();
  else if (screen.kind === "explorer" || screen.kind === "hooks") shop.openSettings();
  else shop.openChats();
  return true;
}
