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
/** What others wrote. */
const foreign: ReadonlySet<string> = new Set(['title', 'body', 'comments']);

/**
 * Reads an operator's template for prompts, in Liquid; `name` is how messages call it. Throws `CONFIG_INVALID`, with the
 * line, where it can't be read, names a variable that there isn't, or puts an issue's text outside of the fence.
 */
export function createPromptTemplate(text: string, name: string): PromptTemplate {
  const liquid = new Liquid({ locale: 'en-US', strictVariables: true, strictFilters: true, templates: {} });
  const invalid = (why: string, fix: string): BatonError<'CONFIG_INVALID'> =>
    new BatonError('CONFIG_INVALID', why, { details: { setting: 'prompt' }, fix });
  const parsed = tell(name, invalid, () => liquid.parse(text, name));
  // What a template brings in is looked for here.
  const named = tell(name, invalid, () => namedIn(liquid, parsed));
  const [unknown] = named.filter((each) => !known.includes(each.variable));
  if (unknown !== undefined) {
    const { variable, line } = unknown;
    throw invalid(`${name}:${line}: there is no variable ${variable}.`, `It may name ${known.join(', ')}.`);
  }
  const words = named.find(({ variable }) => foreign.has(variable));
  if (words !== undefined && !named.some(({ variable }) => variable === 'fence')) {
    const why = `${name}:${words.line}: ${words.variable} is what others wrote, and no fence is around it.`;
    throw invalid(why, 'Put a line with {{ fence }} before it and one behind it, or name task, which has its own.');
  }
  const render = (variables: Variables): string =>
    tell(name, invalid, (): string => liquid.renderSync(parsed, variables)).trim();
  for (const sample of samples) {
    if (render(sample) === '') throw invalid(`${name} comes to an empty prompt.`, 'Name task, or the issue.');
  }
  return { render };
}

function namedIn(liquid: Liquid, parsed: Template[]): readonly { readonly variable: string; readonly line: number }[] {
  const { globals } = liquid.analyzeSync(parsed);
  return Object.entries(globals)
    .map(([variable, places]) => ({ variable, line: Math.min(...places.map(({ location }) => location.row)) }))
    .toSorted((left, right) => left.line - right.line);
}

/** Liquid's own errors tell file, line and column behind their words. */
function tell<T>(name: string, invalid: (why: string, fix: string) => Error, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const said = messageOf(error);
    if (said.startsWith('ENOENT')) throw invalid(`${name} brings in another template.`, 'Write all of it in one file.');
    const [, why = said, line = ''] = /^(.*?), (?:file:.*?, )?line:(\d+), col:\d+$/s.exec(said) ?? [];
    throw invalid(`${[name, ...(line === '' ? [] : [line])].join(':')}: ${why}.`, 'Mend the template.');
  }
}
