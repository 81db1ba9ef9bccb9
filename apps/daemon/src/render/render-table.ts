// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
const colour = /\u001b\[\d+(;\d+)*m/g;

const width = (text: string): number => [...text.replaceAll(colour, '')].length;

/** Rows as aligned columns, two blanks between them; nothing trails. */
export function renderTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((found, row) => {
    for (const [index, cell] of row.entries()) found[index] = Math.max(found[index] ?? 0, width(cell));
    return found;
  }, []);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => `${cell}${' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)))}`)
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}
