import type { Gate, GateResult } from '@baton/core';
import { parseChangeDiff } from '../diff/change-diff.js';
import { readPaths } from '../diff/change-paths.js';
import { textOfBase } from '../manifests/text-of-base.js';
import { createKindOfPath, type KindOfPath } from '../protected/kind-of-path.js';
import { createKindsOfPath } from '../protected/kinds-of-path.js';
import { withNamedScripts } from '../protected/named-scripts.js';
import { listNames } from '../text/clean-output.js';
import { findSteering } from './find-steering.js';
import type { OnProtected } from './judge-protected.js';

/** Whose checks run what is protected, and what follows. */
export interface CheckScriptsGateOptions {
  /** Unlike that of every other gate of the project. */
  readonly id: string;
  /** Who names the checks, as people are told: `.baton.yaml`. */
  readonly by: string;
  /** The command lines of the checks. */
  readonly commands: readonly string[];
  /** What a change of a file that one names leads to. Where it is allowed, it is told and steers all the same. */
  readonly on: OnProtected;
}

/**
 * Makes the gate that looks whether a change rewrites what checks run that somebody asks for beside the operator: as
 * the kind `check-scripts` of the change policy has it, which looks at what the operator's own commands name.
 */
export function createCheckScriptsGate({ id, by, commands, on }: CheckScriptsGateOptions): Gate {
  let kindOf: KindOfPath | null = null;
  return {
    spec: 'gate/1',
    id,
    async check(input, call) {
      call?.signal?.throwIfAborted();
      if (input.changes.length === 0) return { verdict: 'pass', checks: [] };
      // A diff that can't be read is the change policy's to object to.
      const files = parseChangeDiff(input.diff) ?? [];
      const lines = await withNamedScripts(commands, (path) => textOfBase(input, files, path, call));
      kindOf ??= createKindOfPath();
      const kindsOf = createKindsOfPath(kindOf, { checks: lines, setup: [] });
      const named = (path: string) => kindsOf(path).filter((kind) => kind === 'check-scripts');
      const touched = readPaths(input.changes).flatMap(({ path, name }) => (named(path).length > 0 ? [name] : []));
      if (touched.length === 0) return { verdict: 'pass', checks: [] };
      const reason = `It changes what the checks of ${by} run, which decides what is green: ${listNames(touched)}.`;
      const { steers } = findSteering(input.changes, named, []);
      return { ...objectionOf(on, reason), notes: [reason], steers, checks: [] };
    },
  };
}

type Objection =
  | { readonly verdict: 'pass' }
  | Pick<Extract<GateResult, { verdict: 'hold' }>, 'verdict' | 'reason'>
  | Pick<Extract<GateResult, { verdict: 'stop' }>, 'verdict' | 'outcome' | 'reason'>;

function objectionOf(on: OnProtected, reason: string): Objection {
  switch (on) {
    case 'allow':
      return { verdict: 'pass' };
    case 'hold':
      return { verdict: 'hold', reason };
    case 'block':
      return { verdict: 'stop', outcome: 'refused', reason };
  }
}
