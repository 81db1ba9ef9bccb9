import type { Instant, JobOutcome, JobPhase, SandboxReport, WaitReason } from '@baton/core';
import type { PersonsWord } from '../decide/persons-word.js';
import type { CheckFigures } from '../job/check-figures.js';
import type { ProofFigures } from '../job/proof-figures.js';
import type { Refusals } from '../job/refusals.js';
import type { AskedText } from '../job/told-text.js';

/** A job as people and programs are told of it, whatever the engine stores. Unknown numbers are null, never 0. */
export interface JobView {
  readonly id: string;
  readonly project: string;
  readonly issue: {
    readonly key: string;
    readonly title: string;
    readonly url: string | null;
    /** As they were when the issue was taken in. */
    readonly labels: readonly string[];
  };
  readonly phase: JobPhase;
  readonly outcome: JobOutcome | null;
  readonly wait: WaitReason | null;
  /** One sentence: why it ended or waits. Null while it is being worked. */
  readonly reason: string | null;
  readonly attempt: number;
  readonly round: number;
  /** `id` of the agent that worked last, and its model. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly branch: string;
  readonly base: { readonly branch: string; readonly commit: string } | null;
  /** What the repository's own file asks at the base, a line each. Null before, and where it has none. */
  readonly policy: { readonly path: string; readonly hash: string; readonly summary: readonly string[] } | null;
  /** Whether it waits until a person has mended what that file asks, which nothing lets pass. */
  readonly heldForPolicy: boolean;
  /** What a person's word is wanted for. Null where nothing waits for one. */
  readonly wants: PersonsWord | null;
  /** The commit that was handed in. */
  readonly head: string | null;
  /** The tree that is pushed once a person approves. Null where the job waits for no such yes. */
  readonly askedTree: string | null;
  /** The tree that was judged last, and whether it is what the branch at `head` holds. Null before. */
  readonly judged: { readonly tree: string; readonly pushed: boolean } | null;
  /** Of the tree judged last. */
  readonly checks: readonly CheckFigures[];
  /** What gates tell of that change whatever they make of it, such as the settings of checks that it changes. */
  readonly notes: readonly string[];
  /** What the tests of that change show. Null: nobody measured it. */
  readonly proof: ProofFigures | null;
  readonly changes: { readonly files: number; readonly added: number; readonly deleted: number } | null;
  readonly usage: { readonly inputTokens: number | null; readonly outputTokens: number | null };
  /** `microUsd`: what of it is known, and all of it unless the basis is `unknown`. */
  readonly cost: { readonly microUsd: number | null; readonly basis: 'reported' | 'computed' | 'unknown' };
  readonly pullRequest: {
    readonly number: number;
    readonly url: string;
    readonly draft: boolean;
    readonly state: 'open' | 'merged' | 'closed';
  } | null;
  readonly sandbox: SandboxReport | null;
  /** What a person is asked to approve now: a signal `approve` says in `seen` which of them it means. Null where nothing is. */
  readonly asked:
    | { readonly kind: 'text'; readonly seen: string }
    | { readonly kind: 'change'; readonly seen: string }
    | null;
  /** The text that was edited after the trigger and a person is asked about, or approved. Null where nothing was. */
  readonly editedText:
    | (Pick<AskedText, 'hash' | 'title' | 'body' | 'comments'> & { readonly state: 'asked' | 'approved' })
    | null;
  /** What the agent, setups and checks asked for and weren't given. */
  readonly refusals: Refusals;
  /** The agent's last words: a claim. */
  readonly summary: string | null;
  /** Refs under which unpublished work was kept. */
  readonly rescued: readonly string[];
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly wakeAt: Instant;
  /** When a waiting job goes on by itself, if nothing ends its wait before. Null where it doesn't wait, or a person has to end it. */
  readonly waitUntil: Instant | null;
}

/** One line of a job's story, as told on a terminal and in the tracking comment. */
export interface TimelineLine {
  readonly at: Instant;
  /** `claim`, `prepare`, `baseline`, `work`, `verify`, `publish`, `review`, `settle`, `refused`, or a signal's name. */
  readonly step: string;
  readonly ok: boolean;
  /** What came of it, in plain words. */
  readonly detail: string;
  /** Null where no time was measured. */
  readonly durationMs: number | null;
}
