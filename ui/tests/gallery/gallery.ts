import "../../src/parts/theme/tokens.css";
import "../../src/parts/theme/tints.css";
import "../../src/parts/theme/base.css";
import "../../src/parts/theme/menu.css";
import { mount, tick } from "svelte";
import type { Language, Settings } from "../../src/platform";
import App from "../../src/views/App.svelte";
// Loaded by the program when it is opened; here at once, so that the server knows all it needs from the beginning.
import "../../src/views/CampaignsView.svelte";
import "../../src/views/ExplorerView.svelte";
import "../../src/views/HooksView.svelte";
import "../../src/features/chats/KeepingDialog.svelte";
import { keptPanel } from "../../src/views/kept-panel.svelte";
import { Shop } from "../../src/views/shop.svelte";
import { speech } from "../../src/words";
import { told as campaigns } from "../../src/words/campaigns.svelte";
import { told as linked } from "../../src/words/deep-link.svelte";
import { explained } from "../../src/words/explorer.svelte";
import { told as written } from "../../src/words/export.svelte";
import { told as help } from "../../src/words/help.svelte";
import { told as hooks } from "../../src/words/hooks.svelte";
import { told as linking } from "../../src/words/linking.svelte";
import { screens } from "../../src/words/screens.svelte";
import { told as storage } from "../../src/words/storage.svelte";
import { FakeCore } from "../fake-core";
import { PAGES } from "./parts";
import { SCENES } from "./scenes";

/**
 * Every state of every screen, for the eye: `npm run dev`, then /gallery#scene=trouble&language=en&theme=dark.
 * Development only: the built program starts from src/main.ts and contains none of this.
 */
const asked = new URLSearchParams(window.location.hash.slice(1));
window.addEventListener("hashchange", () => window.location.reload());

const root = document.documentElement;
const name = asked.get("scene") ?? "";
const scene = SCENES[name];
const target = document.getElementById("app") ?? document.body;

/** The sheets of words, which the program reads with the screens they belong to. */
const read = (language: Language) =>
  Promise.all(
    [campaigns, explained, help, hooks, linked, linking, screens, storage, written].map((sheet) =>
      sheet.load(language),
    ),
  );

/** All that is on the screen in another language. */
async function speak(language: Language, shop?: Shop) {
  await read(language);
  await shop?.preferences.choose({ language });
  speech.language = language;
  root.lang = language;
  await tick();
}

/** Not while the module is read: what is loaded later would wait for its end. */
async function begin() {
  if (PAGES[name]) {
    speech.language = (asked.get("language") ?? "es") as Language;
    // A part stands here without the screen that would have read its words.
    await read(speech.language);
    root.dataset.theme = asked.get("theme") ?? "light";
    PAGES[name](target);
    Object.assign(window, { speak });
    await tick();
    document.body.dataset.ready = "true";
  } else if (!scene) {
    const list = document.createElement("ul");
    for (const each of [...Object.keys(PAGES), ...Object.keys(SCENES)]) {
      const link = document.createElement("a");
      link.href = `#scene=${each}`;
      link.textContent = each;
      link.dataset.size = SCENES[each]?.size?.join("x") ?? "";
      list.appendChild(document.createElement("li")).append(link);
    }
    document.body.append(list);
  } else {
    const core = new FakeCore();
    core.settings = {
      ...core.settings,
      language: (asked.get("language") ?? "es") as Language,
      theme: (asked.get("theme") ?? "light") as Settings["theme"],
    };
    const look = { density: asked.get("density"), contrast: asked.get("contrast") };
    localStorage.setItem("mostrador.look", JSON.stringify(look));
    keptPanel.set(asked.get("panel") === "open");
    scene.before?.(core);
    const shop = new Shop(core);
    // To play with from the browser's console, and for the walk.
    Object.assign(window, { core, shop, speak: (language: Language) => speak(language, shop) });
    mount(App, { target, props: { shop } });
    await shop.start();
    await scene.after?.(core, shop);
    document.body.dataset.ready = "true";
  }
}

void begin();
