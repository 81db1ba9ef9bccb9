import { createManualClock, type ForgeRig, forgeContract } from '@baton/conformance';
import { BatonError, type Feedback, type Forge, topicOf } from '@baton/core';
import { describe, expect, it } from 'vitest';
import { createMemoryForge, createMemoryRemote, createMemorySource, type MemoryForge } from '../src/index.js';
import { failedCases } from './failed-cases.js';
import { type SummarizeChecks, summarizeChecks } from './summarize-checks.js';

function createForgeRig(
  summarize: SummarizeChecks = summarizeChecks,
  mutate: (memory: MemoryForge) => Forge = (memory) => memory,
): ForgeRig {
  const clock = createManualClock();
  const remote = createMemoryRemote({ 'README.md': 'Cart' });
  const memory = createMemoryForge({ remote, runtime: { clock } });
  return {
    createForge: () => mutate(memory),
    self: 'baton',
    defaultBranch: 'main',
    missingId: '4711',
    push: async (branch) => push(remote, branch),
    openPullRequest: async ({ by, ...request }) => String(memory.open(request, by)),
    async changePullRequest(id, { state, ...change }) {
      memory.edit(Number(id), change);
      if (state === 'merged') memory.merge(Number(id));
      if (state === 'closed') memory.closePull(Number(id));
    },
    async comment(id, author, { path, line, ...comment }) {
      clock.advance(1);
      return memory.review(Number(id), {
        author,
        ...comment,
        ...(typeof path === 'string' ? { path } : {}),
        ...(typeof line === 'number' ? { line } : {}),
      });
    },
    outdate: async (id) => memory.outdate(Number(id)),
    async editComment(id, commentId, body) {
      memory.editReview(Number(id), commentId, body);
    },
    async comments(id) {
      const pull = memory.pulls().find((each) => each.pullRequest.id === id);
      return (pull?.comments ?? []).map(({ author, body }) => ({ author: author?.login ?? '', body }));
    },
    pullRequests: async () =>
      memory.pulls().map(({ pullRequest: { id, head, draft, state }, title, body, labels }) => {
        return { id, head, title, body, draft, labels, state: state.unified };
      }),
    async allow(login, permission) {
      memory.people.set(login, permission);
    },
    async addBot(name) {
      memory.accounts.set(name, { id: `id of ${name}`, login: name, kind: 'bot' });
      return name;
    },
    async breakPermissions() {
      memory.failures.set('permission', new BatonError('UNAVAILABLE', 'The host is down.', { details: {} }));
    },
    emptyRepository: async () => remote.branches.clear(),
    footprint: async () => String(memory.changes),
    loseNextAnswer: async () => memory.loseNextAnswer(),
    setChecks: async (id, checks) => memory.setChecks(Number(id), summarize(checks)),
    async dispose() {},
  };
}

function push(remote: ReturnType<typeof createMemoryRemote>, branch: string): string {
  const parent = remote.branches.get(branch) ?? remote.branches.get(remote.defaultBranch) ?? '';
  const tree = remote.addTree(new Map([['change.txt', `after ${parent} on ${branch}`]]));
  const commit = remote.addCommit({ tree, parents: [parent], message: 'change' });
  remote.branches.set(branch, commit);
  return commit;
}

/** Summaries that each get one thing wrong, by the case that tells. */
const mutants: Readonly<Record<string, SummarizeChecks>> = {
  'checks-a-newer-green-run-of-the-name-counts': (checks) => summarizeChecks(checks, { oldest: true }),
  'checks-a-cancelled-one-is-no-failure': (checks) => summarizeChecks(checks, { red: ['failed', 'cancelled'] }),
  'checks-one-that-waits-for-a-person-is-pending': (checks) => summarizeChecks(checks, { red: ['failed', 'waiting'] }),
  'checks-a-skipped-one-is-no-failure': (checks) => summarizeChecks(checks, { red: ['failed', 'skipped'] }),
  'checks-beyond-the-first-pages-are-told': (checks) => summarizeChecks(checks.slice(0, 100)),
  'checks-all-that-was-cancelled-is-no-result': (checks) => {
    const told = summarizeChecks(checks);
    return told.state === 'none' && checks.length > 0 ? { ...told, state: 'passed' } : told;
  },
};

/** The ids of the cases on checks that a rig fails. */
const failedChecks = (createRig: () => ForgeRig): Promise<readonly string[]> =>
  failedCases(forgeContract, createRig, /^checks-/);

