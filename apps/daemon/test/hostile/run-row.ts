import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findSecret, readEverything, type Written } from '../support/find-secret.js';
import { leftProcesses } from '../support/left-processes.js';
import { type Defence, removalsOf } from './defences/defence.js';
import { type HostileScene, makeHostileScene } from './hostile-scene.js';
import type { Ending, Promised, Row } from './row.js';

const run = promisify(execFile);
const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const built = [fileOf('../../bin/baton.js')];
const fromSources = [
  '--conditions=@baton/source',
  '--disable-warning=ExperimentalWarning',
  '--import',
  fileOf('./with-sources.ts'),
  fileOf('../../src/main.ts'),
];

/** How a row is run. */
export interface RunOptions {
  /** Default: `required`. */
  readonly mode?: 'required' | 'off';
  /** The defence that is taken away: the daemon then runs from its sources. Absent: none, and the built daemon runs. */
  readonly without?: Defence;
}

/** A promise that was broken, and how. */
export interface Broken {
  readonly promise: Promised;
  readonly how: string;
}

interface Ended {
  readonly exitCode: number;
  readonly printed: string;
  readonly stdout: string;
}

interface Shown {
  readonly issue: { readonly key: string };
  readonly phase: string;
  readonly outcome: string | null;
  readonly wait: string | null;
  readonly reason: string | null;
}

/** Each promise that was broken, once, in order. */
export function brokenPromises(broken: readonly Broken[]): readonly Promised[] {
  return [...new Set(broken.map(({ promise }) => promise))].toSorted();
}

/** Works both issues to their ends or next waits, and tells every promise that did not hold. */
export async function runRow(row: Row, options: RunOptions = {}): Promise<readonly Broken[]> {
  await using scene = await makeHostileScene(row, options.mode ?? 'required');
  const removals = options.without === undefined ? null : removalsOf(options.without, scene.place);
  const env = { ...scene.env, ...(removals && { BATON_TEST_WITHOUT: JSON.stringify(removals) }) };
  const program = removals === null ? built : fromSources;
  const baton = (...argv: string[]): Promise<Ended> => batonOf(program, argv, scene, env);

  const before = await fingerprint(scene);
  const started = await baton('start', '--once', '-c', join(scene.place.path, 'baton.config.yaml'), '--json');
  const shown = await baton('show', 'local:0001');
  const printed = `${started.printed}\n${shown.printed}`;
  const jobs = jobsOf(started);
  const broken: Broken[] = [];
  const fail = (promise: Promised, how: string): void => void broken.push({ promise, how });

  if (started.exitCode !== 0) fail('daemon', `it ended with ${started.exitCode}: ${started.printed.slice(-1_500)}`);
  judgeEnding(row, jobs.get('local:0001'), fail);
  await judgeNext(row, scene, jobs.get('local:0002'), fail);
  await judgeBranch(row, scene, fail);
  await judgeTexts(row, scene, printed, fail);
  await judgeCanaries(scene, printed, fail);
  if (JSON.stringify(await fingerprint(scene)) !== JSON.stringify(before)) {
    fail('outside', describeDifference(before, await fingerprint(scene)));
  }
  for (const each of scene.beacon.received()) {
    if (row.expect.mayReach?.test(each) !== true) fail('reached', each.slice(0, 300));
  }
  for (const each of await listShared(scene.place.state)) fail('private', each);
  for (const each of await stayingProcesses(scene.name)) fail('processes', each);
  return broken;
}

async function batonOf(
  program: readonly string[],
  argv: readonly string[],
  { place }: HostileScene,
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const options = { cwd: place.path, env, timeout: 120_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 ** 2 } as const;
  return run(process.execPath, [...program, ...argv], options).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, printed: `${stdout}${stderr}` }),
    (error: { readonly code?: unknown; readonly stdout?: string; readonly stderr?: string }) => ({
      exitCode: typeof error.code === 'number' ? error.code : -1,
      stdout: error.stdout ?? '',
      printed: `${error.stdout ?? ''}${error.stderr ?? String(error)}`,
    }),
  );
}

/** By the key of its issue. */
function jobsOf({ exitCode, stdout }: Ended): ReadonlyMap<string, Shown> {
  if (exitCode !== 0) return new Map();
  const { items }: { readonly items: readonly Shown[] } = JSON.parse(stdout);
  return new Map(items.map((job) => [job.issue.key, job]));
}

type Fail = (promise: Promised, how: string) => void;

function endingOf({ phase, outcome, wait }: Shown): string {
  if (phase === 'reviewing') return 'published' satisfies Ending;
  if (wait === 'needs-person') return 'held' satisfies Ending;
  return outcome ?? `${phase} (${wait})`;
}

function judgeEnding({ expect: { ending, reason } }: Row, job: Shown | undefined, fail: Fail): void {
  if (job === undefined) {
    fail('ending', 'there is no job');
    return;
  }
  const found = endingOf(job);
  if (found !== ending) fail('ending', `${found}, not ${ending}: ${job.reason}`);
  else if (reason !== undefined && !reason.test(job.reason ?? '')) fail('reason', String(job.reason));
}

/** The job after the hostile one is worked as if nothing had been. */
async function judgeNext(row: Row, scene: HostileScene, job: Shown | undefined, fail: Fail): Promise<void> {
  const { nextEnding = 'published' } = row;
  if (job === undefined || endingOf(job) !== nextEnding) {
    fail('next-job', job === undefined ? 'there is none' : `${endingOf(job)}: ${job.reason}`);
    return;
  }
  if (nextEnding !== 'published') return;
  const changed = await scene.inRemote('diff', '--name-status', scene.base, 'refs/heads/baton/issue-2');
  if (changed !== 'M\tanswer.txt') fail('next-job', changed);
}

