import "../../src/parts/theme/tokens.css";
import "../../src/parts/theme/tints.css";
import "../../src/parts/theme/base.css";
import "../../src/parts/theme/menu.css";
import { mount } from "svelte";
import type { Language, Settings } from "../../src/platform";
import App from "../../src/views/App.svelte";
// Loaded by the program when it is opened; here at once, so that the server knows all it needs from the beginning.
import "../../src/views/CampaignsView.svelte";
import "../../src/views/ExplorerView.svelte";
import "../../src/views/HooksView.svelte";
import { keptPanel } from "../../src/views/kept-panel.svelte";
import { Shop } from "../../src/views/shop.svelte";
import { speech } from "../../src/words";
import { FakeCore } from "../fake-core";
import Parts from "./Parts.svelte";
import { SCENES } from "./scenes";

/**
 * Every state of every screen, for the eye: `npm run dev`, then /gallery#scene=trouble&language=en&theme=dark.
 * Development only: the built program starts from src/main.ts and contains none of this.
 */
const asked = new URLSearchParams(window.location.hash.slice(1));
window.addEventListener("hashchange", () => window.location.reload());

const root = document.documentElement;
const scene = SCENES[asked.get("scene") ?? ""];
if (asked.get("scene") === "parts") {
  speech.language = (asked.get("language") ?? "es") as Language;
  root.dataset.theme = "light";
  const target = document.getElementById("app");
  if (target) mount(Parts, { target });
  document.body.dataset.ready = "true";
} else if (!scene) {
  const list = document.createElement("ul");
  for (const name of ["parts", ...Object.keys(SCENES)]) {
    const link = document.createElement("a");
    link.href = `#scene=${name}`;
    link.textContent = name;
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
  // To play with from the browser's console.
  Object.assign(window, { core, shop });
  const target = document.getElementById("app");
  if (target) mount(App, { target, props: { shop } });
  await shop.start();
  await scene.after?.(core, shop);
  document.body.dataset.ready = "true";
}
