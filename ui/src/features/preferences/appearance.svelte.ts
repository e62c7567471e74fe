import type { Platform } from "../../platform";

export type Density = "comfortable" | "compact";
export type Contrast = "auto" | "more";

const KEY = "mostrador.look";
const ZOOMS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
const ROWS: Record<Density, number> = { comfortable: 68, compact: 52 };

/**
 * How dense, how contrasty and how large the window is, and how many keys it hears. It hangs on the screen and the eyes before it, not on the shop,
 * so it is kept on this machine. In a browser the size is the browser's own affair.
 */
export class Appearance {
  density = $state<Density>("comfortable");
  contrast = $state<Contrast>("auto");
  zoom = $state(1);
  /** Do keys without Ctrl or Alt (1 to 8, /, ?) do something of their own? */
  plainKeys = $state(true);

  private readonly more = window.matchMedia("(prefers-contrast: more)");

  constructor(private readonly platform: Pick<Platform, "zoomTo">) {
    const kept = read();
    if (kept.density === "compact") this.density = "compact";
    if (kept.contrast === "more") this.contrast = "more";
    this.plainKeys = kept.plainKeys !== false;
    if (ZOOMS.includes(kept.zoom as number)) this.zoom = kept.zoom as number;
    this.more.addEventListener("change", () => this.show());
    if (this.zoom !== 1) this.platform.zoomTo(this.zoom);
    this.show();
  }

  /** The height of a row of the chat list, as `--chat-row` has it. */
  get rowHeight(): number {
    return ROWS[this.density];
  }

  choose(part: { density?: Density; contrast?: Contrast; plainKeys?: boolean }): void {
    Object.assign(this, part);
    this.keep();
  }

  /** One step larger (1) or smaller (-1), or as it was (0). False: the browser does this itself. */
  step(way: 1 | -1 | 0): boolean {
    const at = ZOOMS.indexOf(this.zoom) + way;
    const zoom = way === 0 ? 1 : (ZOOMS[Math.max(0, Math.min(at, ZOOMS.length - 1))] ?? 1);
    if (!this.platform.zoomTo(zoom)) return false;
    this.zoom = zoom;
    this.keep();
    return true;
  }

  private show(): void {
    const root = document.documentElement;
    root.dataset.density = this.density;
    if (this.contrast === "more" || this.more.matches) root.dataset.contrast = "more";
    else delete root.dataset.contrast;
  }

  private keep(): void {
    const { density, contrast, zoom, plainKeys } = this;
    localStorage.setItem(KEY, JSON.stringify({ density, contrast, zoom, plainKeys }));
    this.show();
  }
}

/** What was kept; something unreadable is nothing. */
function read(): Record<string, unknown> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
