// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
const colour = /\u001b\[\d+(;\d+)*m/g;

const width = (text: string): number => [...text.replaceAll(colour, '')].length;

/** Narrower than this, a column of words is harder to read than a line that the terminal breaks. */
const narrowest = 24;

/** Breaks lines at blanks so that each fits, as far as words do: what is to be copied stays whole. */
export function wrapText(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.match(/\s*\S+/g) ?? []) {
      if (current !== '' && width(current) + width(word) > columns) {
        lines.push(current);
        current = word.trimStart();
      } else current += word;
    }
    return [...lines, current];
  });
}

/**
 * Rows as aligned columns, two blanks between them; nothing trails. Lines of a row's last cell stand below one
 * another; `columns`: it is wrapped so that the row fits. Null: it isn't.
 */
export function renderTable(rows: readonly (readonly string[])[], columns: number | null = null): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      // A last cell has no other to its right to be aligned with.
      const own = index === row.length - 1 && index > 0 ? 0 : width(cell);
      widths[index] = Math.max(widths[index] ?? 0, own);
    }
  }
  const padded = (cell: string, index: number): string =>
    `${cell}${' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)))}`;
  const line = (row: readonly string[]): string => {
    const before = row
      .slice(0, -1)
      .map((cell, index) => `${padded(cell, index)}  `)
      .join('');
    const last = row.at(-1) ?? '';
    const room = columns === null ? Number.POSITIVE_INFINITY : Math.max(narrowest, columns - width(before));
    const [first = '', ...rest] = wrapText(last, room);
    const below = rest.map((each) => `${' '.repeat(width(before))}${each}`.trimEnd());
    return [`${before}${first}`.trimEnd(), ...below].join('\n');
  };
  return rows.map(line).join('\n');
}
