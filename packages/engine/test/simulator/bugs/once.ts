import { type Bug, engine, memory } from './bug.js';

/** Bugs by which work is done twice, lost, or not what was judged. */
export const once = {
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
  'judge an old head': {
    what: 'red checks of the commit before count for the present one',
    file: `${memory}/forge.ts`,
    was: 'pull.checks?.commit === headCommit(pull) ? pull.checks.summary : noChecks',
    becomes: 'pull.checks?.summary ?? noChecks',
    breaks: 'checks-of-head',
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
  'know an issue by the name of its project': {
    what: 'a project that is renamed begins its issues anew',
    file: `${engine}/intake/intake.ts`,
    was: 'placeOf(project)} > ',
    becomes: 'project.name} > ',
    breaks: 'one-worker',
  },
} as const satisfies Readonly<Record<string, Bug>>;
