import { join } from 'node:path';
import { git } from './run-program.ts';

/** A bare repository with one branch, `main`. */
export interface Repository {
  /** Absolute. */
  readonly path: string;
  readonly commit: string;
  readonly files: number;
  readonly bytes: number;
}

/** Seeded, uniform in [0, 1): mulberry32, so that every run sees the same repositories. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const words =
  'const value return await import export function string number readonly for while if else throw new map set list order price total user issue branch commit tree index file path name'.split(
    ' ',
  );

/** Lines of words, which compress about as source does. */
function createText(random: () => number, length: number): string {
  const lines: string[] = [];
  for (let size = 0; size < length; ) {
    const line = Array.from({ length: 4 + Math.floor(random() * 8) }, () => words[Math.floor(random() * words.length)]);
    const text = `  ${line.join(' ')} ${Math.floor(random() * 1e6).toString(36)};`;
    lines.push(text);
    size += text.length + 1;
  }
  return `${lines.join('\n')}\n`;
}

/** Sizes of files are log-normal, as in real repositories: a median of 3 KB, a mean near 9 KB, some above 100 KB. */
function sizeOf(random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.min(500_000, Math.round(3_000 * Math.exp(1.5 * normal)));
}

function* importStream(files: number, count: (bytes: number) => void): Generator<string> {
  const random = createRandom(files);
  yield 'reset refs/heads/main\ncommit refs/heads/main\ncommitter Bench <bench@localhost> 1767225600 +0000\ndata 9\nA fixture\n';
  const file = (path: string, text: string): string => {
    count(Buffer.byteLength(text));
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  };
  yield file('.gitignore', 'node_modules/\ndist/\n');
  yield file('README.md', 'A generated repository.\n');
  for (let number = 2; number < files; number += 1) {
    const room = `packages/part-${String(Math.floor(number / 60)).padStart(2, '0')}`;
    const folder = ['src', 'src/model', 'src/http', 'test'][number % 4] ?? 'src';
    yield file(`${room}/${folder}/module-${number}.ts`, createText(random, sizeOf(random)));
  }
}

/** Generates a bare repository with so many files, the same at every call. */
export async function createRepository(
  directory: string,
  files: number,
  options: { readonly signal: AbortSignal },
): Promise<Repository> {
  const path = join(directory, `origin-${files}.git`);
  let bytes = 0;
  const count = (more: number): void => {
    bytes += more;
  };
  await git(['init', '--quiet', '--bare', '-b', 'main', path], { cwd: directory, ...options });
  await git(['fast-import', '--quiet', '--done'], {
    cwd: path,
    ...options,
    input: [...importStream(files, count), 'done\n'],
  });
  const commit = (await git(['rev-parse', 'refs/heads/main'], { cwd: path, ...options })).trim();
  return { path, commit, files, bytes };
}
