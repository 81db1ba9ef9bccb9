/** How a duration is written in a setting: `500ms`, `30s`, `45m`, `1h`, `2d`. Within so many digits it is a number and no infinity. */
export const durationPattern = /^(\d{1,12}(?:\.\d{1,12})?)(ms|s|m|h|d)$/;

const millisecondsOf: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a written duration, or null where it isn't one. A number already is milliseconds. */
export function parseDuration(value: string | number): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
  const match = durationPattern.exec(value.trim());
  const unit = millisecondsOf[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}
