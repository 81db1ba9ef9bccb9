import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What goes wrong in daemons of this kind, and what holds here. Tests bear the name in their titles. */
export const failures = {
  G1: [
    'a claim leaks, and the issue is never worked again',
    'every way out frees the claim, and a sweep frees those whose job is gone',
  ],
  G2: [
    'the agent goes on after the pull request is open',
    'only what people or the host’s checks ask for begins a round',
  ],
  G3: [
    'what is asked later is refused, because the issue is in its hand-off state',
    'feedback is taken while a pull request is reviewed',
  ],
  G4: ['red checks and reviews overwrite one another', 'both come into one round'],
  G5: ['a worker that was slow is replaced, and both write', 'the late one is fenced out'],
  G6: [
    'the tracker is down, and turns are paid or work is dropped',
    'no turn without a fresh look, the work is kept, and it goes on by itself',
  ],
  G7: ['one odd issue ends the whole poll', 'the others are worked'],
  G8: ['counts begin anew with each rework', 'they belong to the job, and only grow'],
  G9: ['an instant to come back at is stored and ignored', 'nothing is done before it'],
  G10: ['a session that goes on charges its old tokens again', 'each is charged once'],
  G11: ['grandchildren outlive the kill, go on writing and hold locks', 'none is alive after the end'],
  G12: [
    'a clean-up takes unsaved work, or somebody else’s checkout',
    'it is kept under a ref first, and what isn’t Baton’s is left alone',
  ],
  G13: ['a checkout that was taken away sends the agent elsewhere', 'it is made anew where it belongs'],
  G14: ['work is pushed, and the pull request never opened', 'the next start opens exactly one'],
  G15: ['the agent opens a pull request, and the daemon a second', 'the first is adopted'],
  G16: ['what was merged is worked again', 'a merge ends the issue and its job for good'],
  G17: ['kills at odd moments leave doubles or lose commits', 'one pull request and no lost commit from any of them'],
  G18: ['an empty answer is read as “no issues”', 'the last list stands'],
  G19: ['a broken state file is read as “nothing to do”', 'nothing is dispatched, loudly, and the file is kept'],
  G20: ['paging stops early, and healthy jobs are ended', 'all pages are seen, and a partial list ends nothing'],
  G21: ['two daemons work one issue', 'one does'],
  G22: ['a stranger’s comment reaches the prompt', 'it doesn’t, nor anything said after the trigger'],
  G23: [
    'a usage limit becomes a failed attempt',
    'the job waits for its end with its attempts untouched, and another agent may take over',
  ],
  G24: ['an empty change becomes a pull request', 'none is opened'],
  G25: ['the same comment comes again and again', 'there is one, edited in place'],
  G26: ['polls pile up behind a slow one', 'never two of a project at once'],
  G27: ['tests that were red before are held against the agent', 'they are named as such, and only new failures count'],
  G28: ['a token shows in the environment, arguments, a log or a text', 'it is nowhere, by search'],
  G29: ['a reload changes the agent of a running job', 'a job keeps what it was claimed for'],
  G30: ['a clock that jumps stalls jobs or wakes them', 'leases and waits are judged safely'],
  G31: ['a push overwrites what a person pushed', 'it never does'],
  G32: ['an answer is lost after the pull request was opened', 'it is found, and there is still one'],
  G33: ['an agent exits with 0 and has failed', 'it is judged by what it left and by its error, not by its words'],
  G34: ['the host doesn’t know the branch that was just pushed', 'it is asked again'],
  G35: ['the disk is full in the middle', 'nothing is lost or half-written, and it goes on once there is room'],
} as const satisfies Readonly<Record<string, readonly [met: string, holds: string]>>;

type Failure = keyof typeof failures;

