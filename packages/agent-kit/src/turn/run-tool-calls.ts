import type { AgentEvent } from '@baton/core';
import { type Conversation, interrupted, type ToolCall } from '../conversation/conversation.js';
import type { TranscriptEntry } from '../conversation/transcript-entry.js';
import { clipText } from '../text/clip-text.js';
import { type AgentTool, failed, type ToolOutcome } from '../tools/agent-tool.js';
import type { RepeatWatch } from './loop-detection.js';
import type { TurnEnding } from './turn-ending.js';
import type { Turn } from './turn-session.js';

/** With what the calls of a reply are carried out. */
export interface CallPlace {
  readonly conversation: Conversation;
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly watch: RepeatWatch;
  readonly signal: AbortSignal;
  readonly hold: Turn['hold'];
  /** Of all answers of one reply together. */
  readonly maxCharacters: number;
  readonly record: (entry: TranscriptEntry) => Promise<void>;
}

/**
 * Why none of the calls may be carried out, where that is so: the reply was cut, or another process was at it
 * when it ended. What can be repeated without harm is carried out after an interruption.
 */
export type Withheld = 'cut' | 'interrupted' | null;

const leastCharacters = 1_000;
/** A step is to be a step: more calls in one would get around the limit. */
const mostCalls = 32;
const tooMany = `Not carried out: of the calls of one message ${mostCalls} are carried out. Make this one in the next.`;
const cut =
  'Not carried out: your message was cut at its greatest length before it was complete. Do less in one message.';
const circles = '[You have made this very call before, and nothing has changed since. Do something else, or end.]';
const onlyFailures = '[Every call of yours has failed for some time. Look again at what is there, or end and say why.]';

/** Carries out the calls of the last reply, one after another, and gives the model its answers. */
export async function* runToolCalls(
  place: CallPlace,
  withheld: Withheld,
): AsyncGenerator<AgentEvent, TurnEnding | null> {
  const { conversation, watch, record } = place;
  const { steps } = conversation;
  const all = conversation.open?.parts.filter((part) => part.type === 'tool-call').length ?? 0;
  const calls = conversation.open?.calls ?? [];
  let room = place.maxCharacters;
  let allFailed = true;
  for (const [index, call] of calls.entries()) {
    // The provider's own ids may repeat.
    const callId = `${steps}.${all - calls.length + index + 1}`;
    yield { type: 'tool-call', callId, tool: call.tool, input: call.input };
    const tool = place.tools.get(call.tool);
    const repetition = withheld === null ? watch.observe(call, tool?.isRepeatable === false) : 'fresh';
    if (repetition === 'over') return goingInCircles(call);
    place.signal.throwIfAborted();
    const outcome =
      all - calls.length + index < mostCalls ? await carryOut(place, call, tool, withheld) : failed(tooMany);
    allFailed &&= outcome.isError;
    const isLast = index === calls.length - 1;
    const progress = isLast ? watch.observeStep(allFailed) : 'fresh';
    const notices = [...(repetition === 'told' ? [circles] : []), ...(progress === 'told' ? [onlyFailures] : [])];
    const output = [clipText(outcome.output, Math.max(leastCharacters, room)), ...notices].join('\n');
    room -= output.length;
    await record({ type: 'answer', answer: { callId: call.callId, output, isError: outcome.isError } });
    yield { type: 'tool-result', callId, output, isError: outcome.isError };
    if (outcome.question !== undefined) {
      return { unified: 'needs-person', raw: call.tool, summary: outcome.question };
    }
    if (progress === 'over') {
      return { unified: 'failed', raw: 'no progress', summary: 'Every call of the model has failed for ten steps.' };
    }
  }
  return null;
}

function goingInCircles({ tool }: ToolCall): TurnEnding {
  const summary = `The model made the same call of ${tool} again and again, though nothing had changed.`;
  return { unified: 'failed', raw: 'repeated calls', summary };
}

async function carryOut(
  place: CallPlace,
  call: ToolCall,
  tool: AgentTool | undefined,
  withheld: Withheld,
): Promise<ToolOutcome> {
  if (withheld === 'cut') return failed(cut);
  if (call.flaw !== null) return failed(`The input can't be read; nothing was done. ${call.flaw}`);
  if (tool === undefined) {
    return failed(`There is no tool ${JSON.stringify(call.tool)}. There are ${[...place.tools.keys()].join(', ')}.`);
  }
  if (withheld === 'interrupted' && !tool.isRepeatable) return failed(interrupted);
  return await place.hold(tool.run(call.input, { signal: place.signal }));
}
