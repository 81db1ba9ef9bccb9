import { posix } from 'node:path';
import { canonicalPath } from '../canonical-path.js';

/** Programs that look at what they are handed, whatever it says, and run none of it. */
const lookers: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'rg', 'test', '[', 'echo', 'printf', 'ls', 'stat'],
  ...['cat', 'head', 'tail', 'wc', 'diff', 'cmp'],
]);
/** What is handed to one of these without a file of its own is run. */
const shells: ReadonlySet<string> = new Set([
  'sh',
  'bash',
  'dash',
  'zsh',
  'ksh',
  'node',
  'python',
  'python3',
  'perl',
  'ruby',
]);

/**
 * What shell commands may run of the tree, canonical, as paths from its root. The shell isn't understood: a word may
 * also lie below any other word of its command line (`cd app && ./check`, `make -C app`). A word too many asks a
 * person once more, one too few lets a check be rewritten.
 */
export function pathsInCommands(commands: readonly string[]): ReadonlySet<string> {
  return new Set(
    commands.flatMap((command) => {
      const words = command.split(/[;|&\n`(]+/).map(wordsOf);
      const isFed = words.some(
        ([first = '', ...more]) => shells.has(first) && more.every((word) => word.startsWith('-')),
      );
      const run = words.filter(([first, second]) => isFed || !lookers.has((first === '!' ? second : first) ?? ''));
      return run
        .flat()
        .flatMap((word) => [word, ...words.flat().map((directory) => `${directory}/${word}`)])
        .map((path) => canonicalPath(posix.normalize(path)));
    }),
  );
}

function wordsOf(command: string): readonly string[] {
  return command
    .split(/[\s"'`(){}<>=,:]+/)
    .map((word) => word.replace(/^\$\w+(?=\/)/, '').replace(/^(?:\.?\/+)+/, ''))
    .filter((word) => word !== '' && word !== '.');
}
