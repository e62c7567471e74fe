import "./parts/theme/tokens.css";
import "./parts/theme/tints.css";
import "./parts/theme/base.css";
import "./parts/theme/menu.css";
import { mount } from "svelte";
import { openPlatform } from "./platform";
import App from "./views/App.svelte";
import { Shop } from "./views/shop.svelte";

/** Not at the top level: a host is a file of its own, which shares code with this one and so waits until this one is read. */
async function begin(): Promise<void> {
  const shop = new Shop(await openPlatform());
  shop.preferences.show();
  // The core is asked before anything is drawn, and answers meanwhile.
  void shop.start();
  const target = document.getElementById("app");
  if (target) mount(App, { target, props: { shop } });
}

void begin();
