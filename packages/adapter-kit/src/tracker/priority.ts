const words: ReadonlyMap<string, number> = new Map([
  ['critical', 0],
  ['urgent', 0],
  ['highest', 0],
  ['high', 1],
  ['medium', 2],
  ['normal', 2],
  ['low', 3],
  ['lowest', 4],
]);

/**
 * What labels say of an issue's priority, as people of any tracker write them: `p0` to `p9`, `priority: 3`,
 * `priority/high`, `priority::low` and their like. Lower goes first, the lowest counts; null where none says anything.
 */
export function priorityOf(labels: readonly string[]): number | null {
  const found = labels.flatMap((label) => {
    const short = /^p([0-9])$/i.exec(label)?.[1];
    if (short !== undefined) return Number(short);
    const long = /^prio(?:rity)?[\s:/_-]+p?([a-z0-9]+)$/i.exec(label)?.[1]?.toLowerCase();
    if (long === undefined) return [];
    return /^\d{1,3}$/.test(long) ? Number(long) : (words.get(long) ?? []);
  });
  return found.length === 0 ? null : Math.min(...found);
}