/** Faults of a forge that has somebody's hand wrong, each by the case that tells. */
const handMutants: readonly (readonly [fault: string, tells: string, (memory: MemoryForge) => Forge])[] = [
  [
    'tells bots as people',
    'hands-a-bot-is-told-by-the-host-and-by-no-spelling',
    (memory) => observing(memory, (each) => [{ ...each, author: each.author && { ...each.author, kind: 'person' } }]),
  ],
  [
    'tells bots by their names',
    'hands-a-bot-is-told-by-the-host-and-by-no-spelling',
    (memory) =>
      observing(memory, ({ author, ...each }) => [
        { ...each, author: author && { ...author, kind: /bot|renovate/.test(author.login) ? 'bot' : 'person' } },
      ]),
  ],
  [
    'tells the line that a comment once stood on',
    'feedback-on-a-line-that-was-changed-since-names-no-line',
    (memory) => observing(memory, (each) => [{ ...each, line: each.path === null ? null : 7 }]),
  ],
  [
    'leaves out what was said of a line that is another now',
    'feedback-on-a-line-that-was-changed-since-names-no-line',
    (memory) => observing(memory, (each) => (each.path !== null && each.line === null ? [] : [each])),
  ],
  [
    'takes whatever is marked for its own',
    'hands-a-marker-makes-nobody-elses-words-batons-own',
    (memory) => observing(memory, (each) => (topicOf(each.body) === null ? [each] : [])),
  ],
  [
    'leaves out only those of its own words that are marked',
    'hands-batons-own-words-are-no-feedback-marked-or-not',
    (memory) => ({
      ...memory,
      async observe(requests, options) {
        const said = memory.pulls()[0]?.comments.filter(({ body }) => topicOf(body) === null) ?? [];
        return (await memory.observe(requests, options)).map((each) => each && { ...each, feedback: said });
      },
    }),
  ],
];

/** A forge whose feedback is told otherwise. */
function observing(memory: MemoryForge, tell: (feedback: Feedback) => readonly Feedback[]): Forge {
  return {
    ...memory,
    async observe(requests, options) {
      const observed = await memory.observe(requests, options);
      return observed.map((each) => each && { ...each, feedback: each.feedback.flatMap(tell) });
    },
  };
}

describe('the suite of forges bites where one', () => {
  it.each(handMutants)('%s', async (_, tells, mutate) => {
    const createRig = (): ForgeRig => createForgeRig(summarizeChecks, mutate);
    expect(await failedCases(forgeContract, createRig, [tells])).toEqual([tells]);
    expect(await failedCases(forgeContract, () => createForgeRig(), [tells])).toEqual([]);
  });
});

describe('the suite bites where', () => {
  it.each(Object.entries(mutants))('%s', async (id, mutant) => {
    expect(await failedChecks(() => createForgeRig(mutant))).toContain(id);
  });

  it('checks of an earlier head are kept for the next', async () => {
    const createRig = (): ForgeRig => {
      const rig = createForgeRig();
      let last: Parameters<NonNullable<ForgeRig['setChecks']>> | null = null;
      return {
        ...rig,
        async setChecks(...given) {
          last = given;
          await rig.setChecks?.(...given);
        },
        async push(branch) {
          const commit = await rig.push(branch);
          if (last) await rig.setChecks?.(...last);
          return commit;
        },
      };
    };
    expect(await failedChecks(createRig)).toEqual(['checks-of-an-earlier-head-say-nothing-of-a-new-one']);
  });
});

describe('the memory forge', () => {
  forgeContract(it, async () => createForgeRig());

  it('moves the base to the head’s tree on a merge, and closes the issues that the body closes', async () => {
    const runtime = { clock: createManualClock() };
    const remote = createMemoryRemote({ 'README.md': 'Cart' });
    const source = createMemorySource({ runtime });
    const forge = createMemoryForge({ remote, runtime, source });
    const [closed, left] = [source.seed({}), source.seed({})];
    const head = push(remote, 'baton/mem-1');
    const number = forge.open({ head: 'baton/mem-1', body: `Closes ${closed.key}\n\nSee ${left.key}.` });

    forge.merge(number);

    const main = remote.branches.get('main') ?? '';
    expect(remote.commits.get(main)?.tree).toBe(remote.commits.get(head)?.tree);
    expect((await source.get(closed.id))?.state.unified).toBe('closed');
    expect((await source.get(left.id))?.state.unified).toBe('open');
    push(remote, 'baton/mem-1');
    const [observation] = await forge.observe([{ id: String(number), cursor: null }]);
    expect(observation?.pullRequest).toMatchObject({ headCommit: head, state: { unified: 'merged' } });
  });

  it('has nothing to open where a branch is missing', async () => {
    const forge = createMemoryForge({ remote: createMemoryRemote({}), runtime: { clock: createManualClock() } });
    const request = { head: 'gone', base: 'main', title: 'x', body: '', draft: true, labels: [] };
    await expect(forge.ensurePullRequest(request)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(forge.pulls()).toEqual([]);
    expect(forge.calls).toEqual(new Map([['ensurePullRequest', 1]]));
  });
});
