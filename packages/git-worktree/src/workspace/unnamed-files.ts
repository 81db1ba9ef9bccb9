import { readdir, readFile, readlink, stat } from 'node:fs/promises';

const blockBytes = 512;

/** What the kernel puts behind a name that is gone. */
const gone = ' (deleted)';

/**
 * Bytes of disk that files take which processes hold open or have mapped below some directories and whose last name is
 * gone: no walk of a tree finds them. By Linux's /proc, for processes that may be looked into; none elsewhere. Of what is
 * only mapped the mapped part counts. What was sent to a socket and not received yet is seen nowhere.
 */
export async function sumUnnamed(directories: readonly string[]): Promise<number> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((each) => /^\d+$/.test(each));
  const isInside = (path: string): boolean =>
    path.endsWith(gone) && directories.some((each) => path.startsWith(`${each}/`));
  // One file may be open and mapped many times, and its device is told in two ways.
  const bytes = new Map<string, number>();
  const note = (inode: string, size: number): void => {
    bytes.set(inode, Math.max(bytes.get(inode) ?? 0, size));
  };
  for (const pid of pids) {
    for (const descriptor of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const path = `/proc/${pid}/fd/${descriptor}`;
      if (!isInside(await readlink(path).catch(() => ''))) continue;
      const found = await stat(path).catch(() => null);
      if (found !== null) note(String(found.ino), found.blocks * blockBytes);
    }
    const mapped = new Map<string, number>();
    for (const line of (await readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '')).split('\n')) {
      // `<start>-<end> <rights> <offset> <device> <inode> <path>` (proc_pid_maps(5)).
      const [, start = '', end = '', inode = '', path = ''] =
        /^(\w+)-(\w+) \S+ \S+ \S+ (\d+) +(\/.*)$/.exec(line) ?? [];
      if (isInside(path))
        mapped.set(inode, (mapped.get(inode) ?? 0) + Number(BigInt(`0x${end}`) - BigInt(`0x${start}`)));
    }
    for (const [inode, size] of mapped) note(inode, size);
  }
  return bytes.values().reduce((sum, each) => sum + each, 0);
}
