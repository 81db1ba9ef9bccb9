import { BatonError, type CallOptions, type Change, type Gate, type GateInput, type GateResult } from '@baton/core';
import picomatch from 'picomatch';
import { judgeControls } from './baton-controls.js';
import { canonicalPath } from './canonical-path.js';
import { type FileDiff, parseChangeDiff } from './change-diff.js';
import { touchedPaths } from './change-paths.js';
import { listNames } from './clean-output.js';
import { judgeContent } from './judge-content.js';
import { compareManifest, isManifest } from './manifest-settings.js';
import type { Objection } from './objection.js';
import { defaultProtectedPaths } from './protected-paths.js';
import { judgeLinks } from './tree-links.js';

/** What a change policy is made with: `change` of the configuration. */
export interface ChangePolicyOptions {
  /** Files that a change may touch before a person is asked. Default: 50. */
  readonly maxFiles?: number;
  /** Lines added and deleted together. Default: 2000. */
  readonly maxLines?: number;
  /** Patterns (picomatch; dot files match), beside the built-in ones. Default: none. */
  readonly protectedPaths?: readonly string[];
  /** Whether `defaultProtectedPaths`, scripts of `package.json` and test settings of `pyproject.toml` are protected. Default: true. */
  readonly protectDefaults?: boolean;
  /** What a touched protected path leads to. Default: `hold`. */
  readonly onProtected?: 'hold' | 'block' | 'allow';
  /**
   * Files of the repository that Baton is run by, beside `baton.config.*`, `.baton.yaml` and `.baton/`, which are
   * known: paths from the repository's root. Whatever else is set, a change of one is refused. Default: none.
   */
  readonly controls?: readonly string[];
  /** What a new or changed binary file leads to: no diff shows it and no scan has read it. Default: `hold`. */
  readonly onBinary?: 'hold' | 'allow';
}

/** The object id of the empty tree: of SHA-1 repositories, and of SHA-256 ones. */
const emptyTrees: ReadonlySet<string> = new Set([
  '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
]);

/**
 * Makes the gate that looks at what was changed, not at whether it works. It runs no command, has no baseline
 * and gives no evidence: only objections. `CONFIG_INVALID` where a setting can't be meant so.
 */
export function createChangePolicyGate(options: ChangePolicyOptions = {}): Gate {
  const maxFiles = limitOf('maxFiles', options.maxFiles ?? 50);
  const maxLines = limitOf('maxLines', options.maxLines ?? 2_000);
  const withDefaults = options.protectDefaults !== false;
  const patterns = [...(withDefaults ? defaultProtectedPaths : []), ...(options.protectedPaths ?? [])];
  let compiled: ((path: string) => boolean) | null = null;
  const isProtected = (path: string): boolean => {
    // 120 KB of regular expressions, which a project without work needs not hold.
    compiled ??= picomatch(patterns, { dot: true, nocase: true });
    return compiled(canonicalPath(path));
  };
  const onProtected = options.onProtected ?? 'hold';
  return {
    spec: 'gate/1',
    id: 'change-policy',
    async check(input, call) {
      call?.signal?.throwIfAborted();
      if (input.changes.length === 0) return { verdict: 'pass', checks: [] };
      const controls = judgeControls(input.changes, options.controls ?? []);
      const files = parseChangeDiff(input.diff);
      if (files === null) {
        const text = 'The diff of this change could not be read, so nobody has looked at it.';
        return conclude([...controls, { verdict: 'hold', text }]);
      }
      const objections = [
        ...controls,
        ...judgeSize(input, maxFiles, maxLines),
        ...judgeLinks(input.changes, files),
        ...judgeConflictMarkers(files),
        ...judgeContent(input.changes),
        ...(options.onBinary === 'allow' ? [] : judgeBinaries(input.changes)),
      ];
      if (onProtected !== 'allow') {
        const verdict = onProtected === 'block' ? 'stop' : 'hold';
        const paths = touchedPaths(input.changes).filter((path) => isProtected(path));
        if (paths.length > 0) objections.push({ verdict, text: `It changes protected files: ${listNames(paths)}.` });
        const settings = withDefaults ? await changedSettings(input, files, isProtected, call) : [];
        if (settings.length > 0) {
          objections.push({ verdict, text: `It changes how the project is checked: ${listNames(settings)}.` });
        }
      }
      return conclude(objections);
    },
  };
}

