import type { FaultMatch, HttpFault, LoggedRequest } from '@baton/fake-hosts';
import { expect } from 'vitest';
import type { ForgeKind } from './forge-host.js';
import { type ForgeScene, makeForgeScene } from './forge-scene.js';
import { askForChanges, expectMerged, expectRequest, expectReworked } from './forge-way.js';

/** The three parts of the way, each begun by something that people do at the host. */
export const stages = ['hand in', 'rework', 'end'] as const;

export type Stage = (typeof stages)[number];

/** What a stage asks of the host, each route once. */
export type Routes = Readonly<Record<Stage, readonly FaultMatch[]>>;

/** What people do before a stage. */
export async function beginStage(stage: Stage, scene: ForgeScene): Promise<void> {
  if (stage === 'rework') await askForChanges(scene);
  if (stage === 'end') await scene.host.merge('bob');
}

/** Whether the job has come to the end of a stage. */
export async function hasArrived(stage: Stage, scene: ForgeScene): Promise<boolean> {
  const job = await scene.stored();
  if (stage === 'end') return job?.phase === 'done';
  return job?.phase === 'reviewing' && (stage === 'hand in' || job.round > 1);
}

/** What must be so at the end of a stage; the commit on the branch. `before` is the one that was there. */
export async function expectArrived(stage: Stage, scene: ForgeScene, before: string): Promise<string> {
  if (stage === 'end') {
    await expectMerged(scene);
    return before;
  }
  const head = await expectRequest(scene, stage === 'rework' ? 'right indeed' : 'right');
  if (stage === 'rework') await expectReworked(scene, before, head);
  return head;
}

function matchOf({ method, path, operation }: LoggedRequest): FaultMatch {
  const [plain = ''] = path.split('?');
  const pattern = plain
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\/labels\/[^/]+$/, '/labels/[^/]+')
    .replace(/\/\d+(?=\/|$)/g, '/\\d+');
  return { method, path: new RegExp(`^${pattern}(?:\\?|$)`), ...(operation === null ? {} : { operation }) };
}

/** A name of a route, for people and for telling routes apart. */
export function nameOf({ method, path, operation }: FaultMatch): string {
  return operation === undefined ? `${method} ${path}` : `${method} ${operation}`;
}

/** Whether requests of a route change something at the host. */
export function isWrite({ method, operation }: FaultMatch): boolean {
  return method !== 'GET' && operation === undefined;
}

/** Goes the whole way without a fault, and tells which routes each stage takes: the table is never behind the code. */
export async function learnRoutes(kind: ForgeKind): Promise<Routes> {
  await using scene = await makeForgeScene(kind);
  const learned: Partial<Record<Stage, readonly FaultMatch[]>> = {};
  let head = '';
  for (const stage of stages) {
    await beginStage(stage, scene);
    const begun = scene.host.server.requests.length;
    await scene.once();
    head = await expectArrived(stage, scene, head);
    // A log is for people: where it can't be had, the round begins without it.
    const asked = scene.host.server.requests.slice(begun).filter(({ path }) => !/\/(?:logs|trace)\b/.test(path));
    const routes = asked.map(matchOf);
    learned[stage] = [...new Map(routes.map((each) => [nameOf(each), each])).values()];
  }
  const { 'hand in': first = [], rework = [], end = [] } = learned;
  for (const each of [first, rework, end]) expect(each.filter(isWrite).length).toBeGreaterThanOrEqual(2);
  return { 'hand in': first, rework, end };
}

/** What can go wrong with a request and leaves the job's fate open, in the words of a test's name. */
export const passingFaults: Readonly<Record<string, (kind: ForgeKind) => HttpFault>> = {
  '503, nothing done': () => ({ kind: 'answer', status: 503, body: { message: 'Unavailable' } }),
  '502 after the effect (G32)': () => ({ kind: 'answer-after', status: 502, body: { message: 'Bad gateway' } }),
  'a connection reset before the effect': () => ({ kind: 'reset' }),
  'a connection reset after the effect': () => ({ kind: 'lose-answer' }),
  'JSON that ends in its middle': () => ({ kind: 'truncate', lengthFits: true }),
  'a body that is cut off': () => ({ kind: 'truncate', lengthFits: false }),
  'a page for people': () => ({ kind: 'html' }),
  'an empty answer': () => ({ kind: 'change', change: ({ status }) => ({ status, body: Buffer.alloc(0) }) }),
  'an empty text': () => ({ kind: 'change', change: ({ status }) => ({ status, body: '' }) }),
  'a limit with retry-after': (kind) => ({
    kind: 'answer',
    status: kind === 'github' ? 403 : 429,
    headers: { 'retry-after': '1' },
    body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' },
  }),
};

/** What no second try mends, as far as Baton can know: the job may end, and a person has it tried again. */
export const oddFaults: Readonly<Record<string, HttpFault>> = {
  'another shape': { kind: 'change', change: ({ status }) => ({ status, body: { id: 'none', message: 7 } }) },
  'a next page that is the same again': {
    kind: 'change',
    change: (answer, { headers, path }) => ({
      ...answer,
      headers: { ...answer.headers, link: `<http://${headers['host']}${path}?page=1>; rel="next"` },
    }),
  },
  'a next page on another host': {
    kind: 'change',
    change: (answer) => ({
      ...answer,
      headers: { ...answer.headers, link: '<http://127.0.0.1:9/somewhere?page=2>; rel="next"' },
    }),
  },
};
