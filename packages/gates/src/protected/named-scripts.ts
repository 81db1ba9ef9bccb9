import { posix } from 'node:path';
import { z } from 'zod';
import { createGlob } from '../text/glob.js';
import { type CommandLine, wordsOf } from './command-paths.js';

/** Programs that run scripts of a `package.json` by name. */
const runners: ReadonlySet<string> = new Set([
  ...['npm', 'pnpm', 'yarn', 'bun', 'corepack', 'nr', '--run'],
  ...['npm-run-all', 'run-s', 'run-p', 'concurrently', 'turbo', 'nx', 'lerna', 'wireit'],
]);

const installs = [
  ...['preinstall', 'install', 'postinstall', 'prepublish'],
  ...['preprepare', 'prepare', 'postprepare'],
];

/** What these words of npm, pnpm, Yarn and Bun run under another name. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  t: ['test'],
  tst: ['test'],
  restart: ['stop', 'start'],
  i: installs,
  install: installs,
  ci: installs,
  'clean-install': installs,
  it: [...installs, 'test'],
  'install-test': [...installs, 'test'],
  cit: [...installs, 'test'],
  'install-ci-test': [...installs, 'test'],
  yarn: installs,
};

const manifest = z.looseObject({ scripts: z.looseObject({}).optional() });

/** Enough for any repository that people read: beyond them nothing is followed, so that no base takes for ever. */
const mostScripts = 200;
const mostManifests = 50;
const mostNames = 500;

/**
 * Commands, and the scripts of `package.json` that these run by name, and that those run in turn. `textOfBase` reads
 * the base's, so that no change says what of itself is protected. As with paths, what a word may mean counts.
 */
export async function withNamedScripts(
  commands: readonly string[],
  textOfBase: (path: string) => Promise<string | null>,
): Promise<readonly CommandLine[]> {
  const read = createScripts(textOfBase);
  const lines: CommandLine[] = commands.map((run) => ({ run, directory: '' }));
  const known = new Set<string>();
  // A list that grows while it is walked: scripts run scripts.
  for (const line of lines) {
    if (!wordsOf(line.run).some((word) => runners.has(word))) continue;
    const wanted = scriptNames(line.run);
    for (const directory of directoriesOf(line)) {
      for (const [name, run] of await read(directory)) {
        const place = JSON.stringify([directory, name]);
        if (known.size >= mostScripts || known.has(place) || !wanted(name)) continue;
        known.add(place);
        lines.push({ run, directory });
      }
    }
  }
  return lines;
}

/** Whether a command may run a script of this name. */
function scriptNames(command: string): (name: string) => boolean {
  const words = command.split(/[\s"'`;|&()<>=]+/).map((word) => word.replace(/^(?:npm|pnpm|yarn|bun):/, ''));
  const named = [...new Set(words)]
    .filter((word) => word !== '' && !word.startsWith('-'))
    .slice(0, mostNames)
    .flatMap((word) => [word, ...(Object.hasOwn(aliases, word) ? (aliases[word] ?? []) : [])]);
  const plain = new Set(named);
  const globs = named.filter((word) => word.includes('*')).map(createGlob);
  const isNamed = (name: string): boolean => plain.has(name) || globs.some((meets) => meets(name));
  return (name) => isNamed(name) || isNamed(name.replace(/^(?:pre|post)/, ''));
}

/** Where a `package.json` may lie that a command goes by: where it runs, and below each of its words. */
function directoriesOf({ run, directory }: CommandLine): readonly string[] {
  const words = wordsOf(run).filter((word) => !word.startsWith('-'));
  const below = words.map((word) => posix.join(directory, word).replace(/\/+$/, ''));
  return [...new Set([directory, ...below])].filter((each) => each !== '..' && !each.startsWith('../'));
}

type Scripts = ReadonlyMap<string, string>;

/** Reads each manifest once. One that isn't there, or can't be read, names no script. */
function createScripts(textOfBase: (path: string) => Promise<string | null>): (directory: string) => Promise<Scripts> {
  const found = new Map<string, Scripts>();
  return async (directory) => {
    const before = found.get(directory);
    if (before !== undefined || found.size >= mostManifests) return before ?? new Map();
    const scripts = scriptsOf(await textOfBase(directory === '' ? 'package.json' : `${directory}/package.json`));
    found.set(directory, scripts);
    return scripts;
  };
}

function scriptsOf(text: string | null): Scripts {
  try {
    const { scripts = {} } = manifest.parse(JSON.parse((text ?? '{}').replace(/^\uFEFF/, '')));
    return new Map(
      Object.entries(scripts).flatMap(([name, run]) => (typeof run === 'string' ? [[name, run] as const] : [])),
    );
  } catch {
    return new Map();
  }
}
