import { BatonError, messageOf } from '@baton/core';
import type { Project, PromptTemplate, RequestPart, RequestTemplate } from '@baton/engine';
import type { OperatorInstructions, ProjectConfig } from '../config/config.js';
import type { Complain, KeyPath } from '../config/config-problem.js';
import { readRegularFile } from '../config/read-regular-file.js';

/** In characters: each turn is told them, and each is paid for. */
const longestWords = 16_000;

/** What agents and people are told in the operator's words, as the engine takes it. */
export interface WiredTexts {
  readonly project: Required<Pick<Project, 'instructions' | 'pullRequest'>> & Pick<Project, 'prompt'>;
  /** The words for each agent, in the order of the agents. */
  readonly forAgents: readonly string[];
}

/** Reads a project's instructions and templates, and the files that they name. What can't be read or meant is complained of. */
export async function wireTexts(
  { instructions, prompt, pullRequest, agents, source }: ProjectConfig,
  complain: Complain,
): Promise<WiredTexts> {
  const project = source.path.slice(0, -1);
  const forAgents: string[] = [];
  for (const agent of agents) {
    forAgents.push(await readWords(agent.instructions, [...agent.path, 'instructions'], complain));
  }
  const operator = await readWords(instructions, [...project, 'instructions'], complain);
  const template = prompt === null ? null : await readPrompt(prompt, [...project, 'prompt'], complain);
  const { title, append, ...others } = pullRequest;
  const parts: Partial<Record<RequestPart, RequestTemplate>> = {};
  for (const part of ['title', 'append'] as const) {
    const text = { title, append }[part];
    const read = text === undefined ? null : await readPart(part, text, [...project, 'pullRequest', part], complain);
    if (read !== null) parts[part] = read;
  }
  return {
    project: {
      instructions: { operator, repositoryFiles: instructions.repository },
      pullRequest: { ...others, ...parts },
      ...(template !== null && { prompt: template }),
    },
    forAgents,
  };
}

async function readWords({ text, file }: OperatorInstructions, path: KeyPath, complain: Complain): Promise<string> {
  const more = file === null ? '' : await readFileAt(file, [...path, 'file'], complain);
  const words = [text ?? '', more.trim()].filter((part) => part !== '').join('\n\n');
  if (words.length > longestWords) {
    const message = `has ${words.length} characters, and every turn would be told all of them`;
    complain(path, { message, fix: `say it in ${longestWords}, or in a file of the repository that agents can read` });
  }
  return words;
}

async function readPrompt(file: string, path: KeyPath, complain: Complain): Promise<PromptTemplate | null> {
  const text = await readFileAt(file, path, complain);
  if (text === '') return null;
  // Loaded here, because most verbs wire no project.
  const { createPromptTemplate } = await import('@baton/engine');
  return orComplain(() => createPromptTemplate(text, file), path, complain);
}

async function readPart(
  part: RequestPart,
  text: string,
  path: KeyPath,
  complain: Complain,
): Promise<RequestTemplate | null> {
  const { createRequestTemplate } = await import('@baton/engine');
  return orComplain(() => createRequestTemplate(part, text), path, complain);
}

function orComplain<Template>(create: () => Template, path: KeyPath, complain: Complain): Template | null {
  try {
    return create();
  } catch (error) {
    if (!BatonError.is(error, 'CONFIG_INVALID')) throw error;
    complain(path, { message: error.message.replace(/\.$/, ''), fix: error.fix ?? 'mend the template' });
    return null;
  }
}

/** Empty where it can't be read: that is complained of. */
async function readFileAt(file: string, path: KeyPath, complain: Complain): Promise<string> {
  try {
    const text = await readRegularFile(file);
    if (text.trim() !== '') return text;
    complain(path, { message: `${file} is empty`, fix: 'write into it what agents are to be told, or leave this out' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : messageOf(error);
    const message = code === 'ENOENT' ? `there is no file ${file}` : `${file} can't be read (${code})`;
    complain(path, { message, fix: 'name a text file; a relative path begins beside the configuration' });
  }
  return '';
}
