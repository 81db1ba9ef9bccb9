const words: ReadonlyMap<string, number> = new Map([
  ['critical', 0],
  ['urgent', 0],
  ['high', 1],
  ['medium', 2],
  ['normal', 2],
  ['low', 3],
]);

/** What labels such as `P1`, `priority::2` or `priority::high` say; the lowest counts. Null where none says anything. */
export function priorityOf(labels: readonly string[]): number | null {
  const found = labels.flatMap((label) => {
    const said = /^(?:p(?=\d)|prio(?:rity)?\s*[:/_ -]+\s*p?)(\w+)$/i.exec(label)?.[1]?.toLowerCase();
    if (said === undefined) return [];
    return /^\d{1,3}$/.test(said) ? Number(said) : (words.get(said) ?? []);
  });
  return found.length === 0 ? null : Math.min(...found);
}
