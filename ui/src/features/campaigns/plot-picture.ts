/** A plot as a picture, as the window draws it: zero-based bars, each with its figure. PNG, in base64. */
export type Bar = { at: number; label: string; long: string; value: number };

const HIGH = 420;
const EDGE = 40;

export function pictureOf(
  title: string,
  bars: readonly Bar[],
  style: CSSStyleDeclaration,
  tone: string,
): string | null {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(720, bars.length * 44 + 2 * EDGE);
  canvas.height = HIGH;
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const of = (name: string) => style.getPropertyValue(name);
  pen.fillStyle = of("--surface-3");
  pen.fillRect(0, 0, canvas.width, HIGH);
  pen.fillStyle = of("--text-1");
  pen.font = `600 18px ${of("--sans")}`;
  pen.fillText(title, EDGE, EDGE);
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const step = (canvas.width - 2 * EDGE) / Math.max(1, bars.length);
  pen.textAlign = "center";
  pen.font = `13px ${of("--sans")}`;
  for (const [at, { label, value }] of bars.entries()) {
    const tall = (value / most) * (HIGH - 3.6 * EDGE);
    const left = EDGE + at * step;
    const foot = HIGH - EDGE;
    pen.fillStyle = tone;
    pen.fillRect(left + step * 0.12, foot - tall, step * 0.76, tall);
    pen.fillStyle = of("--text-1");
    pen.fillText(String(value), left + step / 2, foot - tall - 6);
    pen.fillStyle = of("--text-2");
    pen.fillText(label, left + step / 2, foot + 20);
  }
  return canvas.toDataURL("image/png").split(",")[1] ?? null;
}