function conclude(objections: readonly Objection[]): GateResult {
  const say = (verdict: Objection['verdict']): string =>
    objections
      .filter((each) => each.verdict === verdict)
      .map(({ text }) => text)
      .join(' ');
  if (say('stop') !== '') return { verdict: 'stop', outcome: 'refused', reason: say('stop'), checks: [] };
  if (say('rework') !== '') return { verdict: 'rework', feedback: say('rework'), checks: [] };
  return say('hold') === '' ? { verdict: 'pass', checks: [] } : hold(say('hold'));
}

function hold(reason: string): GateResult {
  return { verdict: 'hold', reason, checks: [] };
}

function limitOf(setting: string, value: number): number {
  if (value >= 0) return value;
  throw new BatonError('CONFIG_INVALID', `\`${setting}\` of the change policy is not a number from zero up.`, {
    details: { setting },
    adapter: 'change-policy',
    fix: 'Write how many there may be.',
  });
}

function judgeSize({ changes, tree }: GateInput, maxFiles: number, maxLines: number): readonly Objection[] {
  const lines = changes.reduce((sum, { added, deleted }) => sum + added + deleted, 0);
  const found: Objection[] = [];
  if (emptyTrees.has(tree)) found.push({ verdict: 'hold', text: 'It deletes every file of the repository.' });
  if (changes.length > maxFiles) {
    found.push({ verdict: 'hold', text: `It changes ${changes.length} files; ${maxFiles} are allowed.` });
  }
  if (lines > maxLines) {
    found.push({ verdict: 'hold', text: `It adds and deletes ${lines} lines; ${maxLines} are allowed.` });
  }
  return found;
}

function judgeConflictMarkers(files: readonly FileDiff[]): readonly Objection[] {
  const marked = files.flatMap(({ path, addedLines }) =>
    path !== null && addedLines.some((line) => /^(?:<{7}|>{7}) /.test(line)) ? [path] : [],
  );
  if (marked.length === 0) return [];
  return [{ verdict: 'rework', text: `Conflict markers were left in ${listNames(marked)}: resolve them.` }];
}

function judgeBinaries(changes: readonly Change[]): readonly Objection[] {
  const binary = changes.filter((change) => change.binary && change.mode !== null).map(({ path }) => path);
  if (binary.length === 0) return [];
  return [{ verdict: 'hold', text: `It brings binary files, which no diff shows: ${listNames(binary)}.` }];
}

/** Settings in manifests that differ. A manifest whose base can't be known counts as a whole. */
async function changedSettings(
  input: GateInput,
  files: readonly FileDiff[],
  isProtected: (path: string) => boolean,
  call: CallOptions | undefined,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const change of input.changes) {
    const manifest = touchedPaths([change]).find(isManifest);
    // A new one can't weaken a check that the base had.
    if (manifest === undefined || isProtected(manifest) || change.kind === 'added') continue;
    const now = change.kind === 'modified' ? await input.readText(change.path, call) : null;
    const diff = files.filter(({ path, oldPath }) => path === change.path && oldPath === change.path);
    const before = now === null || diff.length > 1 ? null : restoreBase(now, diff[0]);
    const keys = now === null || before === null ? null : compareManifest(manifest, before, now);
    found.push(...(keys === null ? [manifest] : keys.map((key) => `${manifest}: ${key}`)));
  }
  return found;
}

/** Null where the diff tells nothing of the file, or doesn't fit to it. */
function restoreBase(now: string, diff: FileDiff | undefined): string | null {
  return diff === undefined ? null : diff.restore(now);
}
