import type { InstructionFile } from '../context/instruction-files.js';
import type { FoldedJob, StepIntent } from '../job/job-data.js';
import type { Project } from '../project/project.js';
import type { PromptTemplate, PromptVariables } from '../project/prompt-template.js';
import { contentHash } from '../text/content-hash.js';
import type { HouseStyle } from '../text/house-style.js';
import { clip, oneLine, stripHidden } from '../text/untrusted-text.js';
import { describeRun, isRed } from './describe-check.js';
import { renderTemplate } from './render-template.js';

const longestBody = 32_000;
const longestComments = 32_000;
const longestLeftOff = 4_000;
const longestAsked = 16_000;

/** What an agent is told beside Baton's own rules. */
export interface OthersInstructions {
  /** The operator's words for the agent, beside those for all of a project's. */
  readonly forAgent: string;
  /** What the repository's own policy has to say, or null. */
  readonly asked: string | null;
  readonly files: readonly InstructionFile[];
  /** How the repository titles its commits. Null: by no rule. */
  readonly titles: HouseStyle | null;
}

/** What holds for the whole of an agent's session: the same in each turn, so that models have it cached. */
export function renderInstructions(project: Project, job: FoldedJob, others: OthersInstructions): string {
  const { forAgent, asked, files, titles } = others;
  const wanted = clip(stripHidden(asked ?? ''), longestAsked).text.trim();
  return renderTemplate('instructions', {
    repository: project.forge.repository,
    checks: job.data.baseChecks.map((check) => check.name),
    types: titles?.types.join(', ') ?? '',
    example: titles?.example ?? '',
    operator: [project.instructions?.operator ?? '', forAgent].filter((part) => part !== '').join('\n\n'),
    asked: wanted,
    askedFence: fenceOf(wanted),
    policy: job.data.policy?.path ?? '',
    files: files.map((file) => ({
      ...file,
      folder: file.path.split('/').slice(0, -1).join('/'),
      fence: fenceOf(file.text),
    })),
  });
}

/** No text can hold its own hash. */
function fenceOf(text: string): string {
  return `=====${contentHash(text).slice(0, 16)}`;
}

/**
 * One turn's prompt. Complete in itself, since an agent may remember nothing: the issue as it stood when it
 * was handed over, in a fence that nobody can guess, and what came of earlier turns. `agent` is the id of the
 * one that is asked, `template` the operator's own.
 */
export function renderPrompt(
  job: FoldedJob,
  intent: StepIntent,
  agent: string,
  template: PromptTemplate | null = null,
): string {
  const { brief, issue, feedback, steering, leftOff, publishedTree } = job.data;
  const body = clip(stripHidden(brief?.body ?? ''), longestBody);
  let room = longestComments;
  const comments = (brief?.comments ?? []).map((comment) => {
    const text = clip(stripHidden(comment.body), room);
    room -= text.text.length;
    return {
      author: oneLine(comment.author?.login ?? 'a deleted account', 60),
      body: text.text,
      clipped: text.clipped,
    };
  });
  const variables = {
    issueKey: issue.key,
    title: oneLine(brief?.title ?? issue.title, 300),
    fence: `=====${intent.nonce}`,
    body: body.text === '' ? '(no text beside the title)' : body.text,
    comments: comments.filter((comment) => comment.body !== ''),
    clipped: body.clipped || comments.some((comment) => comment.clipped),
    redOnBase: job.data.baseChecks
      .filter((check) => isRed(check.base))
      .map((check) => `${check.name} (${describeRun(check.base)})`),
    turn: job.data.turns + 1,
    stands: publishedTree !== null ? 'handed-in' : job.data.judged !== null ? 'judged' : 'nothing',
    leftOff: leftOff !== null && leftOff.agent !== agent ? clip(stripHidden(leftOff.reason), longestLeftOff).text : '',
    feedback: feedback ?? '',
    steering,
  } satisfies PromptVariables;
  const own = renderTemplate('task', variables);
  return template === null ? own : template.render({ ...variables, task: own });
}