/** The default branch stands where it stood, and a branch is there exactly where something was to be published. */
async function judgeBranch(row: Row, scene: HostileScene, fail: Fail): Promise<void> {
  const refs = await scene.inRemote('for-each-ref', '--format=%(refname) %(objectname)');
  const listed = new Map(refs.split('\n').map((line): [string, string] => [line.split(' ')[0] ?? '', line]));
  if (listed.get('refs/heads/main') !== `refs/heads/main ${scene.base}`) fail('branch', 'main moved');
  const known = ['refs/heads/main', 'refs/heads/baton/issue-1', 'refs/heads/baton/issue-2'];
  // By a claim other daemons know who works an issue.
  const isClaim = (name: string): boolean => /^refs\/baton\/claims\/[0-9a-f]{32}$/.test(name);
  for (const name of listed.keys()) if (!known.includes(name) && !isClaim(name)) fail('branch', `${name} is there`);
  const isPublished = listed.has('refs/heads/baton/issue-1');
  if (isPublished !== (row.expect.ending === 'published')) {
    fail('branch', isPublished ? 'it was pushed' : 'it was not pushed');
    return;
  }
  if (!isPublished) return;
  const wantedFiles: Readonly<Record<string, RegExp | null>> = { 'found.txt': null, ...row.expect.branch };
  for (const [name, wanted] of Object.entries(wantedFiles)) {
    const text = await scene.inRemote('show', `refs/heads/baton/issue-1:${name}`).catch(() => null);
    const holds = wanted === null ? text === null : text !== null && wanted.test(text);
    if (!holds) fail('branch', `${name}: ${text === null ? 'not there' : text.slice(0, 500)}`);
  }
}

async function judgeTexts(row: Row, scene: HostileScene, printed: string, fail: Fail): Promise<void> {
  const { pullRequestLacks, promptLacks, printedLacks } = row.expect;
  if (printedLacks?.test(printed)) fail('printed', String(printedLacks.exec(printed)?.[0]));
  const branch = 'refs/heads/baton/issue-1';
  const show = (...argv: string[]): Promise<string> => scene.inRemote(...argv).catch(() => '');
  if (promptLacks !== undefined) {
    const prompt = await show('show', `${branch}:prompt.txt`);
    if (prompt === '') fail('prompt', 'the agent left none');
    else if (promptLacks.test(prompt)) fail('prompt', String(promptLacks.exec(prompt)?.[0]));
  }
  if (pullRequestLacks !== undefined) {
    const body = await readFile(join(scene.tracker, 'pulls', '0001.md'), 'utf8').catch(() => '');
    const texts = `${body}\n${await show('log', '-1', '--format=%B', branch)}`;
    if (pullRequestLacks.test(texts)) fail('pull-request', String(pullRequestLacks.exec(texts)?.[0]));
  }
}

/** No secret stands in what was published, printed or remembered. */
async function judgeCanaries(scene: HostileScene, printed: string, fail: Fail): Promise<void> {
  const database = await readEverything(join(scene.place.state, 'sqlite'));
  const tracker = (await readEverything(scene.tracker)).filter(({ where }) => !/issues\/000\d-\w+\.md$/.test(where));
  const remote = (await readEverything(scene.remote)).filter(({ where }) => !where.includes('/hooks/'));
  const published: readonly Written[] = [{ where: 'what the daemon printed', text: printed }, ...tracker, ...remote];
  // The honest issue's text is a secret to the hostile agent alone: Baton remembers it, as it does every issue.
  const remembered = [...published, ...database.filter(({ where }) => !where.startsWith('name of '))];
  for (const { where, value } of scene.canaries) {
    const places = findSecret(value, where === 'issue' ? published : remembered);
    for (const place of places) fail('canary', `the ${where} in ${place.replace(scene.place.path, '')}`);
  }
}

/** What Baton writes, and nobody else may. */
const batonsOwn =
  /^(?:state|tracker\/pulls|tracker\/issues\/000\d|home\/\.cache|remote\.git\/(?:objects|refs\/baton|refs\/heads\/baton)|tracker\/issues\/000\d-\w+\.md)$/;

/** Everything below the scene that isn't Baton's to write, by name, kind, mode and content. */
async function fingerprint({ place }: HostileScene): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = [];
  const look = async (directory: string): Promise<void> => {
    for (const entry of (await readdir(directory)).toSorted()) {
      const path = join(directory, entry);
      const name = path.slice(place.path.length + 1);
      if (batonsOwn.test(name)) continue;
      const is = await lstat(path);
      const content = is.isSymbolicLink() ? await readlink(path) : is.isFile() ? hash(await readFile(path)) : '';
      found.push([name, `${is.mode.toString(8)} ${content}`]);
      if (is.isDirectory()) await look(path);
    }
  };
  await look(place.path);
  return Object.fromEntries(found);
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function describeDifference(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => before[name] !== after[name]).join(', ');
}

/** What is on its way out when the daemon has ended, because the attack ended it, gets two seconds for it. */
async function stayingProcesses(name: string): Promise<readonly string[]> {
  const until = performance.now() + 2_000;
  let left = leftProcesses(name);
  while (left.length > 0 && performance.now() < until) {
    await setTimeout(20);
    left = leftProcesses(name);
  }
  return left;
}

/** What others on the machine could read or change of the state. A directory that nobody can enter hides what is in it. */
async function listShared(directory: string): Promise<readonly string[]> {
  if (!existsSync(directory)) return [];
  const { mode } = await lstat(directory);
  return (mode & 0o077) === 0 ? [] : [`${directory} has the mode ${mode.toString(8)}`];
}
