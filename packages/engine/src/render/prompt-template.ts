import type { PromptTemplate, PromptVariables } from '../project/prompt-template.js';
import { type Mention, readOperatorTemplate, templateInvalid } from './operator-template.js';

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
const samples: readonly [Variables, ...Variables[]] = [
  { ...empty, task: 'A task.' },
  { ...full, task: 'A task.' },
  { ...full, stands: 'judged', task: 'A task.' },
];

/** What others wrote, or what came of it. */
const foreign: ReadonlySet<string> = new Set(['title', 'body', 'comments', 'feedback', 'leftOff']);

/**
 * Reads an operator's template for prompts, in Liquid; `name` is how messages call it. Throws `CONFIG_INVALID`, with the
 * line, where it can't be read, names a variable that there isn't, or puts what others wrote outside of the fence.
 */
export function createPromptTemplate(text: string, name: string): PromptTemplate {
  const { mentions, render } = readOperatorTemplate<Variables>(text, { setting: 'prompt', name, samples });
  const open = findOpen(mentions);
  if (open !== null) {
    const why = `${name}:${open.row}: ${open.variable} is what others wrote, and no fence is around it.`;
    const fix = 'put a line with {{ fence }} before it and one behind it, or name task, which has its own';
    throw templateInvalid('prompt', why, fix);
  }
  if (samples.some((sample) => render(sample) === '')) {
    throw templateInvalid('prompt', `${name} comes to an empty prompt.`, 'name task, or the issue');
  }
  return { render };
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
