import { type Finding, isMet, type Spread } from './finding.ts';

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return value.toFixed(digits);
}

function measure(value: number, unit: Finding['unit']): string {
  if (unit === 'ratio') return `${number(value)} ×`;
  if (unit === 'ms') return `${number(value)} ms`;
  return Number.isInteger(value) ? String(value) : number(value);
}

function sideOf(name: string, { unit, median, minimum, maximum }: Spread): string {
  const suffix = unit === 'count' ? '' : ` ${unit}`;
  return `${name}: ${number(median)}${suffix} (${number(minimum)} to ${number(maximum)})`;
}

const verdicts = new Map([
  [true, 'ok'],
  [false, 'missed'],
  [null, '–'],
]);

/** One line for each finding, and below it what each side came to: median, minimum, maximum. */
export function renderTable(findings: readonly Finding[]): string {
  const head = ['goal', 'measured', 'in rounds', 'limit', ''];
  const rows = findings.map((finding) => {
    const { goal, unit, measured, range, limit } = finding;
    return [
      goal,
      measure(measured, unit),
      range === null ? '' : `${number(range.minimum)} to ${number(range.maximum)}`,
      limit === null ? '' : `${limit.rule === 'exactly' ? '=' : '≤'} ${measure(limit.value, unit)}`,
      verdicts.get(isMet(finding)) ?? '',
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 1 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(head),
    ...findings.flatMap((finding, index) => [
      line(rows[index] ?? []),
      `    ${Object.entries(finding.sides)
        .map(([name, side]) => sideOf(name, side))
        .join(' · ')}`,
    ]),
  ].join('\n');
}
