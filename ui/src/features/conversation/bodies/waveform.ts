const LEAST = 12;

/** The loudness of a voice message as `count` heights in per cent. Nothing known: a flat line, not an invented wave. */
export function barsOf(waveform: readonly number[], count: number): number[] {
  if (waveform.length === 0) return Array.from({ length: count }, () => LEAST);
  const loudest = Math.max(1, ...waveform.slice(0, 1_000));
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * waveform.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * waveform.length) / count));
    const part = Math.max(...waveform.slice(from, to));
    return Math.max(LEAST, Math.min(100, Math.round((part / loudest) * 100)));
  });
}
