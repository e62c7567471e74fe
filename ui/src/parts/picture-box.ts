/** The box reserved for a picture before it is there, in CSS pixels, so that nothing jumps when it arrives. */
export const MOST_WIDE = 320;
export const MOST_HIGH = 340;
const LEAST = 96;
const UNKNOWN = { width: 240, height: 180 };

export function boxOf(width: number | null, height: number | null): { width: number; height: number } {
  if (!width || !height || width <= 0 || height <= 0) return UNKNOWN;
  const scale = Math.min(1, MOST_WIDE / width, MOST_HIGH / height);
  return { width: Math.max(LEAST, Math.round(width * scale)), height: Math.max(LEAST, Math.round(height * scale)) };
}
