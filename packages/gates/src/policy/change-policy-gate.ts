import { BatonError, type Change, type Gate, type GateInput, type GateResult } from '@baton/core';
import { type FileDiff, parseChangeDiff } from '../diff/change-diff.js';
import { touchedPaths } from '../diff/change-paths.js';
import { textOfBase } from '../manifests/text-of-base.js';
import { createKindOfPath, type KindOfPath } from '../protected/kind-of-path.js';
import { createKindsOfPath } from '../protected/kinds-of-path.js';
import { withNamedScripts } from '../protected/named-scripts.js';
import { isTestBehindLink } from '../tests/test-behind-link.js';
import { createTestMatcher, recordingPatterns } from '../tests/test-conventions.js';
import { createTestPaths } from '../tests/test-paths.js';
import { listNames } from '../text/clean-output.js';
import { judgeControls } from './baton-controls.js';
import { judgeCharacters } from './judge-characters.js';
import { judgeContent } from './judge-content.js';
import { judgeNames } from './judge-names.js';
import { createPathMatcher, judgeProtected, type OnProtected, type OnProtectedByKind } from './judge-protected.js';
import { judgeSiblings } from './judge-siblings.js';
import { judgeTargets } from './judge-targets.js';
import { judgeTwins } from './judge-twins.js';
import type { Objection } from './objection.js';
import { judgeLinks } from './tree-links.js';

/** The operator's command lines: a file that one names is protected, whatever it is called. */
export interface ConfiguredCommands {
  /** Of checks. */
  readonly checks: readonly string[];
  /** Of what prepares a workspace. */
  readonly setup: readonly string[];
}

/** What a change policy is made with: `change` of the configuration. */
export interface ChangePolicyOptions {
  /** Files that a change may touch before a person is asked. Default: 50. */
  readonly maxFiles?: number;
  /** Lines added and deleted together. Default: 2000. */
  readonly maxLines?: number;
  /** Patterns (picomatch; dot files match), beside the built-in ones. Default: none. */
  readonly protectedPaths?: readonly string[];
  /** Whether `protectedKinds` are protected, by path and, in manifests such as `package.json`, by content. Default: true. */
  readonly protectDefaults?: boolean;
  /**
   * The operator's command lines. A file that one names, or that a script of the base's `package.json` names which it
   * runs by name, is protected as one of the kinds `check-scripts` and `setup-scripts`, unless it is a manifest or a
   * test, which are weighed by content. Default: none.
   */
  readonly commands?: ConfiguredCommands;
  /** What a change of something protected leads to, for all or by kind. Default: `hold`. */
  readonly onProtected?: OnProtected | OnProtectedByKind;
  /**
   * Files and folders of the repository that Baton is run by, beside `baton.config.*`, `.baton.yaml` and `.baton/`,
   * which are known: paths from the repository's root, a folder's with all that is below it. Whatever else is set, a
   * change of one is refused. Default: none.
   */
  readonly controls?: readonly string[];
  /** Where tests stand and what they are made of: patterns (picomatch; dot files match). Default: by the conventions of each language. */
  readonly tests?: readonly string[];
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
  const configured = createPathMatcher(options.protectedPaths ?? []);
  const { checks, setup }: ConfiguredCommands = options.commands ?? { checks: [], setup: [] };
  let kindOf: KindOfPath | null = null;
  const { isOfTests } = createTestPaths(options.tests);
  const isRecording = createTestMatcher(recordingPatterns);
  const on = options.onProtected ?? 'hold';
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
      const ofBase = (path: string): Promise<string | null> => textOfBase(input, files, path, call);
      const objections = [
        ...controls,
        ...judgeSize(input, maxFiles, maxLines),
        ...judgeLinks(input.changes, files),
        ...judgeNames(input.changes),
        ...(await judgeTwins(input, call)),
        ...judgeConflictMarkers(files),
        ...judgeContent(input.changes),
        ...judgeCharacters(files),
        ...(await judgeSiblings(input, call)),
        ...(await judgeTargets(input, ofBase, call)),
        ...(options.onBinary === 'allow' ? [] : judgeBinaries(input.changes)),
      ];
      const lines = async () => ({
        checks: await withNamedScripts(checks, ofBase),
        setup: await withNamedScripts(setup, ofBase),
      });
      // Hundreds of regular expressions, which a project without work needs not hold.
      kindOf ??= createKindOfPath();
      const kindsOf = options.protectDefaults === false ? null : createKindsOfPath(kindOf, await lines());
      const judged = await judgeProtected(input, files, { kindsOf, configured, on }, call);
      const { notes, steers } = judged;
      const tests = input.changes.flatMap((change) =>
        touchedPaths([change]).filter((path) => isOfTests(path) || isTestBehindLink(change, isOfTests)),
      );
      const recordings = tests.filter(isRecording);
      return {
        ...conclude([...objections, ...judged.objections]),
        ...(notes.length === 0 ? {} : { notes }),
        ...(steers.length === 0 ? {} : { steers }),
        ...(tests.length === 0 ? {} : { tests }),
        ...(recordings.length === 0 ? {} : { recordings }),
      };
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
