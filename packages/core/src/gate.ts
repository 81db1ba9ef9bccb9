import type { Adapter, CallOptions } from './adapter.js';
import type { Brief } from './issue-source.js';
import type { JobOutcome } from './job.js';
import type { Change, OutdatedCopy, VerifyCheckout } from './workspace.js';

/** One test of a command's report. */
export interface TestResult {
  /** As people name it, unique within the command. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /**
   * What its report calls it, where that calls others so too: `name` then tells more, such as the file, or a
   * number. Absent: the report has one test of this name.
   */
  readonly sharedName?: string;
  /**
   * The name that it had in common with others, where nothing but a number in `name` tells it from them: which of
   * these tests is which on base and result can't be known. Absent: it can.
   */
  readonly alikeAs?: string;
}

/** What the test runners of a command sum up on its output: words that nothing which happens later takes back. */
export interface OutputSummary {
  /** Failed tests that they tell, together. A lower bound where several kinds of runners have one form. */
  readonly failed: number;
  /** Runners that sum up there, whether tests fail or not, by name, in order. */
  readonly runners: readonly string[];
  /** The output was longer than is kept, so that a part of it was not read. Absent: all of it was. */
  readonly cut?: true;
}

/** What one command did, on the base or on the result. */
export interface CheckRun {
  /** Null when a signal or the time limit ended it. */
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly timedOut: boolean;
  /** Test by test where the command leaves a report, else null. */
  readonly tests: readonly TestResult[] | null;
  /** Why `tests` are not all that the command meant to run, as a sentence: it broke off. Absent: nothing says so. */
  readonly incomplete?: string;
  /**
   * Files by which it was not measured as it should be, in order: tracked ones that were not as the tree has them when
   * it had ended, and whatever stood there that was overwritten before it began.
   */
  readonly altered: readonly string[];
  /**
   * Tracked files that it wrote and put back, in order: `VerifyCheckout.restored`. What ran may have been what stood
   * there between. At most 1,000. Absent: none, or nobody looked.
   */
  readonly restored?: readonly string[];
  /**
   * New files that steer checks which what it needs built made before it began, in order: what ran may have been chosen
   * by these. At most 1,000. Absent: none, or nobody looked.
   */
  readonly made?: readonly string[];
  /** Copies of the base's files that it may have read in place of the change: `SetupProducts.outdated`. Absent: none. */
  readonly outdated?: readonly OutdatedCopy[];
  /** Whether its dependencies may be the change's own making: `SetupProducts.ofChange`. Absent: they are not. */
  readonly setupOfChange?: true;
  /** What its own output sums up, beside `tests`. Absent: nothing that is known, or nobody looked. */
  readonly summary?: OutputSummary;
  /** The end of what it printed, or the part that tells why it failed. Bounded. */
  readonly excerpt: string;
}

/** What was measured of one check. */
export interface CheckEvidence {
  readonly name: string;
  readonly base: CheckRun | null;
  readonly head: CheckRun | null;
  /**
   * What follows from this check alone: never graver than what the gate says of the whole. Absent on the base, and from
   * gates that tell no more than runs: then the exit code speaks.
   */
  readonly verdict?: 'pass' | 'rework' | 'hold' | 'not-run';
  /** Tests of `head` that fail, and neither failed on the base nor may. Absent: none is known by name. */
  readonly newFailures?: readonly string[];
  /** How the verdict was reached. A check that did not run is `not-run`, not passed. */
  readonly basis: 'tests' | 'exit-code' | 'not-run';
  /** Tests that fail here and failed on the base already, or that the operator lets be red. */
  readonly knownFailures: readonly string[];
  /** What a reader must know of this check, a sentence each: a flake, a vanished test. */
  readonly notes: readonly string[];
}

/** What a gate looks at. */
export interface GateInput {
  readonly brief: Brief;
  readonly changes: readonly Change[];
  readonly diff: string;
  readonly baseCommit: string;
  readonly tree: string;
  /** A file of `tree` as git holds it: `Workspace.textOf`. Nothing is checked out or run for it. */
  readText(path: string, options?: CallOptions): Promise<string | null>;
  /** Every path of `tree`, directories left out: `Workspace.pathsOf`. */
  listPaths(options?: CallOptions): Promise<readonly string[]>;
  /** Of `tree`. Holds nothing in particular until `renew`. */
  readonly checkout: VerifyCheckout;
  /** The same gate's evidence on the untouched base; empty where the gate has no `baseline`. */
  readonly baseline: readonly CheckEvidence[];
}

