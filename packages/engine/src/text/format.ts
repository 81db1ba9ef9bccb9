/** A duration as people say it: `0.2 s`, `38 s`, `3 m 36 s`, `2 h 5 m`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 10_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Room on a disk: `512 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  if (mebibytes < 1024) return `${Math.round(mebibytes)} MiB`;
  return `${Math.round((mebibytes / 1024) * 10) / 10} GiB`;
}

/** The first seven digits, as people quote commits. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
