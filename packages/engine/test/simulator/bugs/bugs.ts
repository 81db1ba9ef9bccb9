import type { InvariantName } from '../invariants/all-invariants.js';

/** A bug that is put into a source file, to see that the simulator finds it. */
export interface Bug {
  readonly what: string;
  /** From the repository's root. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly was: string;
  readonly becomes: string;
  /** The promise that it breaks, by which it is found. Others may be broken before. */
  readonly breaks: InvariantName;
}

/** The source with the bug in it. Throws where it does not stand there any more exactly once. */
export function planted(source: string, { file, was, becomes }: Bug): string {
  const [before, after, ...others] = source.split(was);
  if (before === undefined || after === undefined || others.length > 0) {
    throw new Error(`${file} does not hold exactly once: ${was}`);
  }
  return `${before}${becomes}${after}`;
}

const engine = 'packages/engine/src';
const memory = 'packages/memory/src';

/** Each is found within two thousand runs. */
export const bugs = {
  'skip the fence': {
    what: 'whoever was replaced goes on writing',
    file: `${memory}/store.ts`,
    was: 'if (row?.held && row.fence === lease.fence) return row;',
    becomes: 'if (row?.held) return row;',
    breaks: 'one-worker',
  },
  "claim one's own job": {
    what: 'a worker that slept takes its own job over',
    file: `${memory}/store.ts`,
    was: '(held.by === stay || held.until > clock.now())',
    becomes: 'held.until > clock.now()',
    breaks: 'one-worker',
  },
  'wake too early': {
    what: 'a job is taken up before its instant',
    file: `${memory}/store.ts`,
    was: 'if (row.job.wakeAt > now || isHeld(row)',
    becomes: 'if (isHeld(row)',
    breaks: 'waits-explained',
  },
  'forget find': {
    what: 'what a crash left half done is done again, and not looked for',
    file: `${engine}/run/run-job.ts`,
    was: 'const found = await step.find(context, intent);',
    becomes: 'const found = intent.at < 0 ? await step.find(context, intent) : null;',
    breaks: 'choices-stand',
  },
  'reset a counter': {
    what: 'rounds begin anew with each turn',
    file: `${engine}/job/reduce.ts`,
    was: 'return startTurn(job, entry);',
    becomes: 'return { ...startTurn(job, entry), round: 0 };',
    breaks: 'counters-grow',
  },
  'count an empty round': {
    what: 'a round is counted in which nothing was changed',
    file: `${engine}/job/reduce.ts`,
    was: "const round = verdict === 'no-changes' ? before.round : before.round + 1;",
    becomes: 'const round = before.round + 1;',
    breaks: 'counters-grow',
  },
  'settle a reservation twice': {
    what: 'the next try goes on under a reservation that is settled already',
    file: `${engine}/job/reduce.ts`,
    was: 'reservations: job.data.reservations + 1,',
    becomes: 'reservations: job.data.reservations,',
    breaks: 'money-counted',
  },
  'forget a reservation': {
    what: 'what a dead worker had set aside counts for ever',
    file: `${engine}/steps/work.ts`,
    was: "if (context.job().data.reserved !== null) await context.record([{ type: 'turn-lost', data: {} }]);",
    becomes: '',
    breaks: 'money-left',
  },
  'forget what a cut turn cost': {
    what: 'a turn that its worker left is settled at nothing',
    file: `${engine}/job/reservation.ts`,
    was: '(ended?.usage ?? turnUsage).microUsd ?? 0',
    becomes: 'ended?.usage.microUsd ?? 0',
    breaks: 'money-counted',
  },
  "undo a person's choice": {
    what: 'a pull request is aimed again at what Baton had chosen',
    file: `${memory}/forge.ts`,
    was: 'pull.body = request.body;',
    becomes: 'pull.body = request.body; pull.base = request.base;',
    breaks: 'choices-stand',
  },
  'work what nobody wants': {
    what: 'a turn is begun without a look whether its issue was closed',
    file: `${engine}/steps/work.ts`,
    was: '(await keepClaim(context)) ?? (await whyUnwanted(context))',
    becomes: 'await keepClaim(context)',
    breaks: 'choices-stand',
  },
  'judge an old head': {
    what: 'red checks of the commit before count for the present one',
    file: `${memory}/forge.ts`,
    was: 'pull.checks?.commit === headCommit(pull) ? pull.checks.summary : noChecks',
    becomes: 'pull.checks?.summary ?? noChecks',
    breaks: 'checks-of-head',
  },
  'compare with our clock': {
    what: "the host's instant of a label is held against our instant of the end",
    file: `${engine}/eligibility/asked-again.ts`,
    was: 'return seen === null || at > seen.at ||',
    becomes: 'return seen === null || at > job.updatedAt ||',
    breaks: 'stays-ended',
  },
  'forget a journal entry': {
    what: 'a state is stored whose reason is not written down',
    file: `${engine}/run/run-job.ts`,
    was: 'entries: entries.map((entry) => ({',
    becomes: "entries: entries.filter(({ type }) => type !== 'pushed').map((entry) => ({",
    breaks: 'journal-explains',
  },
  'release no claim': {
    what: 'other daemons keep away from an issue that has ended',
    file: `${engine}/steps/settle.ts`,
    was: 'await releaseIssueRef(context);',
    becomes: '',
    breaks: 'claims-freed',
  },
  'overlook other daemons': {
    what: 'an issue is worked that another daemon has claimed',
    file: `${engine}/branches/issue-claim.ts`,
    was: "return claim === null ? { kind: 'ours', until } : { kind: 'theirs', claim };",
    becomes: "return { kind: 'ours', until: claim === null ? until : until - 1 };",
    breaks: 'one-turn',
  },
  'overwrite a push': {
    what: "a person's commit on the branch is taken for Baton's",
    file: `${engine}/steps/publish.ts`,
    was: 'if (head !== null && head !== data.commit && head !== data.pushed?.commit) {',
    becomes: "if (head === '') {",
    breaks: 'nothing-lost',
  },
  'publish what stands there': {
    what: 'what is committed is the checkout as it is, and not as it was judged',
    file: `${engine}/steps/publish.ts`,
    was: '      tree: judged.tree,',
    becomes: '      tree: (await workspace.snapshot({ signal: context.signal })).tree,',
    breaks: 'only-judged',
  },
  'keep nothing aside': {
    what: 'a checkout goes with what was not handed in',
    file: `${memory}/workspace.ts`,
    was: 'const kept = rescue(checkout);',
    becomes: 'const kept = null;',
    breaks: 'nothing-lost',
  },
  'overhear people': {
    what: 'signals are consumed and not heeded',
    file: `${engine}/run/run-job.ts`,
    was: 'signals.map(mapSignal),',
    becomes: '[],',
    breaks: 'answers-heard',
  },
  'take a failure for an absence': {
    what: 'an issue that could not be read is gone',
    file: `${engine}/eligibility/recheck-request.ts`,
    was: 'await project.source.get(issue.id, { signal });',
    becomes: 'await project.source.get(issue.id, { signal }).catch(() => null);',
    breaks: 'ends-explained',
  },
  'take a hiccup for a loss': {
    what: 'a locked store ends the turns of those who hold their jobs',
    file: `${engine}/store/patient-store.ts`,
    was: "return BatonError.is(error, 'UNAVAILABLE') || BatonError.is(error, 'DISK_FULL');",
    becomes: "return BatonError.is(error, 'DISK_FULL');",
    breaks: 'turns-kept',
  },
  'open a second request': {
    what: 'another try begins on another branch while a pull request stands open',
    file: `${engine}/intake/intake.ts`,
    was: 'options.fresh !== true && (await leftPullRequest(ports, ended, options));',
    becomes: 'options.fresh === null;',
    breaks: 'one-pull-request',
  },
  'comment again and again': {
    what: 'each change is told in a comment of its own',
    file: `${memory}/source.ts`,
    was: "if (!first) return { id: addComment(issue, toActor('baton'), whole) };",
    becomes: "if (ours.length < 99 || !first) return { id: addComment(issue, toActor('baton'), whole) };",
    breaks: 'one-comment',
  },
  'never look at who waits': {
    what: 'a job that waits for a person is not asked whether it is still wanted',
    file: `${engine}/decide/decide.ts`,
    was: 'if (lookAt === null || isHeldForDeaths(job))',
    becomes: 'if (lookAt === null || lookAt > 0 || isHeldForDeaths(job))',
    breaks: 'comes-to-rest',
  },
  'give each turn the whole limit': {
    what: 'a turn may spend what its job may, whatever was spent before',
    file: `${engine}/steps/work.ts`,
    was: 'job.data.reserved?.amounts[0]?.amount ?? null',
    becomes: 'job.data.limits?.microUsd ?? null',
    breaks: 'money-capped',
  },
  'allow one round more': {
    what: 'a limit is compared by the wrong sign',
    file: `${engine}/steps/verify.ts`,
    was: 'if (after.round >= limits.rounds) {',
    becomes: 'if (after.round > limits.rounds) {',
    breaks: 'within-limits',
  },
  'hear a stranger': {
    what: 'whoever may read may ask for a round',
    file: `${engine}/review/review-news.ts`,
    was: 'return isTrusted(author, await project.forge.permission(author, { signal }), trust);',
    becomes: 'return trust !== null;',
    breaks: 'strangers-unheard',
  },
} as const satisfies Readonly<Record<string, Bug>>;
