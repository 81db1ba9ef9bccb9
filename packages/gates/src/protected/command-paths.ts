import { posix } from 'node:path';
import { canonicalPath } from '../text/canonical-path.js';

/** A command of the shell, and where it runs. */
export interface CommandLine {
  readonly run: string;
  /** From the root of the tree, which is the empty text. */
  readonly directory: string;
}

/** Programs that look at what they are handed, whatever it says, and run none of it. */
const lookers: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'rg', 'test', '[', 'echo', 'printf', 'ls', 'stat'],
  ...['cat', 'head', 'tail', 'wc', 'diff', 'cmp', 'esbuild', 'tsc'],
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

/** Of words that lead upwards: each is put below every directory, so their number is bounded. */
const mostWordsUp = 20;

/**
 * What shell commands may run of the tree: whether they name a canonical path. The shell isn't understood: a word may
 * also lie below any other word of its command line (`cd app && ./check`, `make -C app`). A word too many asks a
 * person once more, one too few lets a check be rewritten.
 */
export function pathsInCommands(commands: readonly CommandLine[]): { has(path: string): boolean } {
  const read = commands.map(readLine);
  return { has: (path) => read.some((names) => names(path)) };
}

function readLine({ run, directory }: CommandLine): (path: string) => boolean {
  const parts = run.split(/[;|&\n`(]+/).map(wordsOf);
  const isFed = parts.some(([first = '', ...more]) => shells.has(first) && more.every((word) => word.startsWith('-')));
  const handed = parts.filter(([first, second]) => isFed || !lookers.has((first === '!' ? second : first) ?? ''));
  const places = new Set(['', ...parts.flat()].map((word) => normal(`${directory}/${word}`)));
  const words = new Set(handed.flat().map((word) => posix.normalize(word)));
  const isUp = (word: string): boolean => word.startsWith('..');
  const plain = new Set([...words].filter((word) => !isUp(word)).map(normal));
  const upwards = [...words].filter(isUp).slice(0, mostWordsUp);
  const resolved = new Set(upwards.flatMap((word) => [...places].map((place) => normal(`${place}/${word}`))));
  // Plain words are looked for from the path's side: all of them below all places would be too many to list.
  return (path) =>
    resolved.has(path) ||
    (places.has('') && plain.has(path)) ||
    [...path.matchAll(/\//g)].some(({ index }) => places.has(path.slice(0, index)) && plain.has(path.slice(index + 1)));
}

function normal(path: string): string {
  const flat = posix.normalize(path).replace(/^\/+|\/+$/g, '');
  return flat === '.' ? '' : canonicalPath(flat);
}

/** The words of a command by which it may name files and directories. */
export function wordsOf(command: string): readonly string[] {
  return command
    .split(/[\s"'`(){}<>=,:]+/)
    .map((word) => word.replace(/^\$\w+(?=\/)/, '').replace(/^(?:\.?\/+)+/, ''))
    .filter((word) => word !== '' && word !== '.');
}
