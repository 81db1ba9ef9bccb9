import type { Gate } from '@baton/core';
import { readPaths } from '../diff/change-paths.js';
import { canonicalPath } from '../text/canonical-path.js';
import { listNames } from '../text/clean-output.js';
import { createGlob } from '../text/glob.js';

/** Whose paths are protected, and what follows. */
export interface ProtectedPathsGateOptions {
  /** Unlike that of every other gate of the project. */
  readonly id: string;
  /** Who protects them, as people are told: `.baton.yaml`. */
  readonly by: string;
  /**
   * Patterns from the root of the repository: `*` and `?` within a name, `**` over directories, everything else as it
   * stands. A path protects what lies below it too. Compared without regard to case.
   */
  readonly paths: readonly string[];
  /** What a change of one leads to: a person is asked, or the job ends as refused. */
  readonly on: 'hold' | 'block';
}

/** Makes the gate that looks whether a change touches paths that somebody protects beside the operator. It runs nothing. */
export function createProtectedPathsGate({ id, by, paths, on }: ProtectedPathsGateOptions): Gate {
  const globs = [...new Set(paths.flatMap((path) => [path.toLowerCase(), canonicalPath(path)]))].map(createGlob);
  const isProtected = (path: string): boolean => {
    const names = [path.toLowerCase(), canonicalPath(path)];
    return globs.some((meets) => names.some(meets));
  };
  return {
    spec: 'gate/1',
    id,
    async check({ changes }, call) {
      call?.signal?.throwIfAborted();
      const touched = readPaths(changes).flatMap(({ path, name }) => (isProtected(path) ? [name] : []));
      if (touched.length === 0) return { verdict: 'pass', checks: [] };
      const reason = `It changes files that ${by} protects: ${listNames(touched)}.`;
      const told = { reason, notes: [reason], checks: [] };
      return on === 'hold' ? { verdict: 'hold', ...told } : { verdict: 'stop', outcome: 'refused', ...told };
    },
  };
}
