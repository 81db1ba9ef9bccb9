import { posix } from 'node:path';
import { canonicalPath } from '../canonical-path.js';

/** Programs that look at what they are handed, whatever it says, and run none of it. */
const lookers: ReadonlySet<string> = new Set(['grep', 'egrep', 'fgrep', 'rg', 'test', '[']);

/**
 * What shell commands may run of the tree, canonical, as paths from its root. The shell isn't understood: a word may
 * also lie below any other word of its command line (`cd app && ./check`, `make -C app`). A word too many asks a
 * person once more, one too few lets a check be rewritten.
 */
export function pathsInCommands(commands: readonly string[]): ReadonlySet<string> {
  return new Set(
    commands.flatMap((command) => {
      const words = command.split(/[;|&\n]+/).map(wordsOf);
      const run = words.filter(([first, second]) => !lookers.has((first === '!' ? second : first) ?? '')).flat();
      return run
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
