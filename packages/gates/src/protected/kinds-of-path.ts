import { createTestMatcher, testFilePatterns } from '../tests/test-conventions.js';
import { canonicalPath } from '../text/canonical-path.js';
import { type CommandLine, pathsInCommands } from './command-paths.js';
import type { KindOfPath } from './kind-of-path.js';
import { rulesOf } from './manifest-settings.js';
import { type ProtectedKindName, protectedKinds } from './protected-kinds.js';

/** Configured commands, with the scripts that they run by name: a file that one names is protected, whatever it is called. */
export interface CommandLines {
  /** Of checks. */
  readonly checks: readonly CommandLine[];
  /** Of what prepares a workspace. */
  readonly setup: readonly CommandLine[];
}

/** Every kind of a path, none where it is ordinary code. */
export type KindsOfPath = (path: string) => readonly ProtectedKindName[];

/**
 * By name and by the commands. Of files that commands name two sorts are weighed by what is in them, and left out
 * here: manifests, and tests. A script of the shell counts as what starts tests, not as one, whatever its name is.
 */
export function createKindsOfPath(kindOf: KindOfPath, { checks, setup }: CommandLines): KindsOfPath {
  const isNamedAsTest = createTestMatcher(testFilePatterns);
  const isTest = (path: string): boolean => !/\.(?:sh|bash)$/.test(path) && isNamedAsTest(path);
  const named = [
    ['check-scripts', pathsInCommands(checks)],
    ['setup-scripts', pathsInCommands(setup)],
  ] as const;
  const tell = (path: string): readonly ProtectedKindName[] => {
    const byName = kindOf(path);
    const canonical = canonicalPath(path);
    const byCommand = named.flatMap(([kind, paths]) => (paths.has(canonical) ? [kind] : []));
    if (byName === null) return rulesOf(path) === null && !isTest(path) ? byCommand : [];
    // `onProtected: { dependencies: allow }` is meant for a `requirements.txt` that the setup names, too.
    const { steersChecks } = protectedKinds[byName];
    return [byName, ...byCommand.filter((kind) => protectedKinds[kind].steersChecks !== steersChecks)];
  };
  // A name goes through some hundred regular expressions, and is asked about several times.
  const known = new Map<string, readonly ProtectedKindName[]>();
  return (path) => {
    const kinds = known.get(path) ?? tell(path);
    known.set(path, kinds);
    return kinds;
  };
}
