import { type AppStatus, asFault, type Fault, type Feed, type Platform, type Settings } from "../../platform";
import { autoLanguage, speech } from "../../words";

export const FIRST_SETTINGS: Settings = {
  language: "auto",
  theme: "auto",
  notifications: "full",
  keepMessages: "forever",
  mediaShare: "unlimited",
  enterSends: true,
  undoSeconds: 5,
  tellTyping: true,
};

/** For how many seconds a message may be undone. */
export const UNDO_CHOICES = [0, 5, 10, 20];

/**
 * What the operator chose about the window, and what the program says about itself. A choice shows at once and is taken
 * back if it cannot be kept. "auto" follows the system while the window is open.
 */
export class Preferences {
  settings = $state.raw<Settings>(FIRST_SETTINGS);
  status = $state.raw<AppStatus | null>(null);
  fault = $state.raw<Fault | null>(null);

  private readonly dark = window.matchMedia("(prefers-color-scheme: dark)");

  constructor(
    private readonly platform: Platform,
    feed: Feed,
  ) {
    this.dark.addEventListener("change", () => this.show());
    feed.onChange((change) => {
      if (change.topic === "settings") void this.quietly(() => this.readSettings());
      if (change.topic === "status") void this.quietly(() => this.readStatus());
      if (change.topic === "everything") void this.quietly(() => this.load());
    });
  }

  /** Rejects with a Fault: without this the window cannot start. */
  async load(): Promise<void> {
    await Promise.all([this.readStatus(), this.readSettings()]);
  }

  async choose(part: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...part };
    this.show();
    try {
      this.settings = await this.platform.call("setting_set", { settings: this.settings });
      this.fault = null;
    } catch (thrown) {
      this.settings = before;
      this.fault = asFault(thrown);
    }
    this.show();
  }

  get enterSends(): boolean {
    return this.settings.enterSends ?? true;
  }

  get tellTyping(): boolean {
    return this.settings.tellTyping ?? true;
  }

  get undoSeconds(): number {
    return this.settings.undoSeconds ?? 0;
  }

  /** The language that "auto" stands for here. */
  systemLanguage() {
    return autoLanguage(this.status?.systemLanguage ?? null, navigator.languages);
  }

  /** Puts language and theme on the page. */
  show(): void {
    const { language, theme } = this.settings;
    speech.language = language === "auto" ? this.systemLanguage() : language;
    const root = document.documentElement;
    root.lang = speech.language;
    root.dataset.theme = theme === "auto" ? (this.dark.matches ? "dark" : "light") : theme;
  }

  private async readStatus(): Promise<void> {
    this.status = await this.platform.call("app_status", {});
    this.show();
  }

  private async readSettings(): Promise<void> {
    this.settings = await this.platform.call("setting_get", {});
    this.show();
  }

  /** Later readings: what is shown stays until they succeed, and a lost link is told by the link banner. */
  private async quietly(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (thrown) {
      this.fault = asFault(thrown);
    }
  }
}
