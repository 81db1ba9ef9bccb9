import type { BatonErrorCode, Signal } from '@baton/core';
import type { Host } from './host/host.js';
import type { Installation } from './process/installation.js';

/** What people and hosts did that promises are held against. */
export type Fact =
  /** Somebody who may handed the issue over, changed its text, or asked for another try. */
  | { readonly kind: 'asked'; readonly host: Host; readonly issue: string; readonly by: 'label' | 'text' | 'retry' }
  /** It is closed, deleted, or not handed over any more. */
  | { readonly kind: 'unwanted'; readonly host: Host; readonly issue: string }
  /** A pull request of an issue was merged. */
  | { readonly kind: 'merged'; readonly host: Host; readonly issue: string; readonly branch: string }
  | { readonly kind: 'wanted-again'; readonly host: Host; readonly issue: string }
  /** The text was changed by somebody who may not, or by nobody knows whom. */
  | { readonly kind: 'stranger-edited'; readonly host: Host; readonly issue: string }
  | { readonly kind: 'pushed'; readonly host: Host; readonly branch: string; readonly commit: string }
  | { readonly kind: 'branch-gone'; readonly host: Host; readonly branch: string }
  | { readonly kind: 'retargeted'; readonly host: Host; readonly pull: number; readonly base: string }
  | { readonly kind: 'retitled'; readonly host: Host; readonly pull: number; readonly title: string }
  | { readonly kind: 'checks-red'; readonly host: Host; readonly commit: string }
  | { readonly kind: 'reviewed'; readonly host: Host; readonly pull: number; readonly id: string }
  | { readonly kind: 'dismissed'; readonly host: Host; readonly pull: number; readonly id: string }
  | { readonly kind: 'judged'; readonly host: Host; readonly tree: string; readonly verdict: string }
  /** A signal that the store took. */
  | {
      readonly kind: 'told';
      readonly installation: Installation;
      readonly job: string;
      readonly type: Signal['type'];
      readonly message: string | null;
    }
  /** The host answered from an old state, or wrongly. */
  | { readonly kind: 'misled'; readonly host: string; readonly method: string }
  /** A call to a host that failed, or whose answer was lost. */
  | {
      readonly kind: 'failed-call';
      readonly host: string;
      readonly method: string;
      /** Of an answer that was an error. Null: nobody answered, or too late. */
      readonly code: BatonErrorCode | null;
    }
  | { readonly kind: 'store-locked'; readonly installation: Installation; readonly ms: number }
  /** Nothing that costs anything is begun in the meantime. */
  | { readonly kind: 'paused'; readonly installation: Installation; readonly ms: number }
  /** For a while nobody may write to the issues of a host. */
  | { readonly kind: 'archived'; readonly host: string }
  /** A host's clock was set. */
  | { readonly kind: 'host-clock-set'; readonly host: string }
  /** The wall clock went on by so much while everything stood still. */
  | { readonly kind: 'slept'; readonly ms: number }
  /** A process stood still. */
  | { readonly kind: 'froze'; readonly ms: number }
  /** A process that outlived its turn wrote into a checkout. */
  | { readonly kind: 'written-late'; readonly installation: Installation; readonly job: string }
  | { readonly kind: 'store-lost'; readonly installation: Installation };

/** A fact, and when it was: by the count of calls, and by the monotonic clock. */
export type DatedFact = Fact & { readonly step: number; readonly at: number };

/** The facts of one kind. */
export type FactOf<Kind extends Fact['kind']> = Extract<DatedFact, { readonly kind: Kind }>;
