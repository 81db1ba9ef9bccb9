import type { CallOptions, GateInput } from '@baton/core';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

/** Endings that loaders and bundlers of JavaScript try one after another for a name without one. */
const scripts = ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx'];

const mostAdded = 500;

/**
 * A new file can be loaded in place of one that was there: `index.js` where a test asks for what `index.ts` is built
 * to, a package of Python where a module was. Checks then judge the new one, and what is built or shipped is the other.
 */
export async function judgeSiblings(
  { changes, readText }: Pick<GateInput, 'changes' | 'readText'>,
  call: CallOptions | undefined,
): Promise<readonly Objection[]> {
  const added = changes.filter(({ kind }) => kind === 'added' || kind === 'renamed').map(({ path }) => path);
  // Each is looked up under many names: no change of people adds so many, and a person looks at one that does.
  if (added.length > mostAdded) {
    return [
      {
        verdict: 'hold',
        text: `It adds ${added.length} files: whether some are loaded in place of others is looked at for ${mostAdded} at most.`,
      },
    ];
  }
  const isNew = new Set(added);
  const pairs: string[] = [];
  for (const path of added) {
    for (const other of siblingsOf(path)) {
      if (!isNew.has(other) && (await readText(other, call)) !== null) pairs.push(path, other);
    }
  }
  if (pairs.length === 0) return [];
  const text = `It adds files that can be loaded in place of others of their name, so that checks run the one and what is shipped is the other: ${listNames([...new Set(pairs)])}.`;
  return [{ verdict: 'hold', text }];
}

function siblingsOf(path: string): readonly string[] {
  const [, stem = '', ending = ''] = /^(.*[^/])\.(\w+)$/.exec(path) ?? [];
  if (scripts.includes(ending)) {
    const alike = scripts.flatMap((each) => (each === ending ? [] : [`${stem}.${each}`]));
    // A file comes before a directory.
    return [...alike, ...scripts.map((each) => `${stem}/index.${each}`)];
  }
  const [, directory] = /^(.+)\/__init__\.py$/.exec(path) ?? [];
  if (directory !== undefined) return [`${directory}.py`];
  return [];
}
