import { relative } from 'node:path';
import { BatonError } from '@baton/core';

/** Keys and indexes from the top of the file. */
export type KeyPath = readonly (string | number)[];

/** One thing that is wrong with a configuration file. */
export interface ConfigProblem {
  /** Absolute. */
  readonly file: string;
  /** From 1. Null where the format keeps no positions (`.ts`). */
  readonly line: number | null;
  readonly column: number | null;
  /** `projects[0].source.labels`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, without place. Never holds a value that came from the environment. */
  readonly message: string;
  /** What a person can do about it, as one imperative sentence. */
  readonly fix: string;
}

/** Is told what is wrong at a place of the file that only use shows: an adapter, a file that is named there. */
export type Complain = (path: KeyPath, told: Pick<ConfigProblem, 'message' | 'fix'>) => void;

/** At most so many are told at once: past that, the first ones hide the rest anyway. */
const shown = 10;

/** `projects[0].agents[1].use`. */
export function formatKeyPath(path: KeyPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const plain = /^[A-Za-z_$][\w$-]*$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? plain : `${text}.${plain}`;
  }, '');
}

/** `baton.config.yaml:4:7`, relative to a directory where the file stands below it. */
export function formatPlace(problem: Pick<ConfigProblem, 'file' | 'line' | 'column'>, cwd: string): string {
  const near = relative(cwd, problem.file);
  const file = near === '' || near.startsWith('..') ? problem.file : near;
  return problem.line === null ? file : `${file}:${problem.line}:${problem.column ?? 1}`;
}

/** A problem with its place, on one line. */
export function formatProblem(problem: ConfigProblem, cwd: string): string {
  const what = problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`;
  return `${formatPlace(problem, cwd)}: ${what}`;
}

/** What is wrong with each project, by its index; null where anything is wrong beside them, or with all of them. */
export function splitProblems(
  problems: readonly ConfigProblem[],
  projects: number,
): ReadonlyMap<number, readonly ConfigProblem[]> | null {
  const byProject = Map.groupBy(problems, ({ path }) => Number(/^projects\[(\d+)\](?![^.[])/.exec(path)?.[1] ?? -1));
  return byProject.has(-1) || byProject.size >= projects ? null : byProject;
}

/** All problems of one file as one `CONFIG_INVALID`. At least one. */
export function configInvalid(problems: readonly ConfigProblem[], cwd: string): BatonError<'CONFIG_INVALID'> {
  const [first] = problems;
  const details = { setting: first?.path ?? '', problems: problems.slice(0, shown) };
  if (problems.length === 1 && first !== undefined) {
    return new BatonError('CONFIG_INVALID', formatProblem(first, cwd), { details, fix: first.fix });
  }
  const lines = problems
    .slice(0, shown)
    .map((problem) => `\n  ${formatProblem(problem, cwd)}\n    fix: ${problem.fix}`);
  const rest = problems.length > shown ? `\n  and ${problems.length - shown} more` : '';
  const file = first === undefined ? 'The configuration' : formatPlace({ ...first, line: null }, cwd);
  return new BatonError('CONFIG_INVALID', `${file} has ${problems.length} problems:${lines.join('')}${rest}`, {
    details,
    fix: 'mend the lines above; baton config schema prints every key',
  });
}
