import { posix } from 'node:path';
import type { CallOptions, GateInput } from '@baton/core';
import { listNames } from '../text/clean-output.js';
import type { Objection } from './objection.js';

const isMakefile = /(?:^|\/)(?:(?:gnu|bsd)?makefile|[^/]+\.(?:mk|mak))$/i;

const mostMakefiles = 100;
const mostTargets = 10_000;
const mostAdded = 500;

/**
 * A target of make is up to date once there is a file or directory of its name: a new one called `test` keeps the
 * tests from being run, with success. That stands in the makefile by `.PHONY`, which many leave out. Targets are read
 * as they are written, not as variables and functions would make them, in the makefiles of the base: a change of one
 * is protected. Of more than 500 new files a person looks at anyway.
 */
export async function judgeTargets(
  { changes, listPaths }: Pick<GateInput, 'changes' | 'listPaths'>,
  ofBase: (path: string) => Promise<string | null>,
  call: CallOptions | undefined,
): Promise<readonly Objection[]> {
  const added = changes.filter(({ kind }) => kind === 'added' || kind === 'renamed').map(({ path }) => path);
  if (added.length === 0 || added.length > mostAdded) return [];
  const paths = await listPaths(call);
  const isAdded = new Set(added);
  const makefiles = paths.filter((path) => !isAdded.has(path) && isMakefile.test(path)).slice(0, mostMakefiles);
  if (makefiles.length === 0) return [];
  const there = new Set(paths.filter((path) => !isAdded.has(path)).flatMap(withDirectories));
  const fresh = [...new Set(added.flatMap(withDirectories))].filter((path) => !there.has(path));
  const skipped = new Set<string>();
  for (const makefile of makefiles) {
    const isTarget = targetsOf((await ofBase(makefile)) ?? '');
    const directory = posix.dirname(makefile);
    for (const path of fresh) {
      // One that is included runs where its includer is, which is mostly the root.
      if (isTarget(path) || isTarget(posix.relative(directory, path))) skipped.add(path);
    }
  }
  if (skipped.size === 0) return [];
  const text = `It adds what is named like a target of make, which then takes the target for made and doesn't run it: ${listNames([...skipped])}.`;
  return [{ verdict: 'hold', text }];
}

function withDirectories(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** A name with `%` stands for many (GNU make, "Pattern Rules"); one that is `%` alone for all, and tells nothing. */
function targetsOf(text: string): (path: string) => boolean {
  const names = new Set<string>();
  const phony = new Set<string>();
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, left = '', right = ''] = /^ *([^\t #:=][^#:=]*)::?(?![:=])([^#;]*)/.exec(line) ?? [];
    for (const name of wordsOf(left)) {
      if (name === '.PHONY') for (const each of wordsOf(right)) phony.add(each);
      else names.add(name);
    }
  }
  const real = [...names].filter((name) => !phony.has(name) && name !== '%').slice(0, mostTargets);
  const exact = new Set(real.map((name) => posix.normalize(name)));
  const patterns = real.filter((name) => name.includes('%')).map((name) => name.split('%'));
  return (path) =>
    exact.has(path) ||
    patterns.some(
      ([start = '', end = '']) =>
        path.length > start.length + end.length && path.startsWith(start) && path.endsWith(end),
    );
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
