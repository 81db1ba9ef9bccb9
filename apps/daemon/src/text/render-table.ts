import { padText, textWidth } from './text-width.js';
import { leastWidth, narrowest, wrapText } from './wrap-text.js';

/** How wide each column is, the last one left out; narrower ones where rows would not fit. */
function fitColumns(rows: readonly (readonly string[])[], columns: number | null): readonly number[] {
  const natural: number[] = [];
  const least: number[] = [];
  let last = 0;
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      // A last cell has no other to its right to be aligned with.
      if (index === row.length - 1 && index > 0) last = Math.max(last, textWidth(cell));
      else {
        natural[index] = Math.max(natural[index] ?? 0, textWidth(cell));
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

/** Narrower than this, a last column is harder to read than lines that the terminal breaks. */
const narrowestRoom = 16;

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
    const room = Math.max(narrowestRoom, (columns ?? 0) - taken);
    const cells = row.map((cell, index) => wrap(cell, before[index] ?? room));
    const height = Math.max(...cells.map(({ length }) => length));
    const lines = Array.from({ length: height }, (_, line) =>
      cells
        .map((parts, index) => padText(parts[line] ?? '', before[index] ?? 0))
        .join(gap)
        .trimEnd(),
    );
    return lines.join('\n');
  };
  return rows.map(renderRow).join('\n');
}
