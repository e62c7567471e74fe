import type { Language } from "../platform";

/** Which language the window speaks. Apart from `speech`: what reads words for a language is below what has them all. */
class Spoken {
  language = $state<Language>("es");
}

export const spoken = new Spoken();
