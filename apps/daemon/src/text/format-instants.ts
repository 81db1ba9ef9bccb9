/** `10:02:11`, in the machine's time zone. */
export function formatTime(at: number): string {
  // Not by `toLocaleTimeString`: the first use of a locale takes longer than most verbs.
  return new Date(at).toTimeString().slice(0, 8);
}

/** `12:59`, or `2026-11-30 12:59` on another day, in the machine's time zone: the first whole minute that isn't before it. */
export function formatInstant(at: number, now: number): string {
  const minute = new Date(Math.ceil(at / 60_000) * 60_000);
  const time = minute.toTimeString().slice(0, 5);
  if (minute.toDateString() === new Date(now).toDateString()) return time;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minute.getFullYear()}-${two(minute.getMonth() + 1)}-${two(minute.getDate())} ${time}`;
}

/** `12 s ago`, `3 h ago`. */
export function formatAge(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ago`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}
