import { BatonError, messageOf } from '@baton/core';
import { Liquid, type Template } from 'liquidjs';
import type { PromptTemplate, PromptVariables } from '../project/prompt-template.js';

type Variables = Parameters<PromptTemplate['render']>[0];

const empty: PromptVariables = {
  ...{ issueKey: '1', title: 'A title', body: 'A text.', comments: [], clipped: false, fence: '=====0' },
  ...{ redOnBase: [], turn: 1, stands: 'nothing', feedback: '', leftOff: '', steering: [] },
};
const full: PromptVariables = {
  ...{ ...empty, comments: [{ author: 'somebody', body: 'A comment.' }], clipped: true },
  ...{ redOnBase: ['test (exit 1)'], turn: 2, stands: 'handed-in', leftOff: 'Words.', steering: ['Words.'] },
  feedback: 'Words.',
};
/** Between them they go through most of what a template can ask. */
const samples: readonly Variables[] = [
  { ...empty, task: 'A task.' },
  { ...full, task: 'A task.' },
  { ...full, stands: 'judged', task: 'A task.' },
];

const known = Object.keys({ ...empty, task: '' }).toSorted();
/** What others wrote, or what came of it. */
const foreign: ReadonlySet<string> = new Set(['title', 'body', 'comments', 'feedback', 'leftOff']);

/** Where a template names a variable. */
interface Mention {
  readonly variable: string;
  readonly row: number;
  readonly col: number;
}

/**
 * Reads an operator's template for prompts, in Liquid; `name` is how messages call it. Throws `CONFIG_INVALID`, with the
 * line, where it can't be read, names a variable that there isn't, or puts what others wrote outside of the fence.
 */
export function createPromptTemplate(text: string, name: string): PromptTemplate {
  const liquid = new Liquid({ locale: 'en-US', strictVariables: true, strictFilters: true, templates: {} });
  const invalid = (why: string, fix: string): BatonError<'CONFIG_INVALID'> =>
    new BatonError('CONFIG_INVALID', why, { details: { setting: 'prompt' }, fix });
  const parsed = tell(name, invalid, () => liquid.parse(text, name));
  // What a template brings in is looked for here.
  const mentions = tell(name, invalid, () => mentionsIn(liquid, parsed));
  const unknown = mentions.find(({ variable }) => !known.includes(variable));
  if (unknown !== undefined) {
    const { variable, row } = unknown;
    throw invalid(`${name}:${row}: there is no variable ${variable}.`, `name one of ${known.join(', ')}`);
  }
  const open = findOpen(mentions);
  if (open !== null) {
    const why = `${name}:${open.row}: ${open.variable} is what others wrote, and no fence is around it.`;
    throw invalid(why, 'put a line with {{ fence }} before it and one behind it, or name task, which has its own');
  }
  const render = (variables: Variables): string =>
    tell(name, invalid, (): string => liquid.renderSync(parsed, variables)).trim();
  for (const sample of samples) {
    if (render(sample) === '') throw invalid(`${name} comes to an empty prompt.`, 'name task, or the issue');
  }
  return { render };
}

/** In the order of the text. */
function mentionsIn(liquid: Liquid, parsed: Template[]): readonly Mention[] {
  return Object.entries(liquid.analyzeSync(parsed).globals)
    .flatMap(([variable, places]) => places.map(({ location: { row, col } }) => ({ variable, row, col })))
    .toSorted((left, right) => left.row - right.row || left.col - right.col);
}

/** The first of what others wrote that doesn't stand between two fences. */
function findOpen(mentions: readonly Mention[]): Mention | null {
  const isFence = ({ variable }: Mention): boolean => variable === 'fence';
  const [first, last] = [mentions.findIndex(isFence), mentions.findLastIndex(isFence)];
  const open = mentions.find(
    ({ variable }, index) => foreign.has(variable) && (first === -1 || index < first || index > last),
  );
  return open ?? null;
}

/** Liquid's own errors tell file, line and column behind their words. */
function tell<T>(name: string, invalid: (why: string, fix: string) => Error, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const said = messageOf(error);
    if (said.startsWith('ENOENT')) throw invalid(`${name} brings in another template.`, 'write all of it in one file');
    const [, why = said, line = ''] = /^(.*?), (?:file:.*?, )?line:(\d+), col:\d+$/s.exec(said) ?? [];
    throw invalid(`${[name, ...(line === '' ? [] : [line])].join(':')}: ${why}.`, 'mend the template');
  }
}
