import type { MediaUrl, Platform } from "../platform";

/** More than a screen shows; those seen longest ago are given back first. */
const KEPT = 300;

/** Pictures of people and groups, by their ids: each is asked for once as long as it is remembered. */
class Pictures {
  private platform: Platform | null = null;
  private readonly known = new Map<number, Promise<MediaUrl>>();

  from(platform: Platform): void {
    this.platform = platform;
    this.known.clear();
  }

  /** Its address, or null when it cannot be had now. */
  async of(id: number): Promise<string | null> {
    try {
      return (await this.asked(id)).url;
    } catch {
      this.known.delete(id);
      return null;
    }
  }

  private asked(id: number): Promise<MediaUrl> {
    const asked = this.known.get(id) ?? this.platform?.pictureUrl(id) ?? Promise.reject();
    this.known.delete(id);
    this.known.set(id, asked);
    const [oldest] = this.known;
    if (oldest && this.known.size > KEPT) {
      this.known.delete(oldest[0]);
      oldest[1].then(
        ({ release }) => release(),
        () => {},
      );
    }
    return asked;
  }
}

export const pictures = new Pictures();
