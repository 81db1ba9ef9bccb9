import { describe, expect, it } from 'vitest';
import { mentionedBlockers } from '../../src/source/blockers.js';

const repositoryName = 'acme/shop';

describe('what a text says that an issue waits for', () => {
  it.each([
    ['#2, acme/api#3 and #4', ['acme/shop#2', 'acme/api#3', 'acme/shop#4']],
    ['#2 acme/api#3; #4.', ['acme/shop#2', 'acme/api#3', 'acme/shop#4']],
    ['#2 (the new endpoint)', ['acme/shop#2']],
    ['#2\r', ['acme/shop#2']],
    ['the background to be #224466.', []],
    ['~~#2~~', []],
    ['#2 no longer: that was dropped', []],
    ['#2, but not #3', []],
    ['Node 20 #1', []],
    ['none', []],
  ])('reads "Blocked by %s" as a list of issues, and as nothing where it is a sentence', (line, keys) => {
    const found = ['Blocked by ', '- Depends on: ', 'requires '].map((words) =>
      mentionedBlockers(`Text.\n\n${words}${line}\nMore.`, repositoryName).map(
        ({ repository, number }) => `${repository}#${number}`,
      ),
    );
    expect(found).toEqual([keys, keys, keys]);
  });

  it('reads at most twenty of them', () => {
    const many = Array.from({ length: 100 }, (_, index) => `#${index + 1}`).join(', ');
    expect(mentionedBlockers(`Depends on: ${many}`, repositoryName)).toHaveLength(20);
  });

  // Anybody may write such an issue, and while one is read everybody else waits.
  it.each([
    ['blanks', `Blocked by #1${' '.repeat(60_000)}x`],
    ['tabs and a bracket', `Blocked by #1 (${'\t'.repeat(60_000)}`],
    ['blanks behind a bracket', `Blocked by #1 ()${' '.repeat(60_000)}x`],
    ['commas', `Blocked by #1${' ,'.repeat(30_000)}x`],
    ['marks of a list', `${'> '.repeat(30_000)}x`],
    ['fences', '```\n~~~\n'.repeat(8_000)],
  ])('reads a text in the time of its length: %s', (_, body) => {
    const begun = process.cpuUsage();
    expect(mentionedBlockers(body, repositoryName)).toEqual([]);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});
