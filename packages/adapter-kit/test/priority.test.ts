import { describe, expect, it } from 'vitest';
import { priorityOf } from '../src/index.js';

describe('the priority of an issue', () => {
  const separators = [':', ': ', ' : ', '::', ':: ', '/', '-', '_', ' '];
  const values = {
    critical: 0,
    urgent: 0,
    highest: 0,
    high: 1,
    medium: 2,
    normal: 2,
    low: 3,
    lowest: 4,
    '7': 7,
    p2: 2,
  };

  it.each(separators)('is read whatever stands between the word and its value: %j', (separator) => {
    const read = Object.keys(values).map((value) => [value, priorityOf([`priority${separator}${value}`])]);
    expect(Object.fromEntries(read)).toEqual(values);
    expect(priorityOf([`Prio${separator}HIGH`])).toBe(1);
  });

  it.each([
    [['P1'], 1],
    [['priority: high', 'p3'], 1],
    [['p1', 'priority::high'], 1],
    [['priority::3', 'bug'], 3],
    [['p', 'priority', 'priority: soon', 'pr1', 'p12', 'parser', 'priority-1000'], null],
    [[], null],
  ])('is the lowest that labels name: %j', (labels, priority) => {
    expect(priorityOf(labels)).toBe(priority);
  });

  it('is looked for in the time of a label’s length', () => {
    const begun = process.cpuUsage();
    expect(priorityOf([`priority${'_'.repeat(200_000)}!`])).toBeNull();
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});
