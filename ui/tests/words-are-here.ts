import { screens } from "../src/words/screens.svelte";
import { written } from "./sheets";

// The shop reads them before it draws anything; a test of a part has no shop.
for (const language of ["es", "pt-BR", "en"] as const) screens.take(language, written("screens", language));
