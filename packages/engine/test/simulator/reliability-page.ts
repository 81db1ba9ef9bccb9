import { readFileSync } from 'node:fs';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { type InvariantName, invariants } from './invariants/all-invariants.js';

/** What holds a promise. */
interface Holding {
  /** What the simulator looks for. */
  readonly invariants: readonly InvariantName[];
  /** Failures that others met, whose tests hold it too: sections of `docs/failures.md`. */
  readonly failures: readonly string[];
  /** What the simulator can't show, and what does. Absent: nothing. */
  readonly beside?: string;
}

/** By the number of the promise in the README; the last one is of what nobody should have to promise. */
export const holdings: Readonly<Record<string, Holding>> = {
  1: {
    invariants: ['one-pull-request', 'one-worker', 'one-poller', 'one-turn', 'claims-freed', 'one-comment'],
    failures: ['G1', 'G5', 'G14', 'G15', 'G17', 'G21', 'G25', 'G32', 'G34'],
  },
  2: {
    invariants: ['nothing-lost', 'turns-kept'],
    failures: ['G12', 'G13', 'G17', 'G31'],
    beside: 'Names, line ends and sizes of files, which real git alone has: the tests of `packages/git-worktree`.',
  },
  3: {
    invariants: ['only-judged', 'checks-of-head'],
    failures: ['G24', 'G27', 'G28', 'G33'],
    beside: 'That an agent has no token is shown by agents that look for one: [security.md](security.md).',
  },
  4: { invariants: ['strangers-unheard', 'rounds-asked'], failures: ['G22'] },
  5: {
    invariants: ['money-counted', 'money-capped', 'money-left', 'time-counted', 'counters-grow', 'within-limits'],
    failures: ['G2', 'G8', 'G10', 'G23'],
    beside: 'What a provider charges and how it is heard of: the tests of `packages/model-proxy`.',
  },
  6: {
    invariants: [],
    failures: ['G11'],
    beside:
      'The simulator starts no process; real ones are tried in `packages/sandbox` and in [security.md](security.md).',
  },
  7: { invariants: [], failures: [], beside: 'Sandboxes are measured by probes, tried in `packages/sandbox`.' },
  8: { invariants: ['stays-ended', 'choices-stand'], failures: ['G16'] },
  'Nothing is stuck or deaf, and everything is explained.': {
    invariants: ['comes-to-rest', 'waits-explained', 'ends-explained', 'answers-heard', 'journal-explains'],
    failures: ['G3', 'G4', 'G6', 'G7', 'G9', 'G18', 'G19', 'G20', 'G26', 'G29', 'G30', 'G35'],
  },
};

/** The promises of the README, by number. */
export function readPromises(): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = readme.split('## What it promises\n');
  const [list = ''] = section.split('\n## ');
  return new Map([...list.matchAll(/^(\d+)\. (.+)$/gm)].map(([, number = '', words = '']) => [number, words]));
}

/** `docs/reliability.md`, from the table above, the invariants and the planted bugs. */
export function renderReliabilityPage(): string {
  const promises = readPromises();
  const sections = Object.entries(holdings).map(([name, holding]) => {
    const words = promises.get(name);
    return [words === undefined ? `## ${name}` : `## ${name}. ${words}`, '', ...renderHolding(holding)].join('\n');
  });
  const head = `# Promises, and what holds them

Beside ordinary tests a simulator runs the engine in a world in which everything goes wrong: several daemons on one or two stores, people who do anything at any instant, hosts that answer late, twice, oddly, from an old state or not at all, agents whose turns cost, clocks that jump, processes that are killed, frozen or slept through. After each step, and once everything has come to rest, it holds what happened against what is listed here. The names are those of the files below \`packages/engine/test/simulator/invariants\`.

\`\`\`sh
npm run simulate -- --runs 10000   # many seeds, on all cores
npm run simulate -- --seed 7       # one, told; a failure is shrunk to what it takes
\`\`\`

Below each stand the bugs that are put into the sources to see that this very promise shows them, each within two thousand runs. This page is made by \`vitest run packages/engine/test/simulator/reliability-page.test.ts -u\`, and checked by the same.`;
  return `${[head, ...sections].join('\n\n')}\n`;
}

function renderHolding({ invariants: names, failures, beside }: Holding): readonly string[] {
  const lines = names.flatMap((name) => [
    `- **[${name}](../packages/engine/test/simulator/invariants/${name}.ts)**: ${invariants[name].promise}`,
    ...bugsOf(name).map(([bug, { what }]) => `  - “${bug}”: ${what}`),
  ]);
  const anchors = readAnchors();
  const links = failures.map((id) => `[${id}](failures.md#${anchors.get(id) ?? ''})`);
  return [
    ...lines,
    ...(lines.length > 0 && (links.length > 0 || beside !== undefined) ? [''] : []),
    ...(links.length > 0 ? [`Held by ordinary tests, too: ${links.join(', ')} of [failures.md](failures.md).`] : []),
    ...(links.length > 0 && beside !== undefined ? [''] : []),
    ...(beside === undefined ? [] : [beside]),
  ];
}

/** Of the sections of `docs/failures.md`, as hosts make them of headings. */
function readAnchors(): ReadonlyMap<string, string> {
  const page = readFileSync(new URL('../../../../docs/failures.md', import.meta.url), 'utf8');
  return new Map(
    [...page.matchAll(/^## ((G\d+):.*)$/gm)].map(([, heading = '', id = '']) => [
      id,
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-'),
    ]),
  );
}

function bugsOf(name: InvariantName): readonly (readonly [string, Bug])[] {
  return Object.entries<Bug>(bugs).filter(([, { breaks }]) => breaks === name);
}
