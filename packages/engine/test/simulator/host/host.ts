import type { Clock, Gate, Instant, Issue } from '@baton/core';
import {
  createMemoryForge,
  createMemoryGate,
  createMemoryRemote,
  createMemorySource,
  type MemoryForge,
  type MemoryRemote,
  type MemorySource,
} from '@baton/memory';
import type { Temper } from '../agents/temper.js';

/** A repository, its issues and its pull requests on a host with a clock of its own, and what people see of them. */
export interface Host {
  readonly name: string;
  readonly remote: MemoryRemote;
  readonly source: MemorySource;
  readonly forge: MemoryForge;
  /** The checks that Baton runs: what `app.txt` says decides. */
  readonly gate: Gate;
  /** How much the host's clock is ahead of ours. */
  skewMs: number;
  /** Until when, by the monotonic clock, nothing of it is reached. */
  awayUntil: Instant;
  /** How the next pull request is merged as it is opened, as bots do. Null: it isn't. */
  mergesNext: MergeManner | null;
  /** Every issue that there ever was. */
  readonly issues: Issue[];
  /** How agents behave, by the key of the issue that they work on. */
  readonly tempers: Map<string, Temper>;
}

/** Whether a merge closes the issue; where it doesn't, the branch is deleted instead, as many repositories have it. */
export type MergeManner = 'and closes the issue' | 'and deletes the branch';

/** What Baton's own checks are told, beside the tree. */
export interface HostOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Told of each verdict. */
  readonly onJudged: (tree: string, verdict: 'pass' | 'rework' | 'hold') => void;
}

/** A host with one issue in it, which is handed over. */
export function createHost({ name, clock, onJudged }: HostOptions): Host {
  const remote = createMemoryRemote({ 'app.txt': 'broken\n', 'README.md': 'An app.\n' }, name);
  // The host's clock is its own: it goes as ours does, and says something else.
  const runtime = { clock: { ...clock, now: () => clock.now() + host.skewMs } };
  const source = createMemorySource({ runtime, tracker: name });
  const gate = createMemoryGate({
    judge: async (read, { tree }) => {
      const text = (await read('app.txt')) ?? '';
      if (text.includes('red')) {
        onJudged(tree, 'rework');
        return { verdict: 'rework', feedback: `app.txt says ${text}`, checks: [] };
      }
      const verdict = text.includes('risky') ? 'hold' : 'pass';
      onJudged(tree, verdict);
      return verdict === 'hold' ? { verdict, reason: 'app.txt is risky.', checks: [] } : { verdict, checks: [] };
    },
  });
  const host: Host = {
    name,
    remote,
    source,
    forge: createMemoryForge({ remote, runtime, source, repository: name }),
    gate,
    skewMs: 0,
    awayUntil: 0,
    mergesNext: null,
    issues: [],
    tempers: new Map(),
  };
  source.people.set('bob', 'write');
  source.people.set('carol', 'admin');
  source.people.set('stranger', 'read');
  return host;
}
