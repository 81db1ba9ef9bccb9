import { readdir, readlink, stat } from 'node:fs/promises';

/**
 * Bytes of disk that files take which processes hold open below some directories and whose last name is gone: no walk
 * of a tree finds them. By Linux's /proc, for processes that may be looked into; none elsewhere.
 */
export async function sumUnnamed(directories: readonly string[]): Promise<number> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((each) => /^\d+$/.test(each));
  // One file may be open many times.
  const blocks = new Map<string, number>();
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const path = `/proc/${pid}/fd/${descriptor}`;
      const leadsTo = await readlink(path).catch(() => '');
      if (!leadsTo.endsWith(' (deleted)') || !directories.some((each) => leadsTo.startsWith(`${each}/`))) continue;
      const found = await stat(path).catch(() => null);
      if (found !== null) blocks.set(`${found.dev}:${found.ino}`, found.blocks);
    }
  }
  return blocks.values().reduce((sum, each) => sum + each, 0) * 512;
}
