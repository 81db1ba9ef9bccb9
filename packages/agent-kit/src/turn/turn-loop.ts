import { startDeadline } from '@baton/adapter-kit';
import type { AgentEvent, AgentResumeState } from '@baton/core';
import type { Conversation } from '../conversation/conversation.js';
import type { TranscriptEntry } from '../conversation/transcript-entry.js';
import type { ModelAgentOptions } from '../model/model-agent-options.js';
import type { AgentTool } from '../tools/agent-tool.js';
import { classifyReply } from './classify-reply.js';
import { createRepeatWatch } from './loop-detection.js';
import { createReplyRequest } from './request-reply.js';
import { type CallPlace, runToolCalls, type Withheld } from './run-tool-calls.js';
import { createTurnBudget, type TurnBudget } from './turn-budget.js';
import { limitReached, mapTurnEnd, type TurnEnding } from './turn-ending.js';
import type { Turn } from './turn-session.js';

/** What a turn works with. */
export interface TurnParts {
  readonly options: ModelAgentOptions;
  readonly conversation: Conversation;
  readonly tools: ReadonlyMap<string, AgentTool>;
  readonly instructions: string;
  /** `found`: the conversation comes from another process. `lost`: it should, but is gone. */
  readonly past: 'none' | 'found' | 'lost';
  /** What was said to the model meanwhile. Taken from the front. */
  readonly said: string[];
  readonly turn: Turn;
  /** Writes an entry down and applies it. */
  readonly record: (entry: TranscriptEntry) => Promise<void>;
  /** Null where there is no way back to here. */
  readonly checkpoint: () => AgentResumeState | null;
}

const lost =
  'You began on this before, in a process that ended, and what was said then is lost. The working tree holds what you did: look before you repeat anything.';

/** How often in a row a model is told to go on, by why it stopped. */
const patience = { empty: 1, unknown: 1, cut: 3 } as const;
const mostAnswerCharacters = 100_000;

/** One turn, from its prompt to its end. */
export async function* takeTurn(parts: TurnParts): AsyncGenerator<AgentEvent> {
  const { options, turn } = parts;
  const { clock, client } = options;
  const { deadline } = turn.limits;
  const budget = createTurnBudget(turn.limits);
  yield { type: 'turn-start', model: client.model };
  if (deadline !== null && deadline <= clock.now()) return yield mapTurnEnd(limitReached('deadline'), budget.usage);
  using time = startDeadline(clock, deadline === null ? null : deadline - clock.now(), {
    reason: () => new Error("The turn's time is over."),
    signal: turn.signal,
  });
  let ending: TurnEnding;
  try {
    ending = yield* work(parts, budget, time.signal);
  } catch (error) {
    turn.signal.throwIfAborted();
    if (!time.isOver) throw error;
    ending = limitReached('deadline');
  }
  yield mapTurnEnd(ending, budget.usage, options.mask);
}

async function* work(
  parts: TurnParts,
  budget: TurnBudget,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent, TurnEnding> {
  const { options, conversation, instructions, record, said, turn } = parts;
  const tools = [...parts.tools.values()].map((tool) => tool.definition);
  const ask = createReplyRequest({ options, conversation, instructions, tools, turn, signal, budget, record });
  const place: CallPlace = {
    conversation,
    tools: parts.tools,
    watch: createRepeatWatch(),
    signal,
    hold: turn.hold,
    // A character takes a third of a token, told high.
    maxCharacters: Math.min(mostAnswerCharacters, Math.floor(options.contextWindow / 2)),
    record,
  };
  const stopped = { empty: 0, unknown: 0, cut: 0 };
  let withheld: Withheld = 'interrupted';
  let raw = 'resumed';

  await beginTurn(parts);
  for (;;) {
    signal.throwIfAborted();
    if (conversation.open === null) {
      for (let text = said.shift(); text !== undefined; text = said.shift()) await record({ type: 'note', text });
      const result = yield* ask();
      if (result.type === 'ending') return result.ending;
      const { reply } = result;
      await record({ type: 'reply', parts: reply.parts, stop: reply.stop.unified });
      withheld = null;
      raw = reply.stop.raw;
    }
    if (conversation.open === null) continue;
    const reply = classifyReply(conversation.open, raw);
    const isEnd = reply.type === 'end' && !(reply.ending.unified === 'done' && said.length > 0);
    if (isEnd) await record({ type: 'turn-end' });
    yield* tellCheckpoint(parts);
    if (reply.type === 'end') {
      if (isEnd) return reply.ending;
      await record({ type: 'note', text: said.shift() ?? '' });
      continue;
    }
    if (reply.type === 'calls') {
      Object.assign(stopped, { empty: 0, unknown: 0, cut: 0 });
      const ending = yield* runToolCalls(place, withheld);
      if (ending === null) continue;
      await record({ type: 'turn-end' });
      yield* tellCheckpoint(parts);
      return ending;
    }
    const why = reply.type === 'cut-calls' ? 'cut' : reply.why;
    stopped[why] += 1;
    if (stopped[why] > patience[why]) return cameToNothing(why, raw);
    if (reply.type === 'cut-calls') yield* runToolCalls(place, 'cut');
    else await record({ type: 'note', text: reply.note });
  }
}

async function beginTurn({ conversation, past, turn, record }: TurnParts): Promise<void> {
  if (past === 'found' && conversation.prompt === turn.prompt) return;
  await record({ type: 'turn', prompt: turn.prompt });
  if (past === 'lost') await record({ type: 'note', text: lost });
}

function* tellCheckpoint({ checkpoint }: TurnParts): Generator<AgentEvent> {
  const state = checkpoint();
  if (state !== null) yield { type: 'checkpoint', state };
}

function cameToNothing(why: keyof typeof patience, raw: string): TurnEnding {
  const words = {
    empty: 'The model answered nothing, and nothing again when it was told to go on.',
    unknown: `The model stopped for a reason that isn't known: ${raw}.`,
    cut: 'The model did not get to the end of a message within its greatest length.',
  };
  return { unified: 'failed', raw: why === 'empty' ? 'empty message' : raw, summary: words[why] };
}
