import type { DefenceId } from './defences/all-defences.js';

/** What a row's texts and scripts may name: where its run takes place. */
export interface Place {
  /** Everything of the run lies below: the daemon's home, state and temporary files, the remote, the tracker. */
  readonly path: string;
  /** Below it lie files that are nobody's business, and the socket `agent.sock`. Nothing may change in it. */
  readonly outside: string;
  /** The daemon's own. */
  readonly home: string;
  readonly state: string;
  /** Port of a server of the attacker's on 127.0.0.1, which notes whatever it gets. */
  readonly port: number;
  /** Every canary begins with it. */
  readonly mark: string;
  /** A secret that the daemon holds. A row that names it stands for an agent that got hold of it somehow. */
  readonly token: string;
}

/** How the hostile job may end. */
export type Ending =
  | 'published'
  | 'held'
  | 'refused'
  | 'checks-failed'
  | 'secret-found'
  | 'untrusted'
  | 'no-changes'
  | 'agent-failed'
  | 'limit-reached'
  | 'stalled';

/** What a run is held against. Each can break by itself. */
export const promises = [
  'daemon',
  'ending',
  'reason',
  'branch',
  'pull-request',
  'prompt',
  'printed',
  'canary',
  'outside',
  'reached',
  'private',
  'processes',
  'next-job',
] as const;

/** One of them. */
export type Promised = (typeof promises)[number];

/** What must hold of one row, beside what must hold of all. */
export interface Expectation {
  readonly ending: Ending;
  /** What the reason of a job that was not published has to say. */
  readonly reason?: RegExp;
  /** Files of the published branch by name, and what each must be; null: not there. */
  readonly branch?: Readonly<Record<string, RegExp | null>>;
  /** What the pull request, title and all, or its commit must not hold. */
  readonly pullRequestLacks?: RegExp;
  /** What the agent's prompt must not hold. */
  readonly promptLacks?: RegExp;
  /** What the daemon must not print. */
  readonly printedLacks?: RegExp;
  /** What may reach the attacker's server all the same; nothing where it is absent. */
  readonly mayReach?: RegExp;
}

/** One attack. */
export interface Row {
  /** Unlike every other's; letters, digits and dashes. */
  readonly id: string;
  /** In words. */
  readonly attack: string;
  /** Where it was seen, or why it is tried. */
  readonly why: string;
  /** The first thing in its way. */
  readonly defence: DefenceId;
  /** In a word or two, what becomes of it: contained, refused, held, red, published clean. */
  readonly outcome: 'contained' | 'refused' | 'held' | 'red' | 'published clean';
  readonly expect: Expectation;
  /** Bash, run in the checkout with the prompt in `$prompt` after the honest answer was written. What it finds goes to `found`. */
  readonly script?: (place: Place) => string;
  /** The issue's text, in place of a dull one. */
  readonly issue?: (place: Place) => { readonly title?: string; readonly body?: string; readonly author?: string };
  /** A comment that stands on the issue. */
  readonly comment?: { readonly author: string; readonly body: string };
  /** Files of the base, beside `answer.txt`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Symlinks of the base, and where each leads. */
  readonly links?: Readonly<Record<string, string>>;
  /** Keys of the project in the configuration. */
  readonly project?: (place: Place) => Readonly<Record<string, unknown>>;
  /** What the agent of another job does, which is worked before. */
  readonly earlier?: string;
  /** Only for root of this machine there is something to hold back. */
  readonly needsRoot?: true;
  /** The state is on a disk of its own, of so many bytes. Only where one can be mounted. */
  readonly diskBytes?: number;
  /** Keys of the configuration beside the project's. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Why it is not run without a sandbox. */
  readonly hurtsUnconfined?: string;
  /** Added to what the honest job's agent runs, for attacks on the next job. */
  readonly nextScript?: string;
  /** How the honest job ends, where the project's rules hold that one too. Default: published. */
  readonly nextEnding?: Ending;
  /** Run by the remote after each push: what a host's CI would do. */
  readonly hostCi?: (place: Place) => string;
  /** It succeeds today: what breaks, and why it is not mended. The row fails once it holds. */
  readonly gap?: { readonly breaks: readonly Promised[]; readonly why: string };
  /** What breaks of it without a sandbox. Absent: nothing does, so that something else holds it. */
  readonly unconfined?: readonly Promised[];
}
