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
  'remember what was asked at the beginning': {
    what: 'what people had asked for when a job ended is taken from its beginning',
    file: `${engine}/last-seen.ts`,
    was: 'triggerOf(brief ?? job.data.brief), editedAt: lastEditAt(brief)',
    becomes: 'triggerOf(job.data.brief), editedAt: lastEditAt(job.data.brief)',
    breaks: 'stays-ended',
  },
  'store usage with checkpoints alone': {
    what: 'what a turn told of its cost since its last checkpoint goes with its worker',
    file: `${engine}/run-turn.ts`,
    was: 'if (!isSameUsage(usage, turnUsage) || elapsedMs - countedMs >= countedEveryMs) {',
    becomes: 'if (elapsedMs - countedMs >= countedEveryMs) {',
    breaks: 'money-counted',
  },
  'keep what a cancelled turn had set aside': {
    what: 'a reservation is closed by the end of its turn, and not by the end of its job',
    file: `${engine}/reservation.ts`,
    was: 'if (reserved === null || after',
    becomes: 'if (reserved === null || after.data.ending !== null || after',
    breaks: 'money-counted',
  },
  'set aside more than is left': {
    what: "a turn is to have its job's whole limit, also where the day has less",
    file: `${engine}/spend.ts`,
    was: 'const amount = least(wanted, left.day);',
    becomes: 'const amount = wanted;',
    breaks: 'money-left',
  },
  'count before others begin': {
    what: 'pull requests are counted where a job is looked at, and not where it takes its place',
    file: `${engine}/steps/claim.ts`,
    was: 'if (await takePlace(store, project, context.job().id, { signal })) return null;',
    becomes: 'if (project) return null;',
    breaks: 'within-limits',
  },
  'begin beside the turn of before': {
    what: 'a job that was lost and won back is begun while its old turn is at work',
    file: `${engine}/dispatcher.ts`,
    was: 'const before = running.get(id) ?? Promise.resolve();',
    becomes: 'const before = Promise.resolve();',
    breaks: 'one-turn',
  },
  'know an issue by the name of its project': {
    what: 'a project that is renamed begins its issues anew',
    file: `${engine}/intake.ts`,
    was: 'placeOf(project)} > ',
    becomes: 'project.name} > ',
    breaks: 'one-worker',
  },
  'lose who was renamed': {
    what: 'jobs are looked for by the name of their project alone',
    file: `${engine}/stray-jobs.ts`,
    was: '?? (same.length === 1 ? (same[0] ?? null) : null)',
    becomes: '?? null',
    breaks: 'comes-to-rest',
  },
  'overlook a label that was taken off': {
    what: 'what is held back or not handed over any more is worked on',
    file: `${engine}/still-wanted.ts`,
    was: "return unlabelled === null ? null : end('cancelled', unlabelled);",
    becomes: 'return null;',
    breaks: 'choices-stand',
  },
  'leave unnamed what was opened': {
    what: 'a job that ends while its pull request is being opened does not look whether it was',
    file: `${engine}/steps/settle.ts`,
    was: 'await lookAtRequest(context);',
    becomes: '',
    breaks: 'ends-explained',
  },
  'hold on to the old name of a branch': {
    what: 'a default branch that was renamed is looked for under the name that it had at first',
    file: `${engine}/steps/publish.ts`,
    was: "if (!BatonError.is(error, 'NOT_FOUND')) throw error;\n    const renamed",
    becomes: 'if (error !== null) throw error;\n    const renamed',
    breaks: 'ends-explained',
  },
  'close with a question': {
    what: 'a no to what a later round asks ends the job, and leaves its pull request unwatched',
    file: `${engine}/transitions.ts`,
    was: "if (publishedTree !== null && pullRequest?.state === 'open' &&",
    becomes: "if (publishedTree === '' && pullRequest?.state === 'open' &&",
    breaks: 'ends-explained',
  },
  'spend tries on outages': {
    what: 'an outage of the host uses up the tries of another failure',
    file: `${engine}/after-failure.ts`,
    was: "return wait('unavailable', later, false);",
    becomes: "return wait('unavailable', later, true);",
    breaks: 'ends-explained',
  },
  'give up on one odd answer': {
    what: 'what was paid for ends with one answer of the host that made no sense',
    file: `${engine}/after-failure.ts`,
    was: "const retried = isPaid || step === 'settle' || step === 'publish' ||",
    becomes: "const retried = step === 'settle' ||",
    breaks: 'ends-explained',
  },
  'answer without the question': {
    what: 'an agent that is begun anew is told an answer, and not what was asked',
    file: `${engine}/heed.ts`,
    was: 'waitsForPerson ? inAnswerTo(job, message) : message',
    becomes: 'message',
    breaks: 'answers-heard',
  },
  "watch one's own": {
    what: "after a loss of the store the pull request that Baton made is taken for somebody else's",
    file: `${engine}/own-branch.ts`,
    was: 'if (!history || head?.id !== pullRequest.headCommit) return',
    becomes: "if (!history || head?.id !== '') return",
    breaks: 'answers-heard',
  },
  'forget what was pushed last': {
    what: "Baton's own commit is taken for somebody's where the text of its pull request could not be brought up to date",
    file: `${engine}/transitions.ts`,
    was: 'feedback: null, ...standing };',
    becomes: 'feedback: null };',
    breaks: 'answers-heard',
  },
  'take the button for a person': {
    what: "a branch that the host brought up to date counts as somebody's work",
    file: `${engine}/updated-branch.ts`,
    was: 'if (!isOwn) return null;',
    becomes: 'if (isOwn) return null;',
    breaks: 'answers-heard',
  },
  'be deaf in a pause': {
    what: 'what people say while nothing is begun is heard once the pause is over',
    file: `${engine}/dispatcher.ts`,
    was: 'isPaused ? await claimTended()',
    becomes: 'isPaused ? null',
    breaks: 'answers-heard',
  },
  'pay again for what failed': {
    what: 'an issue that failed is begun again once its store is lost',
    file: `${engine}/earlier-life.ts`,
    was: 'if (reason === null || !(await isFirst',
    becomes: "if (reason !== '' || !(await isFirst",
    breaks: 'stays-ended',
  },
  'let a claim go too soon': {
    what: 'another daemon takes an issue over before it can see how it ended',
    file: `${engine}/steps/claim.ts`,
    was: '?? (await endedMeanwhile(context))',
    becomes: '',
    breaks: 'stays-ended',
  },
  'overlook the label that is set again': {
    what: 'an issue that ended and is handed over once more is met with silence',
    file: `${engine}/last-seen.ts`,
    was: 'const wasAsked = isHandedOverAgain(job, brief, trust) ||',
    becomes: 'const wasAsked =',
    breaks: 'comes-to-rest',
  },
  'end for ever': {
    what: 'an end that the tracker lets nobody tell of is tried again and again',
    file: `${engine}/after-failure.ts`,
    was: "if (needsOperator(error) && !(step === 'settle' && code === 'PERMISSION_DENIED'))",
    becomes: 'if (needsOperator(error))',
    breaks: 'comes-to-rest',
  },
  'stand still before a locked conversation': {
    what: 'an issue on which nobody may comment is never worked',
    file: `${engine}/show-status.ts`,
    was: "if (!BatonError.is(error, 'PERMISSION_DENIED')) throw error;",
    becomes: 'if (error !== null) throw error;',
    breaks: 'comes-to-rest',
  },
  'thank for thanks': {
    what: 'a round is begun for an approval',
    file: `${engine}/asks-for-work.ts`,
    was: "if (verdict === 'approve') return false;",
    becomes: "if (verdict === 'approve') return true;",
    breaks: 'rounds-asked',
  },
  'meet a taken branch at the end': {
    what: 'a branch that somebody else has pushed is found out once a turn was paid for',
    file: `${engine}/free-branch.ts`,
    was: 'if (!names.has(branch)) return count;',
    becomes: 'return count;',
    breaks: 'ends-explained',
  },
  'count an outage as work': {
    what: 'the time in which a host is waited for is taken from that of the job',
    file: `${engine}/worked-time.ts`,
    was: 'worked.has(entry.data.step) ? upTo(entry.data.durationMs) : workedMs',
    becomes: 'upTo(entry.data.durationMs)',
    breaks: 'time-counted',
  },
  'count no time of a cut turn': {
    what: 'turns that a restart cuts count no time, and a job may go on for ever',
    file: `${engine}/worked-time.ts`,
    was: 'return { workedMs: upTo(elapsedMs), countedMs: Math.max(countedMs, elapsedMs) };',
    becomes: 'return { workedMs, countedMs };',
    breaks: 'time-counted',
  },
  'publish what is to be kept': {
    what: 'what was begun not to be published is, by whoever goes on with it',
    file: `${engine}/not-published.ts`,
    was: "if (!data.publish) return 'It is not published, as was asked.';",
    becomes: '',
    breaks: 'choices-stand',
  },
  'push against a rule': {
    what: 'a push that a rule of the host turns away is taken for an outage, and tried again and again',
    file: `${engine}/steps/publish.ts`,
    was: "if (!BatonError.is(error, 'PERMISSION_DENIED') || error.details.declined === undefined) throw error;",
    becomes: 'if (error !== null) throw error;',
    breaks: 'waits-explained',
  },
  'need the copy that was cleared': {
    what: 'a repository whose copy has gone is not brought in again for a later round',
    file: `${engine}/workspaces.ts`,
    was: "if (!BatonError.is(error, 'NOT_FOUND')) throw error;",
    becomes: 'if (error !== null) throw error;',
    breaks: 'ends-explained',
  },
  'have no eye for conflicts': {
    what: 'people are not told of a conflict with the base, or told for ever',
    file: `${engine}/review-news.ts`,
    was: "return mergeable !== 'unknown' && (mergeable === 'conflict') !== data.conflicted;",
    becomes: "return mergeable === 'yes' && data.conflicted;",
    breaks: 'answers-heard',
  },
} as const satisfies Readonly<Record<string, Bug>>;
