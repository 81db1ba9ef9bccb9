// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escapes.
const colour = /\u001b\[\d+(;\d+)*m/;

const width = (text: string): number => [...text.replaceAll(new RegExp(colour, 'g'), '')].length;

/** Narrower than this, a column of words is harder to read than a line that the terminal breaks. */
const narrowest = 24;

/**
 * Breaks lines at blanks so that each fits, as far as words do: what is to be copied stays whole. What a line begins
 * with in blanks, its parts begin with too.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    const margin = /^ */.exec(line)?.[0] ?? '';
    let current = '';
    for (const word of line.match(/\s*\S+/g) ?? []) {
      if (current !== '' && width(current) + width(word) > columns) {
        lines.push(current);
        current = `${margin}${word.trimStart()}`;
      } else current += word;
    }
    return [...lines, current];
  });
}

/** The same in one text. Null: lines are left as they are. */
export function wrapLines(text: string, columns: number | null): string {
  return columns === null ? text : wrapText(text, columns).join('\n');
}

/** Of a cell that may be wrapped: its longest word. What is painted, or stands by itself, stays whole. */
function leastWidth(cell: string): number {
  if (colour.test(cell)) return width(cell);
  return Math.max(0, ...(cell.match(/\s*\S+/g) ?? []).map((word, index) => width(index === 0 ? word : word.trim())));
}

/** How wide each column is, the last one left out; narrower ones where rows would not fit. */
function fitColumns(rows: readonly (readonly string[])[], columns: number | null): readonly number[] {
  const natural: number[] = [];
  const least: number[] = [];
  let last = 0;
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      // A last cell has no other to its right to be aligned with.
      if (index === row.length - 1 && index > 0) last = Math.max(last, width(cell));
      else {
        natural[index] = Math.max(natural[index] ?? 0, width(cell));
        least[index] = Math.max(least[index] ?? 0, leastWidth(cell));
      }
    }
  }
  if (columns === null) return natural;
  const fitted = [...natural];
  const over = (): number =>
    fitted.reduce((sum, each) => sum + each + gap.length, 0) + Math.min(last, narrowest) - columns;
  for (let excess = over(); excess > 0; excess = over()) {
    const widths = fitted.map((each, index) => (each > (least[index] ?? 0) ? each : 0));
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now === 0) break;
    fitted[widest] = Math.max(least[widest] ?? 0, now - excess, Math.floor(now / 2));
  }
  return fitted;
}

const gap = '  ';

/**
 * Rows as aligned columns, two blanks between them; nothing trails. Lines of a row's last cell stand below one
 * another; `columns`: its cells are wrapped so that the row fits. Null: they aren't.
 */
export function renderTable(rows: readonly (readonly string[])[], columns: number | null = null): string {
  const widths = fitColumns(rows, columns);
  const wrap = (cell: string, room: number): readonly string[] =>
    columns === null ? cell.split('\n') : wrapText(cell, room);
  const renderRow = (row: readonly string[]): string => {
    const before = row.slice(0, -1).map((_, index) => widths[index] ?? 0);
    const taken = before.reduce((sum, each) => sum + each + gap.length, 0);
    const room = Math.max(narrowest, (columns ?? 0) - taken);
    const cells = row.map((cell, index) => wrap(cell, before[index] ?? room));
    const height = Math.max(...cells.map(({ length }) => length));
    const lines = Array.from({ length: height }, (_, line) =>
      cells
        .map((parts, index) => {
          const part = parts[line] ?? '';
          return `${part}${' '.repeat(Math.max(0, (before[index] ?? 0) - width(part)))}`;
        })
        .join(gap)
        .trimEnd(),
    );
    return lines.join('\n');
  };
  return rows.map(renderRow).join('\n');
}