/** A red gate is news, not an exception. */
export type GateResult = {
  readonly checks: readonly CheckEvidence[];
  /**
   * What a reader of the pull request must know of the change itself, a sentence each, whatever the verdict: what it
   * changes that steers checks or builds, where that is allowed too. Each on one line, fit to be shown. Absent: nothing.
   */
  readonly notes?: readonly string[];
  /**
   * Paths of the change, both of a file that was moved, that may turn a check green and say nothing once the base's
   * versions stand in their place; also where a change of them is allowed. The engine has the gates with evidence judge
   * the change without what it does to these as well. Told by name in `notes`. Absent: none.
   */
  readonly steers?: readonly string[];
  /**
   * Paths of the change, both of a file that was moved, at which tests stand or what tests are made of, new ones too: a
   * test may have been made to say yes. The engine has the gates with evidence judge the change with the tests of the
   * base as well, and prove it by laying these over the base: `Gate.prove`. Absent: none.
   */
  readonly tests?: readonly string[];
  /**
   * Those of `tests` in which a runner records what the code did, such as snapshots: a test that fails without them
   * shows only that the code does something else now. Absent: none.
   */
  readonly recordings?: readonly string[];
} & (
  | { readonly verdict: 'pass' }
  /** `feedback` goes back to the agent word for word. */
  | { readonly verdict: 'rework'; readonly feedback: string }
  /** Only a person can decide. */
  | { readonly verdict: 'hold'; readonly reason: string }
  | { readonly verdict: 'stop'; readonly outcome: JobOutcome; readonly reason: string }
  | { readonly verdict: 'not-run'; readonly reason: string }
);

/** What it takes to see whether the tests of a change fail without the rest of it. */
export interface ProofInput {
  /** Of the base, with `GateResult.tests` as the change has them. Holds nothing in particular until `renew`. */
  readonly checkout: VerifyCheckout;
  /** Of the result, with `GateResult.recordings` as the base has them. Null: the change has none. */
  readonly unrecorded: VerifyCheckout | null;
  /** Of the result. Holds nothing in particular until `renew`. */
  readonly result: VerifyCheckout;
  /** The same gate's evidence on the result, with the base beside it. */
  readonly checks: readonly CheckEvidence[];
}

/** A test that failed on the base once the tests of the change stood there, and passes on the result. */
export interface ShownTest {
  readonly name: string;
  /** Why it failed there, by its report: one line, at most 300 characters, fit to be shown. Empty: it doesn't tell. */
  readonly failure: string;
}

/**
 * Why a test that passes on the result shows nothing. `guard`: it is new, or was made to pass, and passes on the base
 * too. `not-run`: the base's run doesn't tell of it, or skipped it: it could not run on the old code. `was-red`: it
 * failed on the base without the tests of the change already. `recorded`: it passes only with what the change recorded.
 * `alike`: others have its name, and nothing tells which of them failed. `flaky`: it failed there, or passes on the
 * result, in one run and not in another.
 */
export type UnshownReason = 'guard' | 'not-run' | 'was-red' | 'recorded' | 'alike' | 'flaky';

/** What one check showed. */
export type CheckProof = {
  /** As in its evidence. */
  readonly name: string;
} & (
  | {
      readonly basis: 'tests';
      readonly shown: readonly ShownTest[];
      readonly unshown: Readonly<Record<UnshownReason, readonly string[]>>;
    }
  /** The whole command: green on the base, red there with the tests of the change, green on the result. Or why not, as a sentence. */
  | { readonly basis: 'exit-code'; readonly isShown: true }
  | { readonly basis: 'exit-code'; readonly isShown: false; readonly reason: string }
);

/** Judges a tree. Takes its commands and rules from configuration, never from the tree. */
export interface Gate extends Adapter<'gate/1'> {
  /** On the untouched base, of which the checkout is; cached by the engine by commit and `cacheKey`. Red checks are values. */
  baseline?(checkout: VerifyCheckout, options?: CallOptions): Promise<readonly CheckEvidence[]>;
  /** Changes whenever `baseline` would measure something else. Absent: never cached. */
  readonly cacheKey?: string;
  check(input: GateInput, options?: CallOptions): Promise<GateResult>;
  /**
   * Runs on the base what tells of tests, with those of the change, and says test by test what fails there and passes
   * on the result. Whatever can't be told apart, didn't run or wasn't measured is never `shown`. Checks that tell of no
   * tests are left out where others do. Absent: the gate proves nothing.
   */
  prove?(input: ProofInput, options?: CallOptions): Promise<readonly CheckProof[]>;
}

/** A text that is about to leave the machine, and where it would stand. */
export interface OutgoingText {
  /** E.g. `diff`, `file name`, `commit message`, `pull request body`. */
  readonly where: string;
  readonly text: string;
}

/** Something that must not leave. Never holds the secret itself. */
export interface Leak {
  readonly where: string;
  /** E.g. `GITHUB_TOKEN (base64)`, `private key`. */
  readonly kind: string;
  /** `held`: the daemon's own, which `kind` names. `shape`: what looks like one, and may be none. Absent: nobody knows. */
  readonly by?: 'held' | 'shape';
  /**
   * Where in the result it stands, with `where` being `diff`. `line` counts from 1, and is null where it is spread over
   * several. Absent where that can't be told, and where the path itself holds something of the kind.
   */
  readonly place?: { readonly path: string; readonly line: number | null };
}

/** Looks through everything that is about to leave the machine: diff, names, messages, comments. */
export interface LeakScanner extends Adapter<'leak-scanner/1'> {
  /** Every finding. A scan that can't be made rejects: it never tells "clean". */
  scan(texts: readonly OutgoingText[], options?: CallOptions): Promise<readonly Leak[]>;
}