/** Cases of the contract suites that hold one. Adapter authors quote their ids, so these bear no name of this page. */
export const contractCases: Readonly<Record<string, readonly Failure[]>> = {
  'nothing-is-claimed-before-its-instant': ['G9'],
  'a-clock-put-back-makes-due-jobs-wait-again': ['G30'],
  'the-late-worker-is-fenced-out-and-changes-nothing': ['G5'],
  'a-long-list-has-no-end-before-its-end': ['G20'],
  'round-and-attempt-are-what-was-recorded-and-nothing-else': ['G8'],
  'one-that-was-${state}-is-found-and-stays-so': ['G16'],
  'a-brief-holds-the-text-as-it-stood-at-the-trigger': ['G22'],
  'a-failure-is-a-turn-end-and-not-an-exception': ['G33'],
  'a-lost-answer-is-looked-up-not-repeated': ['G32'],
  'a-passed-deadline-is-limit-reached-and-leaves-no-process': ['G11'],
  'a-quiet-poll-brings-nothing-and-forgets-nothing': ['G18'],
  'all-of-120-comments-are-seen': ['G20'],
  'all-of-250-issues-are-seen': ['G20'],
  'an-aborted-turn-rejects-with-the-reason-and-leaves-no-process': ['G11'],
  'an-unreadable-issue-hides-no-other': ['G7'],
  'another-process-goes-on-from-a-checkpoint-and-charges-nothing-twice': ['G10'],
  'checks-beyond-the-first-pages-are-told': ['G20'],
  'closing-ends-a-turn-under-way-and-may-be-done-twice': ['G11'],
  'duplicates-collapse-into-the-oldest': ['G25'],
  'ending-the-iteration-early-leaves-no-process': ['G11'],
  'one-comment-for-each-topic-edited-in-place': ['G25'],
  'one-that-somebody-else-opened-is-taken-over': ['G15'],
  'the-same-again-writes-nothing': ['G14', 'G17'],
};

/** A test that bears a failure's name. */
interface NamedTest {
  readonly file: string;
  readonly title: string;
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((file) => !/\/(?:node_modules|dist)\//.test(file) && /(?:\.test|-cases|-contract)\.ts$/.test(file))
    .toSorted();
}

/** Titles as they stand in the source: in quotes of any kind, with the name of a failure among their words. */
const titled = /(['"`])((?:(?!\1)[^\\]|\\.)*?\bG\d{1,2}\b(?:(?!\1)[^\\]|\\.)*?)\1/g;

/** The failures that a line of a test's file holds, with the title that says so. */
function titlesIn(line: string): readonly (readonly [id: string, title: string])[] {
  if (/^\s*(?:\/\/|\*|\/\*)/.test(line)) return [];
  const [, contractCase = ''] = /^\s*id: ['`]([^'`]*)['`],$/.exec(line) ?? [];
  const held = (contractCases[contractCase] ?? []).map((id) => [id, contractCase] as const);
  const named = [...line.matchAll(titled)].flatMap(([, , title = '']) =>
    [...title.matchAll(/\bG\d{1,2}\b/g)].map(([id]) => [id, title] as const),
  );
  return [...held, ...named];
}

/** The tests of the repository by the failure that they hold. */
export function collectTests(): ReadonlyMap<string, readonly NamedTest[]> {
  const found = new Map<string, NamedTest[]>();
  for (const file of [...filesBelow('packages'), ...filesBelow('apps')]) {
    for (const line of readFileSync(join(root, file), 'utf8').split('\n')) {
      for (const [id, title] of titlesIn(line)) found.set(id, [...(found.get(id) ?? []), { file, title }]);
    }
  }
  return found;
}

const mostShown = 6;

function plain(title: string): string {
  const words = title.replace(/\s*[([][^()[\]]*\bG\d{1,2}\b[^()[\]]*[)\]]/g, '').replace(/-?\bG\d{1,2}\b[-: ]?/g, '');
  return words.replaceAll('`', '').replaceAll('|', '\\|').replaceAll('\\\\', '\\').trim();
}

/** `docs/failures.md`, from the table above and the titles of tests. */
export function renderFailuresPage(tests: ReadonlyMap<string, readonly NamedTest[]> = collectTests()): string {
  const sections = Object.entries(failures).map(([id, [met, holds]]) => {
    const named = tests.get(id) ?? [];
    const lines = named.slice(0, mostShown).map(({ file, title }) => `- [\`${file}\`](../${file}): ${plain(title)}`);
    const more = named.length > mostShown ? [`- and ${named.length - mostShown} more`] : [];
    return [`## ${id}: ${met}`, '', `Here: ${holds}.`, '', ...lines, ...more].join('\n');
  });
  const head = `# Failures of daemons like this one, and the tests that hold here

Each of these happened to users of other daemons that hand issues to agents. Its name stands in the titles of the tests that hold it, but for the cases of the contract suites; this page is made of them by \`vitest run tools/test/failures-page.test.ts -u\`, and checked by the same.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}
